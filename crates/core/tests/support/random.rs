//! Random definitions that pass every check: a recipe of small numbers, and what it makes.
//!
//! Every element of a recipe leads to a later one by its first way, so an end can always be reached; all its other
//! ways, and those of its cracks, lead anywhere.

use grieta_core::definition::{Crack, Definition, Field, Kind, Response, Role, Span, Step, Trigger, Type};
use proptest::collection::vec;
use proptest::prelude::*;

/// What a definition is made of: one step or one parallel block after the other, and what strikes the whole of it.
#[derive(Debug, Clone)]
pub struct Recipe(Vec<Element>, Vec<Trouble>);

#[derive(Debug, Clone)]
struct Element {
    kind: Shape,
    /// How far ahead the first way leads, and where the others lead.
    first: usize,
    others: Vec<usize>,
    sets: Option<usize>,
    cracks: Vec<Trouble>,
}

#[derive(Debug, Clone, Copy)]
enum Shape {
    Human,
    Service,
    Party,
    Pause,
    Assign,
    /// With `otherwise`, or without it.
    Choose(bool),
    /// Of branches that lead anywhere.
    Fork,
    /// Of whatever leads to it.
    Join,
    /// A fork whose branches meet in a join of their own.
    Block,
}

#[derive(Debug, Clone)]
struct Trouble {
    on: usize,
    answer: usize,
    then: Option<usize>,
    interrupts: Option<bool>,
    detail: usize,
}

