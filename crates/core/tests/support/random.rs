//! Random definitions that pass every check: a recipe of small numbers, and what it makes.
//!
//! Every element of a recipe leads to a later one by its first way, so an end can always be reached; all its other
//! ways, and those of its cracks, lead anywhere inside the same step.

use grieta_core::definition::{
    Again, Call, Crack, Definition, Field, ForEach, JoinRule, Kind, Late, Response, Role, Span, Step, Trigger, Type,
};

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
}

/// What an element is.
#[derive(Debug, Clone)]
pub enum Shape {
    Human,
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
const SETS: [(&str, &str); 6] = [
    ("count", "count + 1"),
    ("flag", "!flag"),
    ("amount", "amount + size"),
    ("count", "size / count"),
    ("amount", "count * 4611686018427387904"),
    ("amount", "size"),
];

/// How many instances there are, and after how many the case goes on.
const TIMES: [&str; 5] = ["2", "size", "0", "count + 1", "3"];
const ENOUGH: [Option<&str>; 6] = [None, Some("1"), Some("flag"), None, Some("0"), Some("size - 1")];

impl Recipe {
    /// The definition that is made of it.
    pub fn definition(&self) -> Definition {
        let definition = Definition::new("random", "1")
            .role("one", Role::of(1))
            .role("other", Role::of(2))
            .field("count", Field::of(Type::Integer).initial("0"))
            .field("flag", Field::of(Type::Boolean).initial("false"))
            .field("amount", Field::of(Type::Integer))
            .field("size", Field::of(Type::Integer).required());
        Level { recipe: self, prefix: String::new() }.steps(definition)
    }
}

/// The elements of one recipe, and what the names of its steps begin with.
struct Level<'a> {
    recipe: &'a Recipe,
    prefix: String,
}

impl Level<'_> {
    fn steps(&self, definition: Definition) -> Definition {
        let elements = self.recipe.0.iter().enumerate();
        let definition = elements.fold(definition, |definition, (at, element)| self.add(definition, at, element));
        definition.step(&self.name("done"), Step::end()).step(&self.name("stop"), Step::terminate())
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
        let definition = definition.step(&name, step);
        match &element.shape {
            Shape::Subprocess(recipe) | Shape::ForEach(_, recipe) => inner(&name, recipe).steps(definition),
            _ => definition,
        }
    }

    fn step(&self, name: &str, at: usize, element: &Element, ways: &[String]) -> Step {
        let (first, refs) = (ways[0].as_str(), ways.iter().map(String::as_str));
        let guarded = |position: usize| GUARDS[(element.first + position + at) % GUARDS.len()];
        match &element.shape {
            Shape::Human if at.is_multiple_of(2) => onward(Step::human("one"), ways),
            Shape::Human => onward(Step::human("other"), ways),
            Shape::Service => onward(Step::service(), ways),
            Shape::Party => onward(Step::wait("customer"), ways),
            Shape::Call => {
                onward(Step::of(Kind::Call(Call { process: "other".to_owned(), with: Default::default() })), ways)
            }
            Shape::Pause => Step::pause(Span::hours(element.first as u32)).next(first),
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
            Shape::Subprocess(recipe) => Step::of(Kind::Subprocess(inner(name, recipe).all())).next(first),
            Shape::ForEach(which, recipe) => for_each(*which, inner(name, recipe).all()).next(first),
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
        use Shape::{Call, ForEach, Human, Join, Party, Pause, Receive, Service, Subprocess};
        let other = which % self.recipe.0.len();
        let stays = matches!(
            self.recipe.0[other].shape,
            Human | Service | Party | Pause | Receive | Call | Join(_) | Subprocess(_) | ForEach(..)
        );
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
            Kind::Pause(_) => &[Deadline, External],
            Kind::Assign | Kind::Choose(_) | Kind::Some(_) => &[Constraint],
            _ => return None,
        };
        let on = possible[trouble.on % possible.len()];
        let after = Span::hours(trouble.detail as u32 % 4);
        let mut crack = match on {
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
            Some(Response::Skip(_) | Response::CancelCase | Response::Reallocate(_)) => false,
            _ => trouble.then.is_some(),
        };
        if leads {
            crack = crack.then(&self.anywhere(trouble.then.unwrap_or(trouble.detail)));
        }
        if crack.response.is_none() {
            crack.interrupts = trouble.interrupts;
        }
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

/// Whether a step of that kind may set data of its own.
fn may_set(kind: &Kind) -> bool {
    !matches!(kind, Kind::Choose(_) | Kind::Some(_) | Kind::Fork(_) | Kind::Join(_))
}

/// What is inside the step of that name.
fn inner<'a>(name: &str, recipe: &'a Recipe) -> Level<'a> {
    Level { recipe, prefix: format!("{name}-") }
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
        0 if worked => Some(Response::Retry { after, at_most: trouble.detail as u32 % 3 }),
        1 if human => Some(Response::Reallocate(Some("other".to_owned()))),
        2 if completed => Some(Response::Skip(step.outcomes.keys().next().cloned())),
        3 => Some(Response::Fail),
        4 => Some(Response::CancelCase),
        5 => Some(Response::Continue),
        _ => None,
    }
}
