//! What of a definition can be covered, and by which names it is known.

use grieta_core::Plan;
use grieta_core::definition::{Branch, Crack, Decision, Kind, Row, Step};
use grieta_core::diagnostic::Path;
use serde::Serialize;

/// A kind of what can be covered. Each thing is of one kind only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ElementKind {
    /// A step that is no end: covered when a case comes there.
    Step,
    /// A way on from a step that is neither an outcome nor a branch of a choice: covered when it is taken.
    Flow,
    /// A branch of a `choose` or `some`: covered when it is taken.
    Branch,
    /// A rule of a decision table by which some step decides: covered when it applies.
    DecisionRule,
    /// An outcome of a step: covered when the step is completed so; a step that is skipped is not completed.
    Outcome,
    /// A crack: covered when it strikes.
    Crack,
    /// What is done about a crack: its `do` is covered when it is carried out, its `then` when it is taken.
    Response,
    /// A step at which a path ends: covered when a case comes there.
    End,
}

impl ElementKind {
    /// All of them, in the order of a report.
    pub const ALL: [ElementKind; 8] = [
        ElementKind::Step,
        ElementKind::Flow,
        ElementKind::Branch,
        ElementKind::DecisionRule,
        ElementKind::Outcome,
        ElementKind::Crack,
        ElementKind::Response,
        ElementKind::End,
    ];

    /// What several of them are called: `decision rules`.
    pub fn plural(self) -> &'static str {
        match self {
            ElementKind::Step => "steps",
            ElementKind::Flow => "flows",
            ElementKind::Branch => "branches",
            ElementKind::DecisionRule => "decision rules",
            ElementKind::Outcome => "outcomes",
            ElementKind::Crack => "cracks",
            ElementKind::Response => "responses",
            ElementKind::End => "ends",
        }
    }

    /// What one of them is called: `decision rule`.
    pub fn word(self) -> &'static str {
        match self {
            ElementKind::Step => "step",
            ElementKind::Flow => "flow",
            ElementKind::Branch => "branch",
            ElementKind::DecisionRule => "decision rule",
            ElementKind::Outcome => "outcome",
            ElementKind::Crack => "crack",
            ElementKind::Response => "response",
            ElementKind::End => "end",
        }
    }
}

/// Something in a definition that a test can cover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Element {
    /// What it is.
    pub kind: ElementKind,
    /// Its stable name, no other's: `step`, `step#n` (a flow or branch, from 0), `step/outcome`, `step!crack`,
    /// `step!crack/do` and `step!crack/then` (the responses), `decisions/table#n` (a rule, from 0). The cracks of the
    /// process itself have its name in the place of the step's.
    pub id: String,
    /// What it is to a reader: a name, or what it says.
    pub name: String,
    /// Where it stands in the definition.
    #[serde(serialize_with = "as_text")]
    pub path: Path,
    /// The step that it belongs to; none for rules of decision tables and cracks of the process itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
}

fn as_text<S: serde::Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(path)
}

impl Element {
    pub(super) fn step(name: &str, step: &Step) -> Element {
        let kind = if matches!(step.kind, Kind::End { .. }) { ElementKind::End } else { ElementKind::Step };
        let said = step.name.clone().unwrap_or_else(|| format!("`{name}`"));
        Element { kind, id: name.to_owned(), name: said, path: of_steps().name(name), step: Some(name.to_owned()) }
    }

    /// The way on from a step that a plan knows by that name.
    pub(super) fn way(id: &str, name: &str, step: &Step) -> Element {
        let at = of_steps().key(name);
        let number = id.rsplit_once('#').and_then(|(_, number)| number.parse::<usize>().ok());
        let (kind, said, path) = match (&step.kind, number) {
            (Kind::Choose(branches) | Kind::Some(branches), Some(number)) => {
                let path = at.key(step.kind.key()).index(number);
                (ElementKind::Branch, branch(name, branches.get(number)), path)
            }
            (Kind::Fork(to) | Kind::Race(to), Some(number)) => {
                let path = at.key(step.kind.key()).index(number);
                (ElementKind::Flow, flow(name, to.get(number)), path)
            }
            (_, Some(_)) => (ElementKind::Flow, flow(name, step.next.as_ref()), at.key("next")),
            (_, None) => {
                let outcome = id.strip_prefix(name).and_then(|rest| rest.strip_prefix('/')).unwrap_or(id);
                (ElementKind::Outcome, format!("`{outcome}` of `{name}`"), at.key("outcomes").name(outcome))
            }
        };
        Element { kind, id: id.to_owned(), name: said, path, step: Some(name.to_owned()) }
    }

    /// A crack, and what is done about it: `do` and `then`, as far as it says so.
    pub(super) fn crack(
        plan: &Plan,
        at: &str,
        name: &str,
        crack: &Crack,
    ) -> (Element, Option<Element>, Option<Element>) {
        let of_step = plan.definition().steps.contains_key(at);
        let cracks = if of_step { of_steps().key(at).key("cracks") } else { Path::root("cracks") };
        let (id, step) = (format!("{at}!{name}"), of_step.then(|| at.to_owned()));
        let said = format!("`{name}` at `{at}`");
        let element = |kind, id: String, name: String, path| Element { kind, id, name, path, step: step.clone() };
        let done = crack.response.as_ref().map(|response| {
            let done = response.words().unwrap_or_else(|| "the work is given up".to_owned());
            let path = cracks.key(name).key("do");
            element(ElementKind::Response, format!("{id}/do"), format!("{said}: {done}"), path)
        });
        let then = crack.then.as_ref().map(|to| {
            let path = cracks.key(name).key("then");
            element(ElementKind::Response, format!("{id}/then"), format!("{said}: then on to `{to}`"), path)
        });
        let said = crack.name.as_ref().map_or_else(|| said.clone(), |words| format!("{said}: {words}"));
        (element(ElementKind::Crack, id, said, cracks.name(name)), done, then)
    }

    /// The rules of a decision table.
    pub(super) fn rules(table: &str, decision: &Decision) -> impl Iterator<Item = Element> {
        let path = Path::root("decisions").key(table).key("rules");
        decision.rules.iter().enumerate().map(move |(number, row)| Element {
            kind: ElementKind::DecisionRule,
            id: format!("decisions/{table}#{number}"),
            name: rule(table, number, row),
            path: path.index(number),
            step: None,
        })
    }
}

fn of_steps() -> Path {
    Path::root("steps")
}

fn branch(choice: &str, branch: Option<&Branch>) -> String {
    match branch.and_then(|branch| branch.when.as_ref()) {
        Some(guard) => format!("`{choice}`: {}", guard.0),
        None => format!("`{choice}`: otherwise"),
    }
}

fn flow(from: &str, to: Option<&String>) -> String {
    format!("`{from}` to `{}`", to.map_or("", String::as_str))
}

fn rule(table: &str, number: usize, row: &Row) -> String {
    let Some(tests) = &row.when else { return format!("`otherwise` of `{table}`") };
    let tests: Vec<&str> = tests.iter().map(|test| test.0.as_str()).collect();
    format!("rule {} of `{table}`: {}", number + 1, tests.join(" | "))
}
