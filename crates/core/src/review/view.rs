//! What a role does, as a definition says it: its page, as data.

use std::collections::HashMap;

use indexmap::IndexMap;
use serde::Serialize;

use super::running::{self, Running};
use crate::definition::{
    CalendarSpec, Clock, Crack, Decision, Definition, Field, Goal, Kind, Order, Outcome, Response, Role, Rule, Step,
    WorkQueue,
};
use crate::difference::{Changed, changed};
use crate::graph;
use crate::hash::ContentHash;
use crate::yaml::{Leaf, leaves};

/// What a role does, as a definition says it: what stands on its page, and nothing else.
///
/// Other steps are named by their titles. What only a simulation needs is left out (`takes`, `chance`, `patience`, `set-up`,
/// `take-over`, `batch`, how many people there are and what they cost): those are assumptions about the work, not the work. So
/// are what a step is worth, waivers and `same-as`, which are the analyst's.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct View {
    /// The role.
    pub role: String,
    /// When its people work, without holidays: a zone, and the windows of a week.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<CalendarSpec>,
    /// Who stands in for whom.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub deputies: IndexMap<String, String>,
    /// In which order they take work.
    #[serde(skip_serializing_if = "is_plain")]
    pub queue: WorkQueue,
    /// The steps that its people do, by name and in the order of the definition.
    pub steps: IndexMap<String, Task>,
    /// What can happen to the whole case, or to all that is inside a step, while they work: by the title of that and the crack.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub around: IndexMap<String, Crack>,
    /// The rules that name one of the steps, with titles of steps.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    /// The decision tables to which one of the steps leads at once.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub decisions: IndexMap<String, Decision>,
    /// The data fields for whose being right they answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub owns: Vec<String>,
    /// The goals for which they answer.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub goals: IndexMap<String, Goal>,
}

/// A step as those see it who do it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Task {
    /// The step without what only a simulation needs, and with titles in place of the names of other steps. Its role is that
    /// whose work it is.
    #[serde(flatten)]
    pub step: Step,
    /// For work of another role: the cracks of the step that give it to this one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub comes_by: Vec<String>,
    /// The fields that it reads or writes: what they hold.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub fields: IndexMap<String, Field>,
    /// The clocks that may run, or stand still, while the case is there, with titles of steps.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub clocks: IndexMap<String, Clock>,
}

impl Task {
    /// The title of the step, if it has one.
    pub fn title(&self) -> Option<&str> {
        self.step.name.as_deref()
    }
}

impl View {
    /// The hash of what stands there: what a sign-off names.
    pub fn hash(&self) -> ContentHash {
        let line = |Leaf { keys, text }: &Leaf| format!("{keys:?} {text:?}\n");
        ContentHash::of(leaves(self).iter().map(line).collect::<String>().as_bytes())
    }

    /// What reads differently than it did on that earlier page.
    pub fn changed_since(&self, earlier: &View) -> Vec<Changed> {
        changed(earlier, self)
    }

    /// Whether there is anything to do.
    pub fn has_work(&self) -> bool {
        !self.steps.is_empty()
    }
}

impl Definition {
    /// What a role does; `None` where there is no such role.
    ///
    /// ```
    /// use grieta_core::definition::{Definition, Distribution, Role, Span, Step};
    ///
    /// let desk = |step| Definition::new("desk", "1.0.0").role("agent", Role::of(2)).step("answer", step).step("done", Step::end());
    /// let signed = desk(Step::human("agent").next("done")).view_of("agent").expect("a role").hash();
    /// let longer = desk(Step::human("agent").takes(Distribution::exponential(Span::minutes(9))).next("done"));
    /// assert_eq!(longer.view_of("agent").expect("a role").hash(), signed);
    /// let other = desk(Step { why: Some("Who calls wants an answer".to_owned()), ..Step::human("agent").next("done") });
    /// assert_ne!(other.view_of("agent").expect("a role").hash(), signed);
    /// ```
    pub fn view_of(&self, role: &str) -> Option<View> {
        Views::of(self).view(role)
    }
}

