//! The page of one role, as Markdown.

use grieta_core::definition::{
    Again, Allocation, CalendarSpec, Clock, Crack, Decision, Definition, Effort, Field, Hit, Kind, Mark, QueueOrder,
    Recovery, Recurrence, Rule, Trigger, Type, WorkQueue,
};
use grieta_core::review::{Task, View};

use super::{Asked, RoleReview, titled};

/// What a role does, for those who do it, as Markdown: its steps, what nobody has answered, and the line to sign with. That line
/// ends in the hash of exactly what stands there.
pub fn role_page(definition: &Definition, review: &RoleReview<'_>) -> String {
    let view = &review.standing.view;
    let mut lines = vec![
        format!("# What {} does", code(&view.role)),
        String::new(),
        plain(&titled(definition)) + ".",
        String::new(),
    ];
    lines.extend(of_role(view));
    for (position, (name, task)) in view.steps.iter().enumerate() {
        lines.extend([
            String::new(),
            format!("## {}. {}", position + 1, plain(task.title().unwrap_or(name))),
            String::new(),
        ]);
        lines.extend(of_task(view, name, task));
        lines.extend(open(review, name));
    }
    lines.extend(around(view));
    lines.extend(decisions(view));
    lines.extend(sign_off(view));
    lines.join("\n") + "\n"
}

/// What is said of the role as a whole.
fn of_role(view: &View) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    lines.extend(view.hours.as_ref().map(|hours| format!("- You work {}.", week(hours))));
    lines.extend(queue(&view.queue));
    let deputy = |(who, deputy): (&String, &String)| format!("- {} stands in for {}.", plain(deputy), plain(who));
    lines.extend(view.deputies.iter().map(deputy));
    if !view.owns.is_empty() {
        lines.push(format!("- You answer for these data being right: {}.", codes(&view.owns)));
    }
    for goal in view.goals.values() {
        let because = goal.because.as_ref().map_or_else(String::new, |because| format!(" {}.", plain(because)));
        lines.push(format!("- You answer for the goal {} by {}.{because}", code(&goal.expect), plain(&goal.by)));
    }
    lines.extend(view.rules.iter().map(rule));
    lines
}

fn week(hours: &CalendarSpec) -> String {
    let zone = hours.zone.as_ref().map_or_else(String::new, |zone| format!(" ({})", plain(zone)));
    let days: Vec<String> = hours.week.iter().map(|(days, windows)| format!("{days} {windows}")).collect();
    format!("{}{zone}", if days.is_empty() { "whenever there is work".to_owned() } else { plain(&days.join(", ")) })
}

fn queue(queue: &WorkQueue) -> Vec<String> {
    let order = match queue.order {
        QueueOrder::FirstCome => None,
        QueueOrder::EarliestDue => Some("- First comes what is due soonest.".to_owned()),
        QueueOrder::ShortestFirst => Some("- First comes what takes least time.".to_owned()),
    };
    let aside = if queue.interrupts { ", and for it you lay other work aside" } else { "" };
    let priority =
        queue.priority.as_ref().map(|first| format!("- What has more of {} goes before{aside}.", code(&first.0)));
    let room = queue.room.map(|room| format!("- No more than {room} of it may wait."));
    priority.into_iter().chain(order).chain(room).collect()
}

fn rule(rule: &Rule) -> String {
    match rule {
        Rule::FourEyes(steps) => format!("- Not the same person: {}.", quoted(steps)),
        Rule::Order(order) => format!("- Always: {}.", plain(&order.template.says(&order.steps, order.times))),
        other => format!("- Always: {}, {}.", other.key(), quoted(other.steps())),
    }
}

