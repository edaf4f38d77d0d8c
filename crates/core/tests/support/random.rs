//! Random definitions that pass every check: a recipe of small numbers, and what it makes.
//!
//! Every element of a recipe leads to a later one by its first way, so an end can always be reached; all its other
//! ways, and those of its cracks, lead anywhere inside the same step.

use grieta_core::definition::{
    Again, Allocation, Call, Chance, Clock, Crack, Definition, Field, ForEach, JoinRule, Kind, Late, Mark, Recovery,
    Recurrence, Response, Role, Span, Step, Trigger, Type,
};

/// What a whole definition is made of.
#[derive(Debug, Clone)]
pub struct Draft {
    pub steps: Recipe,
    /// Cracks of the process itself.
    pub cracks: Vec<Trouble>,
    pub clocks: Vec<Watch>,
    /// Among the steps that people do, those that no two are to be done by the same of them.
    pub eyes: Vec<usize>,
}

/// What a definition, or the inside of one of its steps, is made of: one step or one block of steps after the other.
#[derive(Debug, Clone, Default)]
pub struct Recipe(pub Vec<Element>);

/// A step or a block of steps; each number chooses among what there is.
#[derive(Debug, Clone)]
pub struct Element {
    pub shape: Shape,
    /// How far ahead the first way leads, and where the others lead.
    pub first: usize,
    pub others: Vec<usize>,
    pub sets: Option<usize>,
    pub cracks: Vec<Trouble>,
    pub gate: Option<usize>,
    pub again: Option<usize>,
    pub undo: Option<usize>,
}

/// What an element is.
#[derive(Debug, Clone)]
pub enum Shape {
    /// Given to somebody, or else offered.
    Human(bool),
    Service,
    Party,
    Pause,
    Receive,
    Call,
    Assign,
    Send,
    Cancel,
    /// With `otherwise`, or without it.
    Choose(bool),
    Some(bool),
    /// Of branches that lead anywhere.
    Fork,
    /// Of whatever leads to it.
    Join(usize),
    /// A fork whose branches meet in a join of their own.
    Block(usize),
    /// A race between a person and an outside party.
    Race,
    Subprocess(Recipe),
    ForEach(usize, Recipe),
}

/// A crack, and the response to it.
#[derive(Debug, Clone)]
pub struct Trouble {
    pub on: usize,
    pub answer: usize,
    pub then: Option<usize>,
    pub interrupts: Option<bool>,
    pub recover: usize,
    pub detail: usize,
}

/// A clock, over whichever steps the numbers choose among all there are.
#[derive(Debug, Clone)]
pub struct Watch {
    pub from: Option<usize>,
    pub until: Option<usize>,
    pub pause: Option<usize>,
    pub detail: usize,
}

/// Conditions over the data, some of which cannot always be evaluated.
const GUARDS: [&str; 7] = [
    "count > 2",
    "flag",
    "!flag && size >= 0",
    "amount > count",
    "size % count == 0",
    "has(amount) && amount != 7",
    "count < 5 || flag",
];

/// Fields and what they are set to, some of which cannot always be evaluated.
const SETS: [(&str, &str); 7] = [
    ("count", "count + 1"),
    ("flag", "!flag"),
    ("amount", "amount + size"),
    ("count", "size / count"),
    ("amount", "count * 4611686018427387904"),
    ("amount", "size"),
    ("due", "due + \"2 d\""),
];

/// Days to wait for, some of which cannot always be evaluated.
const DAYS: [&str; 3] = ["due", "due + \"1 d\"", "1970-01-02"];

/// How many instances there are, and after how many the case goes on.
const TIMES: [&str; 5] = ["2", "size", "0", "count + 1", "3"];
const ENOUGH: [Option<&str>; 6] = [None, Some("1"), Some("flag"), None, Some("0"), Some("size - 1")];

impl Draft {
    /// The definition that is made of it.
    pub fn definition(&self) -> Definition {
        let definition = Definition::new("random", "1")
            .role("one", Role::of(1))
            .role("other", Role::of(2))
            .field("count", Field::of(Type::Integer).initial("0"))
            .field("flag", Field::of(Type::Boolean).initial("false"))
            .field("amount", Field::of(Type::Integer))
            .field("size", Field::of(Type::Integer).required())
            .field("due", Field::of(Type::Date).initial("1970-01-01"));
        let level = Level { recipe: &self.steps, prefix: String::new(), clocks: self.clocks.len() };
        let definition = self.with_clocks(self.with_rule(level.steps(definition)));
        let whole = Step::of(Kind::Subprocess(vec![level.name("e0")]));
        let cracks = self.cracks.iter().filter_map(|trouble| level.crack(&whole, trouble)).filter(|crack| {
            let joins = |to: &String| matches!(definition.steps[to.as_str()].kind, Kind::Join(_));
            // What comes from a crack of the process meets nobody, and nothing comes after a process.
            !crack.then.iter().any(joins) && !matches!(crack.response, Some(Response::Skip(_)))
        });
        let named = cracks.enumerate().map(|(index, crack)| (format!("w{index}"), crack)).collect::<Vec<_>>();
        named.into_iter().fold(definition, |definition, (name, crack)| definition.crack(&name, crack))
    }

