//! What differs between two definitions of the same work: which steps, for which roles, and what it costs them.

mod drawn;

use grieta_core::difference::{Difference, Fate, FieldChange, Gained, RoleChange, StepChange};
use grieta_simulator::{Change, Per, RoleHours, Verdict};

use crate::review::difference as change;
use crate::tables::{Column, table};
use crate::words::{between, counted, dash};
pub use drawn::difference_as_mermaid;

/// What differs, as text; `hours` is what a simulation says of the work of each role, or why there is none.
pub fn difference(found: &Difference, hours: Result<&RoleHours, &str>) -> String {
    if found.is_empty() {
        return "Nothing differs.\n".to_owned();
    }
    let parts = [
        steps(found),
        assumed(found),
        fields(&found.fields),
        self::hours(hours),
        found.roles.iter().map(role).collect(),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

/// How many steps there are of each fate, and all that are not the same.
fn steps(found: &Difference) -> String {
    let fates = [
        (Fate::Added, "added", "+"),
        (Fate::Removed, "removed", "−"),
        (Fate::Moved, "moved", "→"),
        (Fate::Changed, "changed", "~"),
    ];
    let of = |fate: Fate| found.steps.iter().filter(move |step| step.fate == fate);
    let counts = fates.iter().map(|(fate, word, _)| format!("{} {word}", of(*fate).count()));
    let same = of(Fate::Same).count() + of(Fate::Assumed).count();
    let mut text = format!("Steps: {}, {same} the same\n", counts.collect::<Vec<_>>().join(", "));
    for (fate, _, sign) in fates {
        for step in of(fate) {
            text += &format!("  {sign} {}\n", headline(step));
            text += &step
                .changed
                .iter()
                .filter(|one| !one.is_assumption())
                .map(|one| format!("      {}\n", change(one)))
                .collect::<String>();
        }
    }
    text
}

/// `take-message, Write the message down: receptionist → second-desk`
fn headline(step: &StepChange) -> String {
    let name = step.after.as_ref().or(step.before.as_ref()).map_or("", String::as_str);
    let title = if step.title == name { String::new() } else { format!(", {}", step.title) };
    let who = |role: &Option<String>| role.clone().unwrap_or_else(|| "nobody".to_owned());
    let by = match (&step.role_before, &step.role_after) {
        (None, None) => String::new(),
        (before, after) if before == after => format!(": {}", who(after)),
        (before, after) => match step.fate {
            Fate::Added => format!(": {}", who(after)),
            Fate::Removed => format!(": {}", who(before)),
            _ => format!(": {} → {}", who(before), who(after)),
        },
    };
    format!("{name}{title}{by}")
}

/// What only the simulation assumes otherwise.
fn assumed(found: &Difference) -> String {
    let of = |step: &StepChange| {
        let name = step.after.clone().unwrap_or_default();
        let assumed = step.changed.iter().filter(|one| one.is_assumption());
        assumed.map(|one| format!("  {name}: {}\n", change(one))).collect::<String>()
    };
    let lines: String = found.steps.iter().map(of).collect();
    if lines.is_empty() { lines } else { format!("Assumed otherwise, for simulation\n{lines}") }
}

fn fields(fields: &[FieldChange]) -> String {
    let line = |field: &FieldChange| {
        let sign = match field.fate {
            Fate::Added => "+",
            Fate::Removed => "−",
            _ => "~",
        };
        let by = |what: &str, roles: &[String]| {
            if roles.is_empty() { String::new() } else { format!("; {what} by {}", roles.join(", ")) }
        };
        let (filled, read) = (by("filled in", &field.filled_in_by), by("read", &field.read_by));
        let changes: String = field.changed.iter().map(|one| format!("      {}\n", change(one))).collect();
        format!("  {sign} {}{filled}{read}\n{changes}", field.field)
    };
    let lines: String = fields.iter().map(line).collect();
    if lines.is_empty() { lines } else { format!("Data\n{lines}") }
}

fn hours(hours: Result<&RoleHours, &str>) -> String {
    let found = match hours {
        Ok(found) => found,
        Err(why) => return format!("Hours of work\n  not simulated: {why}\n"),
    };
    let per = match found.per {
        Per::Week => "a week",
        Per::HundredCases => "for 100 cases",
    };
    let row = |(role, change): &(String, Change)| {
        vec![role.clone(), format!("{:.1}", change.from), format!("{:.1}", change.to), gained(change)]
    };
    let columns =
        [("role", Column::Name), ("before", Column::Right), ("after", Column::Right), ("change", Column::Text)];
    let rows: Vec<_> = found.roles.iter().map(row).collect();
    let rows = if rows.is_empty() { vec![vec![dash(), dash(), dash(), dash()]] } else { rows };
    format!("Hours of work {per}\n{}\n", table(&columns, rows))
}

/// `−3.2 h, 95 % sure −3.9 to −2.5 h`
fn gained(change: &Change) -> String {
    let hours = |hours: f64| format!("{}{:.1} h", if hours < 0.0 { "−" } else { "+" }, hours.abs());
    match change.verdict {
        Verdict::NoSignificantDifference => "no significant difference".to_owned(),
        Verdict::Negligible => "too little to matter".to_owned(),
        Verdict::Less | Verdict::More => {
            format!("{}, 95 % sure {}", hours(change.to - change.from), between(change.difference, hours))
        }
    }
}

fn role(role: &RoleChange) -> String {
    let of = |what: &str, gained: &Gained| {
        let list = |word: &str, names: &[String]| match names {
            [] => String::new(),
            names => format!("  {word} {what}: {}\n", names.join(", ")),
        };
        list("new", &gained.new) + &list("no more", &gained.gone)
    };
    let lists = [
        of("steps", &role.steps),
        of("steps of others that cracks give to it", &role.stands_in),
        of("fields to fill in", &role.fields),
        of("cracks to answer", &role.cracks),
        of("clocks to keep", &role.clocks),
    ];
    let page = match role.page.len() {
        0 => String::new(),
        some => format!("  else on its page: {}\n", counted(some as u64, "change")),
    };
    format!("Role {}\n{}{page}", role.role, lists.concat())
}