fn of_task(view: &View, name: &str, task: &Task) -> Vec<String> {
    let step = &task.step;
    let mut lines = vec![match &step.why {
        Some(why) => format!("{} Step {}.", sentence(why), code(name)),
        None => format!("Step {}. It does not say why it is done.", code(name)),
    }];
    lines.push(String::new());
    if let Kind::Human { role, allocate, needs, .. } = &step.kind {
        if !task.comes_by.is_empty() {
            let cracks = task.comes_by.iter().map(|crack| called(crack, step.cracks.get(crack)));
            let cracks = cracks.collect::<Vec<_>>().join("; ");
            lines.push(format!("- Work of {}. You get it when: {cracks}.", code(role)));
        }
        lines.extend(allocation(allocate));
        if !needs.is_empty() {
            lines.push(format!("- It takes: {}.", plain(&needs.join(", "))));
        }
    }
    lines.extend(fields("You read", &step.reads, task));
    lines.extend(fields("You fill in", &step.writes, task));
    for (field, value) in &step.sets {
        lines.push(format!("- When it is done, {} becomes {}.", code(field), code(&value.0)));
    }
    lines.extend(step.next.as_ref().map(|next| format!("- Then: {}.", plain(next))));
    for (outcome, way) in &step.outcomes {
        let sets = way.sets.iter().map(|(field, value)| format!("; {} becomes {}", code(field), code(&value.0)));
        lines.push(format!("- If {}: on to {}{}.", code(outcome), plain(&way.to), sets.collect::<String>()));
    }
    lines.extend(step.again.as_ref().map(|again| match again {
        Again::While(guard) => format!("- It is done, and done again, as long as {} holds.", code(&guard.0)),
        Again::Until(guard) => format!("- It is done again until {} holds.", code(&guard.0)),
    }));
    lines.extend(step.lock.as_ref().map(|lock| format!("- Only one step of {} is under way at a time.", code(lock))));
    lines.extend(step.only_while.as_ref().map(|other| format!("- Only while the case is at: {}.", plain(other))));
    lines.extend(step.undo.as_ref().map(|undo| format!("- It is undone by: {}.", plain(undo))));
    lines.extend(effort(&step.effort).map(|effort| format!("- Each time it costs you {effort}.")));
    lines.extend(task.clocks.iter().map(|(name, declared)| format!("- {}.", clock(name, declared))));
    for (name, declared) in &step.cracks {
        lines.push(format!("- {}: {}.", called(name, Some(declared)), crack(declared, &view.role)));
    }
    lines
}

fn allocation(allocate: &Allocation) -> Option<String> {
    let who = match allocate {
        Allocation::Offer => return None,
        Allocation::LeastBusy => "whoever has least in hand".to_owned(),
        Allocation::RoundRobin => "one after the other".to_owned(),
        Allocation::MostSpecialised => "whoever has fewest other roles".to_owned(),
        Allocation::SamePersonAs(step) => format!("whoever did: {}", plain(step)),
        other => format!("{other:?}"),
    };
    Some(format!("- It goes to {who}."))
}

fn fields(what: &str, names: &[String], task: &Task) -> Option<String> {
    let one = |name: &String| format!("{} ({})", code(name), task.fields.get(name).map_or_else(String::new, holds));
    let list: Vec<String> = names.iter().map(one).collect();
    (!list.is_empty()).then(|| format!("- {what}: {}.", list.join(", ")))
}

/// `choice: low, high`, `integer from 0`
fn holds(field: &Field) -> String {
    let of = if field.of.is_empty() { String::new() } else { format!(": {}", field.of.join(", ")) };
    let kind = match field.kind {
        Type::List(scalar) => format!("list of {scalar}"),
        kind => kind.to_string(),
    };
    let least = field.at_least.as_ref().map_or_else(String::new, |least| format!(" from {}", least.0));
    let most = field.at_most.as_ref().map_or_else(String::new, |most| format!(" to {}", most.0));
    plain(&format!("{kind}{of}{least}{most}"))
}

fn effort(effort: &Effort) -> Option<String> {
    let parts = [
        (effort.floors, "floor to walk"),
        (effort.interruption, "interruption"),
        (effort.media_break, "copying from one medium to another"),
        (effort.after_hours, "time after hours"),
    ];
    let parts = parts.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} × {what}"));
    let parts: Vec<String> = parts.collect();
    let accepted =
        effort.accepted.as_ref().map_or_else(String::new, |why| format!(", which is accepted: {}", plain(why)));
    (!parts.is_empty()).then(|| format!("{}{accepted}", parts.join(", ")))
}