    fn with_clocks(&self, definition: Definition) -> Definition {
        let steps = definition.steps.clone();
        let name = |which: usize| steps.get_index(which % steps.len()).map(|(name, _)| name.as_str());
        let any = |which: Option<usize>| which.and_then(name);
        let waits = |name: &&str| !matches!(steps[*name].kind, Kind::Join(_));
        let clocks = self.clocks.iter().enumerate();
        clocks.fold(definition, |definition, (index, watch)| {
            let recurs = [Recurrence::None, Recurrence::Sequential, Recurrence::Independent][watch.detail % 3];
            let clock = Clock::of(Span::hours(1 + watch.detail as u32 / 3 % 3))
                .from(any(watch.from))
                .until(any(watch.until).filter(waits))
                .pause_in(any(watch.pause))
                .recurs(recurs);
            let warns = (watch.detail / 9).is_multiple_of(2);
            let clock = if warns { clock.warn(Mark::Share(Chance::percent(75))) } else { clock };
            definition.clock(&format!("k{index}"), clock)
        })
    }

    fn with_rule(&self, definition: Definition) -> Definition {
        let human = |(name, step): (&String, &Step)| matches!(step.kind, Kind::Human { .. }).then(|| name.clone());
        let human: Vec<String> = definition.steps.iter().filter_map(human).collect();
        let mut eyes: Vec<&str> = self
            .eyes
            .iter()
            .filter_map(|which| human.get(which.checked_rem(human.len())?))
            .map(String::as_str)
            .collect();
        eyes.sort_unstable();
        eyes.dedup();
        if eyes.len() < 2 { definition } else { definition.four_eyes(eyes) }
    }
}

/// The elements of one recipe, and what the names of its steps begin with.
struct Level<'a> {
    recipe: &'a Recipe,
    prefix: String,
    /// How many clocks the process has.
    clocks: usize,
}

