//! Whatever a life cycle names must exist: departments, stages, touchpoints, processes, steps, roles and fields.

use grieta_core::diagnostic::{Code, Path, Problem, suggest};
use indexmap::IndexMap;

use super::Subject;

pub(super) fn find(subject: &Subject<'_>) -> Vec<Problem> {
    let life_cycle = subject.life_cycle;
    let mut names = Names { problems: Vec::new() };
    for (name, stage) in &life_cycle.stages {
        let at = Path::root("stages").key(name);
        names.part("department", &stage.department, &life_cycle.departments, at.key("department"));
        for (index, next) in stage.next.iter().enumerate() {
            names.part("stage", next, &life_cycle.stages, at.key("next").index(index));
        }
    }
    for (name, touchpoint) in &life_cycle.touchpoints {
        let at = Path::root("touchpoints").key(name);
        names.part("stage", &touchpoint.stage, &life_cycle.stages, at.key("stage"));
        let Some(process) = &touchpoint.process else { continue };
        names.part("process", process, &life_cycle.processes, at.key("process"));
        let Some(known) = subject.processes.get(process) else { continue };
        for (index, step) in touchpoint.at.iter().enumerate() {
            names.step(process, step, &known.definition().steps, at.key("at").index(index));
        }
    }
    for (name, entry) in &life_cycle.processes {
        let at = Path::root("processes").key(name);
        names.part("department", &entry.department, &life_cycle.departments, at.key("department"));
        for (field, process) in &entry.sees {
            names.part("process", process, &life_cycle.processes, at.key("sees").key(field));
            if let Some(own) = subject.processes.get(name) {
                names.known(
                    Code::UnknownField,
                    "data field",
                    field,
                    &own.definition().data,
                    at.key("sees").name(field),
                );
            }
        }
    }
    for (name, hand_off) in &life_cycle.hand_offs {
        let at = Path::root("hand-offs").key(name);
        names.part("process", &hand_off.from.process, &life_cycle.processes, at.key("from"));
        names.part("process", &hand_off.to, &life_cycle.processes, at.key("to"));
        if let Some(sender) = subject.processes.get(&hand_off.from.process) {
            names.step(&hand_off.from.process, &hand_off.from.step, &sender.definition().steps, at.key("from"));
        }
    }
    for (name, promises) in &life_cycle.agreements {
        for (index, promise) in promises.iter().enumerate() {
            let at = Path::root("agreements").key(name).index(index);
            names.part("department", &promise.by, &life_cycle.departments, at.key("by"));
            names.part("department", &promise.to, &life_cycle.departments, at.key("to"));
            names.part("process", &promise.process, &life_cycle.processes, at.key("in"));
        }
    }
    let contact = life_cycle.contact.iter().map(|contact| ("contact", &contact.at));
    for (key, listed) in contact.chain(life_cycle.consent.iter().map(|consent| ("consent", &consent.at))) {
        for (index, touchpoint) in listed.iter().enumerate() {
            names.part("touchpoint", touchpoint, &life_cycle.touchpoints, Path::root(key).key("at").index(index));
        }
    }
    names.problems.extend(subject.departments_of_roles());
    names.problems.extend(subject.misnamed());
    names.problems
}

struct Names {
    problems: Vec<Problem>,
}

impl Names {
    /// Something that the life cycle declares. What is empty was refused by the reader.
    fn part<T>(&mut self, what: &str, name: &str, known: &IndexMap<String, T>, at: Path) {
        if !name.is_empty() {
            self.known(Code::UnknownPart, what, name, known, at);
        }
    }

    fn known<T>(&mut self, code: Code, what: &str, name: &str, known: &IndexMap<String, T>, at: Path) {
        if known.contains_key(name) {
            return;
        }
        let help = suggest(name, known.keys().map(String::as_str));
        let help = help.unwrap_or_else(|| format!("declare it, or leave it out: there is no {what} yet"));
        self.problems.push(Problem::error(code, at, format!("there is no {what} `{name}`")).help(help));
    }

    fn step<T>(&mut self, process: &str, step: &str, known: &IndexMap<String, T>, at: Path) {
        if !known.contains_key(step) {
            let problem = Problem::error(Code::UnknownStep, at, format!("`{process}` has no step `{step}`"));
            self.problems.push(problem.maybe_help(suggest(step, known.keys().map(String::as_str))));
        }
    }
}

impl Subject<'_> {
    /// Roles that belong to departments which the life cycle does not have.
    fn departments_of_roles(&self) -> Vec<Problem> {
        let mut told: Vec<&str> = Vec::new();
        let mut problems = Vec::new();
        for (name, process) in self.processes.sound() {
            for (role, declared) in &process.definition().roles {
                let Some(department) = declared.department.as_deref() else { continue };
                if self.life_cycle.departments.contains_key(department) || told.contains(&department) {
                    continue;
                }
                told.push(department);
                let message =
                    format!("role `{role}` of `{name}` belongs to department `{department}`, which is none of these");
                let near = suggest(department, self.life_cycle.departments.keys().map(String::as_str));
                let help = near.unwrap_or_else(|| {
                    format!("add it under `departments`, with whoever is in charge: `{department}: {{ owner: … }}`")
                });
                problems.push(Problem::error(Code::UnknownPart, Path::root("departments"), message).help(help));
            }
        }
        problems
    }

    /// Files that hold another process than the life cycle says.
    fn misnamed(&self) -> Vec<Problem> {
        let named = self.processes.sound().map(|(name, process)| (name, &process.definition().process));
        let wrong = named.filter(|(name, own)| name != own).map(|(name, own)| {
            let at = Path::root("processes").key(name).key("file");
            let problem =
                Problem::error(Code::UnknownPart, at, format!("the file holds the process `{own}`, not `{name}`"));
            problem.help(format!("call it `{own}` here too: it is by this name that others hand over to it"))
        });
        wrong.collect()
    }
}
