//! Every stage is met by somebody, reached by some way, and left by some way unless it is the last.

use std::collections::HashSet;

use grieta_core::diagnostic::{Code, Path, Problem};

use super::Subject;

pub(super) fn find(subject: &Subject<'_>) -> Vec<Problem> {
    let (stages, touchpoints) = (&subject.life_cycle.stages, &subject.life_cycle.touchpoints);
    let mut reached: HashSet<&str> = HashSet::new();
    let mut open: Vec<&str> = stages.keys().take(1).map(String::as_str).collect();
    while let Some(stage) = open.pop() {
        if let Some(declared) = stages.get(stage).filter(|_| reached.insert(stage)) {
            open.extend(declared.next.iter().map(String::as_str));
        }
    }
    let mut problems = Vec::new();
    for (name, stage) in stages {
        let at = Path::root("stages").key(name);
        if !stage.last && !touchpoints.values().any(|touchpoint| touchpoint.stage == *name) {
            let message = format!("nobody meets a customer who is in stage `{name}`");
            let problem = Problem::warning(Code::UntouchedStage, at.clone(), message);
            problems.push(
                problem.help(format!("add a touchpoint with `stage: {name}`, or let the stages around it be one")),
            );
        }
        if !reached.contains(name.as_str()) {
            let message = format!("no way leads from the first stage to `{name}`");
            let problem = Problem::warning(Code::LostStage, at.clone(), message);
            problems.push(problem.help("name it under `next` of the stages it comes after"));
        }
        match (stage.last, stage.next.is_empty()) {
            (false, true) => {
                let problem = Problem::warning(Code::LostStage, at, format!("no way leads on from stage `{name}`"));
                problems.push(problem.help("name the stages that may come under `next`, or write `last: true`"));
            }
            (true, false) => {
                let message = format!("stage `{name}` is the last, and others come after it");
                problems.push(
                    Problem::warning(Code::LostStage, at.key("next"), message).help("leave out `last` or `next`"),
                );
            }
            _ => {}
        }
    }
    problems
}