fn clock(name: &str, clock: &Clock) -> String {
    let from = if clock.from.is_empty() { "the beginning".to_owned() } else { quoted(&clock.from) };
    let until = if clock.until.is_empty() { "the end".to_owned() } else { quoted(&clock.until) };
    let pause = match clock.pause_in.is_empty() {
        true => String::new(),
        false => format!("; it stands still during {}", quoted(&clock.pause_in)),
    };
    let warn = clock.warn.map_or_else(String::new, |mark| format!("; it warns at {}", at(mark)));
    let again = match clock.recurs {
        Recurrence::None => "",
        Recurrence::Sequential | Recurrence::Independent => "; each time anew",
    };
    let calendar = clock.calendar.as_ref().map_or_else(String::new, |calendar| format!(" of {}", code(calendar)));
    format!("The clock {} gives {}{calendar} from {from} until {until}{pause}{warn}{again}", code(name), clock.within)
}

fn at(mark: Mark) -> String {
    match mark {
        Mark::Share(share) => share.to_string(),
        Mark::After(span) => span.to_string(),
    }
}

/// What a crack is called by people.
fn called(name: &str, crack: Option<&Crack>) -> String {
    let title = crack.and_then(|crack| crack.name.as_ref());
    title.map_or_else(|| code(name), |title| plain(title))
}

/// When a crack strikes, and what is done then.
fn crack(crack: &Crack, role: &str) -> String {
    let effort =
        effort(&crack.effort).map_or_else(String::new, |effort| format!("; it costs whoever answers {effort}"));
    let undone = match crack.recover {
        Recovery::Nothing => "",
        Recovery::RollBack => "the data become what they were, and ",
        Recovery::Compensate => "what was done is undone, and ",
    };
    // The name of the own role is a word of one's own.
    let answer = crack.answer().replace(&format!("`{role}`"), "you");
    format!("{} → {undone}{}{effort}", strikes(crack), plain(&answer))
}

fn strikes(crack: &Crack) -> String {
    let after = crack.after.map_or_else(|| "when it comes".to_owned(), |after| format!("{after} after it came"));
    match (crack.on, &crack.clock) {
        (Trigger::Failure, _) => "it cannot be done".to_owned(),
        (Trigger::Deadline, Some(clock)) => match crack.at {
            Some(mark) => format!("not done when {} is at {}", code(clock), at(mark)),
            None => format!("not done when {} has run out", code(clock)),
        },
        (Trigger::Deadline, None) => format!("not done {after}"),
        (Trigger::Unavailable, _) if crack.when_full => "there is no room for it".to_owned(),
        (Trigger::Unavailable, _) => format!("nobody has begun it {after}"),
        (Trigger::External, _) => "it happens outside".to_owned(),
        (Trigger::Constraint, _) => match &crack.when {
            Some(when) => format!("{} holds when it is done", code(&when.0)),
            None => "the data are not as they should be".to_owned(),
        },
    }
}

/// What is open at a step: questions and notes.
fn open(review: &RoleReview<'_>, step: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let (waived, unanswered): (Vec<&Asked<'_>>, Vec<&Asked<'_>>) =
        review.questions.iter().filter(|asked| asked.step == step).partition(|asked| asked.waived.is_some());
    if !unanswered.is_empty() {
        lines.extend([String::new(), "Nobody has answered yet:".to_owned(), String::new()]);
        lines.extend(unanswered.iter().map(|asked| format!("- [ ] {}", asked.question.asked())));
    }
    if !waived.is_empty() {
        lines.extend([String::new(), "Left without an answer, for a reason:".to_owned(), String::new()]);
        let said = |asked: &&Asked<'_>| {
            format!("- {} {}", asked.question.asked(), asked.waived.map_or_else(String::new, sentence))
        };
        lines.extend(waived.iter().map(said));
    }
    let notes: Vec<_> = review.standing.notes.iter().filter(|(_, note)| note.step == step).collect();
    if !notes.is_empty() {
        lines.extend([String::new(), "Said, and not answered yet:".to_owned(), String::new()]);
        lines.extend(
            notes
                .iter()
                .map(|(_, note)| format!("- {} on {}: {}", plain(&note.by), plain(&note.date), plain(&note.says))),
        );
    }
    lines
}