/// Makes the views of one definition.
pub(super) struct Views<'a> {
    definition: &'a Definition,
    /// How many steps have that title.
    titles: HashMap<&'a str, usize>,
    /// For each step inside another, which one that is.
    around: HashMap<&'a str, &'a str>,
    running: Running<'a>,
    /// By role the steps that its people may do, in order; and for each the cracks that give it to them, if it is not theirs.
    duties: HashMap<&'a str, IndexMap<&'a str, Vec<&'a str>>>,
}

impl<'a> Views<'a> {
    pub(super) fn of(definition: &'a Definition) -> Views<'a> {
        let mut titles = HashMap::new();
        definition.steps.iter().for_each(|(name, step)| *titles.entry(own_title(name, step)).or_default() += 1);
        let mut duties: HashMap<&str, IndexMap<&str, Vec<&str>>> = HashMap::new();
        for (name, step) in &definition.steps {
            let Kind::Human { role, .. } = &step.kind else { continue };
            duties.entry(role).or_default().entry(name).or_default();
            for (crack, other) in given_away(step).filter(|(_, other)| *other != role) {
                duties.entry(other).or_default().entry(name).or_default().push(crack);
            }
        }
        let around = running::containers(definition);
        Views { definition, titles, around, running: Running::of(definition), duties }
    }

    pub(super) fn view(&self, name: &str) -> Option<View> {
        let role = self.definition.roles.get(name)?;
        let none = IndexMap::new();
        let duties = self.duties.get(name).unwrap_or(&none);
        let task = |(step, cracks): (&&str, &Vec<&str>)| Some(((*step).to_owned(), self.task(step, cracks)?));
        let rule = |rule: &&Rule| rule.steps().iter().any(|step| duties.contains_key(step.as_str()));
        let goals = self.definition.goals.iter().filter(|(_, goal)| goal.owner == name);
        let owned = self.definition.data.iter().filter(|(_, field)| field.owner.as_deref() == Some(name));
        Some(View {
            role: name.to_owned(),
            hours: self.hours(role),
            deputies: role.deputies.clone(),
            queue: role.queue.clone(),
            steps: duties.iter().filter_map(task).collect(),
            around: self.around(duties),
            rules: self.definition.rules.iter().filter(rule).map(|rule| self.rule(rule)).collect(),
            decisions: self.decisions(duties),
            owns: owned.map(|(field, _)| field.clone()).collect(),
            goals: goals.map(|(name, goal)| (name.clone(), goal.clone())).collect(),
        })
    }

    /// The title of a step; with its name where others have the same title.
    fn title(&self, name: &str) -> String {
        let title = self.definition.steps.get(name).map_or(name, |step| own_title(name, step));
        match self.titles.get(title) {
            Some(count) if *count > 1 && title != name => format!("{title} ({name})"),
            _ => title.to_owned(),
        }
    }

    fn hours(&self, role: &Role) -> Option<CalendarSpec> {
        let name = role.calendar.as_ref().or(self.definition.calendar.as_ref())?;
        let calendar = self.definition.calendars.get(name)?;
        Some(CalendarSpec { holidays: Vec::new(), exceptions: IndexMap::new(), ..calendar.clone() })
    }

    fn task(&self, name: &str, cracks: &[&str]) -> Option<Task> {
        let declared = self.definition.steps.get(name)?;
        let fields = declared.reads.iter().chain(&declared.writes);
        let field = |field: &String| Some((field.clone(), what_it_holds(self.definition.data.get(field)?)));
        let clocks = self.running.at(name).map(|(clock, declared)| (clock.to_owned(), self.clock(declared)));
        Some(Task {
            step: plain(declared.renamed(|to| self.title(to))),
            comes_by: cracks.iter().map(|crack| (*crack).to_owned()).collect(),
            fields: fields.filter_map(field).collect(),
            clocks: clocks.collect(),
        })
    }

    fn clock(&self, clock: &Clock) -> Clock {
        let titled = |steps: &[String]| steps.iter().map(|step| self.title(step)).collect();
        let (from, until, pause_in) = (titled(&clock.from), titled(&clock.until), titled(&clock.pause_in));
        Clock { from, until, pause_in, ..clock.clone() }
    }

    fn rule(&self, rule: &Rule) -> Rule {
        let titled = |steps: &[String]| steps.iter().map(|step| self.title(step)).collect();
        match rule {
            Rule::FourEyes(steps) => Rule::FourEyes(titled(steps)),
            Rule::Order(order) => Rule::Order(Order { steps: titled(&order.steps), ..order.clone() }),
        }
    }

    /// The cracks of the process, and of the steps around these.
    fn around(&self, duties: &IndexMap<&str, Vec<&str>>) -> IndexMap<String, Crack> {
        let mut containers: Vec<&str> = Vec::new();
        for step in duties.keys() {
            let mut outer = self.around.get(step);
            // Containment has no circles.
            while let Some(container) = outer.filter(|container| !containers.contains(container)) {
                containers.push(container);
                outer = self.around.get(container);
            }
        }
        let of = |whose: String, cracks: &IndexMap<String, Crack>| {
            let named = |(name, crack): (&String, &Crack)| (format!("{whose}/{name}"), self.crack(crack));
            cracks.iter().map(named).collect::<Vec<_>>()
        };
        let inside = self.definition.steps.iter().filter(|(name, _)| containers.contains(&name.as_str()));
        let inside = inside.flat_map(|(name, step)| of(self.title(name), &step.cracks));
        let whole = self.definition.title.as_ref().unwrap_or(&self.definition.process);
        let process = of(whole.clone(), &self.definition.cracks).into_iter().filter(|_| !duties.is_empty());
        process.chain(inside).collect()
    }

    fn crack(&self, crack: &Crack) -> Crack {
        let then = crack.then.as_ref().map(|to| self.title(to));
        certain(Crack { then, ..crack.clone() })
    }

    fn decisions(&self, duties: &IndexMap<&str, Vec<&str>>) -> IndexMap<String, Decision> {
        let declared = duties.keys().filter_map(|name| self.definition.steps.get_key_value(*name));
        let ways = declared.flat_map(|(name, step)| graph::ways(name, step));
        let asked = ways.filter_map(|way| match &self.definition.steps.get(way.to)?.kind {
            Kind::Decide(decision) => Some((decision.clone(), self.definition.decisions.get(decision)?.clone())),
            _ => None,
        });
        asked.collect()
    }
}

fn own_title<'a>(name: &'a str, step: &'a Step) -> &'a str {
    step.name.as_deref().unwrap_or(name)
}

/// The cracks of a step that give its work to a role, and which that is.
fn given_away(step: &Step) -> impl Iterator<Item = (&str, &String)> {
    step.cracks.iter().filter_map(|(crack, declared)| match &declared.response {
        Some(Response::Reallocate(Some(role)) | Response::Reoffer(Some(role))) => Some((crack.as_str(), role)),
        _ => None,
    })
}

/// A step without what is the simulator's or the analyst's.
fn plain(mut step: Step) -> Step {
    if let Kind::Human { takes, set_up, take_over, .. } = &mut step.kind {
        (*takes, *set_up, *take_over) = (None, None, None);
    }
    step.outcomes.values_mut().for_each(|Outcome { chance, .. }| *chance = None);
    step.cracks.values_mut().for_each(|crack| *crack = certain(crack.clone()));
    Step { value: None, batch: None, same_as: None, allow: Vec::new(), ..step }
}

/// A crack without how often it strikes, and without which question the analyst counts as answered by it.
fn certain(crack: Crack) -> Crack {
    Crack { chance: None, patience: None, answers: Vec::new(), ..crack }
}

/// A field without who answers for it and what it begins with.
fn what_it_holds(field: &Field) -> Field {
    Field { required: false, initial: None, owner: None, ..field.clone() }
}

fn is_plain(queue: &WorkQueue) -> bool {
    *queue == WorkQueue::default()
}