impl Level<'_> {
    fn steps(&self, definition: Definition) -> Definition {
        let elements = self.recipe.0.iter().enumerate();
        let definition = elements.fold(definition, |definition, (at, element)| self.add(definition, at, element));
        definition.step(&self.name("done"), Step::end()).step(&self.name("stop"), Step::terminate())
    }

    /// What is inside the step of that name.
    fn inner<'a>(&self, name: &str, recipe: &'a Recipe) -> Level<'a> {
        Level { recipe, prefix: format!("{name}-"), clocks: self.clocks }
    }

    fn name(&self, step: &str) -> String {
        format!("{}{step}", self.prefix)
    }

    fn add(&self, definition: Definition, at: usize, element: &Element) -> Definition {
        let (name, ways) = (self.name(&format!("e{at}")), self.ways(at, element));
        match &element.shape {
            Shape::Block(rule) => return block(definition, &name, &ways[0], *rule),
            Shape::Race => return race(definition, &name, &ways),
            _ => {}
        }
        let step = self.step(&name, at, element, &ways);
        let step = match element.sets {
            Some(which) if may_set(&step.kind) => step.set(SETS[which % SETS.len()].0, SETS[which % SETS.len()].1),
            _ => step,
        };
        let step = self.attributes(step, at, element);
        let cracks = element.cracks.iter().filter_map(|trouble| self.crack(&step, trouble)).collect::<Vec<_>>();
        let named = cracks.into_iter().enumerate().map(|(index, crack)| (format!("c{index}"), crack));
        let step = named.fold(step, |step, (name, crack)| step.crack(&name, crack));
        let undo = element.undo.filter(|_| step.kind.takes_time());
        let step = match undo {
            Some(which) => step.undone_by(&self.undo(&name, which)),
            None => step,
        };
        let definition = definition.step(&name, step);
        let definition = match undo {
            Some(which) => undoing(definition, &name, which),
            None => definition,
        };
        match &element.shape {
            Shape::Subprocess(recipe) | Shape::ForEach(_, recipe) => self.inner(&name, recipe).steps(definition),
            _ => definition,
        }
    }

    /// Where the path begins that undoes a step: nearly always one of its own.
    fn undo(&self, name: &str, which: usize) -> String {
        let fits = |other: &String| which.is_multiple_of(8) && other != name && !self.is_join(other);
        Some(self.anywhere(which / 8)).filter(fits).unwrap_or_else(|| format!("{name}-undo"))
    }

    /// Whether a step of this level is a join, at which nothing can begin.
    fn is_join(&self, name: &str) -> bool {
        let joins = |(at, element): (usize, &Element)| {
            matches!(element.shape, Shape::Join(_)) && self.name(&format!("e{at}")) == name
        };
        self.recipe.0.iter().enumerate().any(joins)
    }

    fn step(&self, name: &str, at: usize, element: &Element, ways: &[String]) -> Step {
        let (first, refs) = (ways[0].as_str(), ways.iter().map(String::as_str));
        let guarded = |position: usize| GUARDS[(element.first + position + at) % GUARDS.len()];
        match &element.shape {
            Shape::Human(given) => {
                let step = Step::human(if at.is_multiple_of(2) { "one" } else { "other" });
                onward(if *given { step.allocate(Allocation::LeastBusy) } else { step }, ways)
            }
            Shape::Service => onward(Step::service(), ways),
            Shape::Party => onward(Step::wait("customer"), ways),
            Shape::Call => {
                onward(Step::of(Kind::Call(Call { process: "other".to_owned(), with: Default::default() })), ways)
            }
            Shape::Pause => match DAYS.get((at + element.first) % 6) {
                Some(day) => Step::wait_until(day).next(first),
                None => Step::pause(Span::hours(element.first as u32)).next(first),
            },
            Shape::Receive => message(Step::receive("news"), at).next(first),
            Shape::Assign => Step::assign().next(first),
            Shape::Send => message(Step::send("news", Span::hours(at as u32)), at).next(first),
            Shape::Cancel => Step::of(Kind::Cancel(ways.to_vec())).next(first),
            Shape::Choose(otherwise) | Shape::Some(otherwise) => {
                let branches = ways[1..].iter().enumerate().map(|(position, to)| (guarded(position), to.as_str()));
                let mut step = Step::choose(branches, first);
                if let (false, Kind::Choose(branches)) = (otherwise, &mut step.kind) {
                    branches.iter_mut().for_each(|branch| branch.when = Some(guarded(5).into()));
                }
                match (&element.shape, step.kind) {
                    (Shape::Some(_), Kind::Choose(branches)) => Step::of(Kind::Some(branches)),
                    (_, kind) => Step::of(kind),
                }
            }
            Shape::Fork => Step::fork(refs.chain([self.name("done").as_str()])),
            Shape::Join(rule) => Step::of(Kind::Join(match rule % 4 {
                0 => JoinRule::Live,
                // Where everything begins only one can come.
                _ if at == 0 => JoinRule::Live,
                1 => JoinRule::Threads(1 + *rule as u32 % 3),
                _ => JoinRule::All,
            }))
            .next(first),
            Shape::Subprocess(recipe) => Step::of(Kind::Subprocess(self.inner(name, recipe).all())).next(first),
            Shape::ForEach(which, recipe) => for_each(*which, self.inner(name, recipe).all()).next(first),
            Shape::Block(_) | Shape::Race => Step::assign().next(first),
        }
    }

    /// The names of all steps of this level, save those inside others.
    fn all(&self) -> Vec<String> {
        let of = |(at, element): (usize, &Element)| {
            let name = format!("e{at}");
            let parts: &[&str] = match element.shape {
                Shape::Block(_) => &["left", "right", "join"],
                Shape::Race => &["left", "right"],
                _ if element.undo.is_some() && takes_time(&element.shape) => &["undo", "undone"],
                _ => &[],
            };
            let parts: Vec<String> = parts.iter().map(|part| format!("{name}-{part}")).collect();
            std::iter::once(name).chain(parts)
        };
        let elements = self.recipe.0.iter().enumerate().flat_map(of);
        elements.chain(["done".to_owned(), "stop".to_owned()]).map(|name| self.name(&name)).collect()
    }

    /// Where an element leads: first to a later one, then anywhere.
    fn ways(&self, at: usize, element: &Element) -> Vec<String> {
        let later = at + 1 + element.first;
        let first = if later < self.recipe.0.len() { format!("e{later}") } else { "done".to_owned() };
        std::iter::once(self.name(&first)).chain(element.others.iter().map(|to| self.anywhere(*to))).collect()
    }

    fn anywhere(&self, to: usize) -> String {
        match to % (self.recipe.0.len() + 2) {
            0 => self.name("stop"),
            1 => self.name("done"),
            later => self.name(&format!("e{}", later - 2)),
        }
    }

    /// The lock, milestone and loop that the step may have.
    fn attributes(&self, mut step: Step, at: usize, element: &Element) -> Step {
        if !step.kind.takes_time() {
            return step;
        }
        match element.gate {
            Some(gate) if gate.is_multiple_of(2) => step.lock = Some(["red", "blue"][gate / 2 % 2].to_owned()),
            Some(gate) => step.only_while = self.milestone(at, gate / 2),
            None => {}
        }
        step.again = element.again.and_then(|which| {
            let guard = GUARDS[which / 2 % GUARDS.len()].into();
            match which % 2 {
                0 => Some(Again::Until(guard)),
                _ if step.outcomes.is_empty() => Some(Again::While(guard)),
                _ => None,
            }
        });
        step
    }

    /// Another step of this level that takes time, if that is what the number names.
    fn milestone(&self, at: usize, which: usize) -> Option<String> {
        let other = which % self.recipe.0.len();
        let shape = &self.recipe.0[other].shape;
        let stays = takes_time(shape) || matches!(shape, Shape::Join(_));
        (stays && other != at).then(|| self.name(&format!("e{other}")))
    }

    /// A crack that the step may have; none where it may have none.
    fn crack(&self, step: &Step, trouble: &Trouble) -> Option<Crack> {
        use Trigger::{Constraint, Deadline, External, Failure, Unavailable};
        let possible: &[Trigger] = match step.kind {
            Kind::Human { .. } => &[Failure, Deadline, Unavailable, External, Constraint],
            Kind::Service { .. }
            | Kind::Wait { .. }
            | Kind::Receive(_)
            | Kind::Call(_)
            | Kind::Subprocess(_)
            | Kind::ForEach(_) => &[Failure, Deadline, External, Constraint],
            Kind::Pause(_) => &[Deadline, External, Constraint],
            Kind::Assign | Kind::Choose(_) | Kind::Some(_) => &[Constraint],
            _ => return None,
        };
        let on = possible[trouble.on % possible.len()];
        let after = Span::hours(trouble.detail as u32 % 4);
        let mut crack = match on {
            Deadline if self.clocks > 0 && (trouble.detail / 4).is_multiple_of(2) => {
                let marks = [None, Some(Mark::Share(Chance::percent(50))), Some(Mark::After(Span::hours(3)))];
                let mark = marks[trouble.detail / 8 % marks.len()];
                Crack::by_clock(&format!("k{}", trouble.detail % self.clocks), mark)
            }
            Deadline => Crack::deadline(after),
            // Answers what is left unanswered inside.
            Constraint if !step.kind.inside().is_empty() && trouble.detail.is_multiple_of(2) => Crack::on(on),
            Unavailable => Crack::unavailable(after),
            Constraint => Crack { when: Some(GUARDS[trouble.detail % GUARDS.len()].into()), ..Crack::on(on) },
            _ => Crack::on(on),
        };
        crack.response = response(step, trouble);
        let leads = match crack.response {
            Some(Response::Fail) => true,
            None | Some(Response::Retry { .. } | Response::Continue) => trouble.then.is_some(),
            Some(_) => false,
        };
        if leads {
            crack = crack.then(&self.anywhere(trouble.then.unwrap_or(trouble.detail)));
        }
        if crack.response.is_none() {
            crack.interrupts = trouble.interrupts;
        }
        crack.recover = match trouble.recover % 4 {
            0 => Recovery::RollBack,
            1 => Recovery::Compensate,
            _ => Recovery::Nothing,
        };
        Some(crack)
    }
}