/// Any recipe of up to a dozen elements.
pub fn recipes() -> impl Strategy<Value = Recipe> {
    let kind = prop_oneof![
        6 => Just(Shape::Human),
        3 => Just(Shape::Service),
        2 => Just(Shape::Party),
        2 => Just(Shape::Pause),
        2 => Just(Shape::Assign),
        3 => any::<bool>().prop_map(Shape::Choose),
        2 => Just(Shape::Fork),
        2 => Just(Shape::Join),
        2 => Just(Shape::Block),
    ];
    let trouble = (0usize..5, 0usize..7, any::<Option<usize>>(), any::<Option<bool>>(), any::<usize>());
    let trouble =
        trouble.prop_map(|(on, answer, then, interrupts, detail)| Trouble { on, answer, then, interrupts, detail });
    let whole = prop_oneof![1 => Just(Vec::new()), 1 => vec(trouble.clone(), 1..4)];
    let element = (kind, 0usize..3, vec(any::<usize>(), 0..3), any::<Option<usize>>(), vec(trouble, 0..3));
    let element = element.prop_map(|(kind, first, others, sets, cracks)| Element { kind, first, others, sets, cracks });
    (vec(element, 1..12), whole).prop_map(|(elements, whole)| Recipe(elements, whole))
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

impl Recipe {
    /// The definition that is made of it.
    pub fn definition(&self) -> Definition {
        let mut definition = Definition::new("random", "1")
            .role("one", Role::of(1))
            .role("other", Role::of(2))
            .field("count", Field::of(Type::Integer).initial("0"))
            .field("flag", Field::of(Type::Boolean).initial("false"))
            .field("amount", Field::of(Type::Integer))
            .field("size", Field::of(Type::Integer).required());
        for (at, element) in self.0.iter().enumerate() {
            definition = self.add(definition, at, element);
        }
        let definition = definition.step("done", Step::end()).step("stop", Step::terminate());
        let whole = Step::of(Kind::Subprocess(vec!["e0".to_owned()]));
        let cracks = self.1.iter().enumerate();
        let cracks = cracks.filter_map(|(index, trouble)| Some((format!("c{index}"), self.crack(&whole, trouble)?)));
        cracks.fold(definition, |definition, (name, crack)| definition.crack(&name, self.alone(crack)))
    }

    /// A crack of the process that leads to no join.
    fn alone(&self, mut crack: Crack) -> Crack {
        let is_join = |to: &String| {
            self.0
                .iter()
                .enumerate()
                .any(|(at, element)| matches!(element.kind, Shape::Join) && *to == format!("e{at}"))
        };
        crack.then = crack.then.map(|to| if is_join(&to) { "done".to_owned() } else { to });
        crack
    }

    fn add(&self, definition: Definition, at: usize, element: &Element) -> Definition {
        let name = format!("e{at}");
        let ways: Vec<String> = self.ways(at, element);
        let (first, refs) = (ways[0].as_str(), ways.iter().map(String::as_str));
        let guarded = |position: usize| GUARDS[(element.first + position + at) % GUARDS.len()];
        let step = match element.kind {
            Shape::Human if at.is_multiple_of(2) => onward(Step::human("one"), &ways),
            Shape::Human => onward(Step::human("other"), &ways),
            Shape::Service => onward(Step::service(), &ways),
            Shape::Party => onward(Step::wait("customer"), &ways),
            Shape::Pause => Step::pause(Span::hours(element.first as u32)).next(first),
            Shape::Assign => Step::assign().next(first),
            Shape::Choose(otherwise) => {
                let branches = ways[1..].iter().enumerate().map(|(position, to)| (guarded(position), to.as_str()));
                let mut step = Step::choose(branches, first);
                if let (false, Kind::Choose(branches)) = (otherwise, &mut step.kind) {
                    branches.iter_mut().for_each(|branch| branch.when = Some(guarded(5).into()));
                }
                step
            }
            Shape::Fork => Step::fork(refs.chain(["done"])),
            Shape::Join => Step::join().next(first),
            Shape::Block => return block(definition, &name, first),
        };
        let step = match (element.sets, element.kind) {
            (_, Shape::Choose(_) | Shape::Fork | Shape::Join) | (None, _) => step,
            (Some(which), _) => step.set(SETS[which % SETS.len()].0, SETS[which % SETS.len()].1),
        };
        let cracks = element.cracks.iter().enumerate();
        let cracks = cracks.filter_map(|(index, trouble)| Some((index, self.crack(&step, trouble)?)));
        let step = cracks
            .collect::<Vec<_>>()
            .into_iter()
            .fold(step, |step, (index, crack)| step.crack(&format!("c{index}"), crack));
        definition.step(&name, step)
    }

    /// Where an element leads: first to a later one, then anywhere.
    fn ways(&self, at: usize, element: &Element) -> Vec<String> {
        let later = at + 1 + element.first;
        let first = if later < self.0.len() { format!("e{later}") } else { "done".to_owned() };
        std::iter::once(first).chain(element.others.iter().map(|to| self.anywhere(*to))).collect()
    }

    fn anywhere(&self, to: usize) -> String {
        match to % (self.0.len() + 2) {
            0 => "stop".to_owned(),
            1 => "done".to_owned(),
            later => format!("e{}", later - 2),
        }
    }

    /// A crack that the step may have; none where it may have none.
    fn crack(&self, step: &Step, trouble: &Trouble) -> Option<Crack> {
        use Trigger::{Constraint, Deadline, External, Failure, Unavailable};
        let possible: &[Trigger] = match step.kind {
            Kind::Human { .. } => &[Failure, Deadline, Unavailable, External, Constraint],
            Kind::Service { .. } | Kind::Wait { .. } | Kind::Subprocess(_) => {
                &[Failure, Deadline, External, Constraint]
            }
            Kind::Pause(_) => &[Deadline, External],
            Kind::Assign | Kind::Choose(_) => &[Constraint],
            _ => return None,
        };
        let on = possible[trouble.on % possible.len()];
        let after = Span::hours(trouble.detail as u32 % 4);
        let mut crack = match on {
            Deadline => Crack::deadline(after),
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

/// A step with one successor, or with an outcome for each way; its completion may bring data.
fn onward(step: Step, ways: &[String]) -> Step {
    let step = step.writes("amount").writes("flag");
    match ways {
        [only] => step.next(only),
        several => several.iter().enumerate().fold(step, |step, (index, to)| step.outcome(&format!("o{index}"), to)),
    }
}

/// Two people at work in parallel, and a join of the two.
fn block(definition: Definition, name: &str, next: &str) -> Definition {
    let [left, right, join] = ["left", "right", "join"].map(|part| format!("{name}-{part}"));
    definition
        .step(name, Step::fork([left.as_str(), right.as_str()]))
        .step(&left, Step::human("one").next(&join))
        .step(&right, Step::service().next(&join))
        .step(&join, Step::join().next(next))
}

/// A response that is possible at the step.
fn response(step: &Step, trouble: &Trouble) -> Option<Response> {
    let human = matches!(step.kind, Kind::Human { .. });
    let worked = human || matches!(step.kind, Kind::Service { .. });
    let completed = worked || matches!(step.kind, Kind::Wait { .. } | Kind::Pause(_));
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