/// What can happen at any time.
fn around(view: &View) -> Vec<String> {
    if view.around.is_empty() {
        return Vec::new();
    }
    let one = |(name, declared): (&String, &Crack)| {
        format!("- {}: {}.", called(name, Some(declared)), crack(declared, &view.role))
    };
    let head = [String::new(), "## What can happen at any time".to_owned(), String::new()];
    head.into_iter().chain(view.around.iter().map(one)).collect()
}

/// The tables that decide right after a step.
fn decisions(view: &View) -> Vec<String> {
    let mut lines = Vec::new();
    for (name, Decision { inputs, outputs, rules, hit }) in &view.decisions {
        let inputs: Vec<String> = inputs.iter().map(|input| code(&input.0)).collect();
        lines.extend([String::new(), format!("## What {} decides with your data", code(name)), String::new()]);
        let head: Vec<String> =
            inputs.iter().cloned().chain(outputs.iter().map(|output| format!("→ {}", code(output)))).collect();
        lines.push(format!("| {} |", head.join(" | ")));
        lines.push(format!("|{}", "---|".repeat(head.len())));
        let counts = match hit {
            Hit::First => "The first line that fits counts.",
            Hit::Unique | Hit::Any => "",
            Hit::Collect => "All lines that fit count.",
            Hit::Sum => "The lines that fit are added up.",
        };
        for row in rules {
            let tests = row.when.as_ref().map(|tests| tests.iter().map(|test| cell(&test.0)).collect::<Vec<_>>());
            let tests = tests.unwrap_or_else(|| vec!["otherwise".to_owned(); inputs.len()]);
            let cells: Vec<String> = tests.into_iter().chain(row.then.iter().map(|value| cell(&value.0))).collect();
            lines.push(format!("| {} |", cells.join(" | ")));
        }
        if !counts.is_empty() {
            lines.extend([String::new(), counts.to_owned()]);
        }
    }
    lines
}

fn cell(text: &str) -> String {
    plain(text).replace('|', "\\|")
}

fn sign_off(view: &View) -> Vec<String> {
    let hash = view.hash().short();
    vec![
        String::new(),
        "## Sign-off".to_owned(),
        String::new(),
        "If this is what you do, sign it: put this line under `sign-off` of the definition, with your name and the day. If not, put".to_owned(),
        "what is wrong under `notes`: `- { step: …, by: …, date: …, says: … }`.".to_owned(),
        String::new(),
        "```yaml".to_owned(),
        format!("- {{ role: {}, person: …, date: …, hash: {hash} }}", view.role),
        "```".to_owned(),
    ]
}

fn sentence(text: &str) -> String {
    let text = plain(text);
    if text.ends_with(['.', '!', '?']) { text } else { text + "." }
}

fn quoted(titles: &[String]) -> String {
    titles.iter().map(|title| format!("*{}*", plain(title))).collect::<Vec<_>>().join(", ")
}

fn codes(names: &[String]) -> String {
    names.iter().map(|name| code(name)).collect::<Vec<_>>().join(", ")
}

/// A text between backticks; with two of them where it has one itself.
fn code(text: &str) -> String {
    let text = one_line(text);
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

/// Text that is not taken for Markdown or HTML.
fn plain(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in one_line(text).chars() {
        if matches!(letter, '*' | '<' | '[' | '\\') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

fn one_line(text: &str) -> String {
    text.split(|letter: char| letter.is_whitespace() || letter.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