/// One message in two is lost where nobody waits for it.
fn message(step: Step, at: usize) -> Step {
    if at.is_multiple_of(2) { step.transient() } else { step }
}

/// A step with one successor, or with an outcome for each way; its completion may bring data.
fn onward(step: Step, ways: &[String]) -> Step {
    let step = step.writes("amount").writes("flag");
    match ways {
        [only] => step.next(only),
        several => several.iter().enumerate().fold(step, |step, (index, to)| step.outcome(&format!("o{index}"), to)),
    }
}

/// Whether steps of that shape take time.
fn takes_time(shape: &Shape) -> bool {
    use Shape::{Call, ForEach, Human, Party, Pause, Receive, Service, Subprocess};
    matches!(shape, Human(_) | Service | Party | Pause | Receive | Call | Subprocess(_) | ForEach(..))
}

/// The path that undoes a step: one step and an end.
fn undoing(definition: Definition, name: &str, which: usize) -> Definition {
    let [undo, undone] = ["undo", "undone"].map(|part| format!("{name}-{part}"));
    let (field, value) = SETS[which / 5 % SETS.len()];
    let again = || Crack::failure().respond(Response::Retry { after: None, at_most: 1, backoff: 1 });
    let step = match which % 5 {
        0 => Step::human("one"),
        1 => Step::human("other").crack("c0", Crack::failure().recover(Recovery::Compensate).then(&undone)),
        2 => Step::service().crack("c0", again()),
        3 => Step::assign(),
        _ => Step::service(),
    };
    definition.step(&undo, step.set(field, value).next(&undone)).step(&undone, Step::end())
}

/// Whether a step of that kind may set data of its own.
fn may_set(kind: &Kind) -> bool {
    !matches!(kind, Kind::Choose(_) | Kind::Some(_) | Kind::Fork(_) | Kind::Join(_))
}

fn for_each(which: usize, steps: Vec<String>) -> Step {
    let mut digits = which;
    let mut digit = |base: usize| {
        let digit = digits % base;
        digits /= base;
        digit
    };
    let (times, enough) = (TIMES[digit(TIMES.len())], ENOUGH[digit(ENOUGH.len())]);
    let (cancels, one_by_one, growing) = (digit(2) == 1, digit(2) == 1, digit(2) == 1);
    let rest = if enough.is_some() && cancels { Late::Cancel } else { Late::Ignore };
    Step::of(Kind::ForEach(ForEach {
        steps,
        times: times.into(),
        one_by_one,
        growing,
        enough: enough.map(Into::into),
        rest,
    }))
}

/// A person and a system at work in parallel, and a join of the two.
fn block(definition: Definition, name: &str, next: &str, rule: usize) -> Definition {
    let [left, right, join] = ["left", "right", "join"].map(|part| format!("{name}-{part}"));
    let count = 1 + rule as u32 / 6 % 2;
    let rule = match rule % 6 {
        0 => JoinRule::Live,
        1 => JoinRule::Threads(count),
        2 => JoinRule::First { count, then: Late::Ignore },
        3 => JoinRule::First { count, then: Late::Block },
        4 => JoinRule::First { count, then: Late::Cancel },
        _ => JoinRule::All,
    };
    definition
        .step(name, Step::fork([left.as_str(), right.as_str()]))
        .step(&left, Step::human("one").next(&join))
        .step(&right, Step::service().next(&join))
        .step(&join, Step::of(Kind::Join(rule)).next(next))
}

fn race(definition: Definition, name: &str, ways: &[String]) -> Definition {
    let [left, right] = ["left", "right"].map(|part| format!("{name}-{part}"));
    let other = ways.get(1).unwrap_or(&ways[0]);
    definition
        .step(name, Step::of(Kind::Race(vec![left.clone(), right.clone()])))
        .step(&left, Step::human("one").next(&ways[0]))
        .step(&right, Step::wait("customer").next(other))
}

/// A response that is possible at the step.
fn response(step: &Step, trouble: &Trouble) -> Option<Response> {
    let human = matches!(step.kind, Kind::Human { .. });
    let worked = human || matches!(step.kind, Kind::Service { .. });
    let completed = !matches!(step.kind, Kind::Assign | Kind::Choose(_) | Kind::Some(_));
    let after = (!trouble.detail.is_multiple_of(3)).then(|| Span::hours(trouble.detail as u32 % 3));
    match trouble.answer {
        0 if worked => Some(Response::Retry {
            after,
            at_most: trouble.detail as u32 % 3,
            backoff: 1 + trouble.detail as u32 % 2 * u32::from(after.is_some()),
        }),
        1 if human => Some(Response::Reallocate(Some("other".to_owned()))),
        2 if completed => Some(Response::Skip(step.outcomes.keys().next().cloned())),
        3 => Some(Response::Fail),
        4 => Some(Response::CancelCase),
        5 => Some(Response::Continue),
        6 if worked => Some(Response::Restart),
        7 if human => Some(Response::Reoffer(Some("other".to_owned()))),
        8 if human => Some(Response::Reoffer(None)),
        9 if human => Some(Response::Reallocate(None)),
        10 => Some(Response::CancelAll),
        _ => None,
    }
}
