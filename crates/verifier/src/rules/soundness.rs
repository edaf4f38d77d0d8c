//! What keeps a process from being sound, with the way there and the usual remedy.

use std::collections::HashSet;

use grieta_core::diagnostic::{Code, Path, Problem};
use grieta_core::kernel::{Reason, Waiting, WaitsFor};
use grieta_core::{CrackIx, StepIx};
use petgraph::graph::NodeIndex;

use super::{Subject, flow};
use crate::soundness::{Trace, Trouble, Verdict};

pub(super) fn find(subject: &Subject<'_>) -> Vec<Problem> {
    let known = subject.plan.process().warnings().list.iter();
    let unreachable = known.filter(|problem| problem.code == Code::UnreachableStep);
    let unreachable = unreachable.filter_map(|problem| problem.path.step()).collect();
    let dead = |trouble: &Trouble| if let Trouble::DeadStep { step } = trouble { Some(*step) } else { None };
    let dead: HashSet<StepIx> = subject.soundness.troubles.iter().filter_map(dead).collect();
    let troubles = subject.soundness.troubles.iter().filter_map(|trouble| subject.trouble(trouble, &unreachable));
    let idle = subject.soundness.idle_cracks.iter().filter_map(|crack| subject.idle(*crack, &dead));
    troubles.chain(idle).chain(subject.unknown()).collect()
}

impl Subject<'_> {
    fn trouble(&self, trouble: &Trouble, unreachable: &HashSet<&str>) -> Option<Problem> {
        let problem = match trouble {
            Trouble::Stuck { waiting, trace } => self.stuck(waiting, trace),
            Trouble::Livelock { steps, .. } => self.livelock(steps),
            Trouble::EndAgain { end, .. } => self.end_again(*end),
            Trouble::Incident { step, reason, .. } => self.incident(*step, reason),
            Trouble::Endless { step, .. } => self.endless(*step),
            Trouble::DeadStep { step } => return self.dead_step(*step, unreachable),
        };
        let story = trouble.trace().map(|trace| trace.story(self.plan));
        Some(problem.told(story.unwrap_or_default()))
    }

    fn stuck(&self, waiting: &[Waiting], trace: &Trace) -> Problem {
        if let Some(problem) = waiting.iter().find_map(|waiting| self.nobody_left(waiting, trace)) {
            return problem;
        }
        let mut what: Vec<String> = waiting.iter().map(Waiting::to_string).collect();
        what.dedup();
        let what = what.join("; ");
        let at = waiting.first().map(|waiting| waiting.step.as_str()).unwrap_or_default();
        let problem = Problem::error(Code::Stuck, Path::root("steps").key(at), format!("a case can get stuck: {what}"));
        problem.help(match waiting.first().map(|waiting| &waiting.waits_for) {
            Some(WaitsFor::Branches(_)) => self.unjoin(at, trace),
            Some(WaitsFor::Gate(_)) => "let whatever it waits for come before it on every way there".to_owned(),
            _ => "let something lead on from there: an outcome, a timer, or a crack with `then`".to_owned(),
        })
    }

    /// Work that nobody may do any more.
    fn nobody_left(&self, waiting: &Waiting, trace: &Trace) -> Option<Problem> {
        let (step, people) = (self.plan.step(&waiting.step)?, self.plan.staff()?);
        let (WaitsFor::Role(role) | WaitsFor::Allocation(role)) = &waiting.waits_for else { return None };
        let others = self.plan.other_eyes(step);
        let case = trace.replay(self.plan, |_, _, _| {});
        let mut did: Vec<String> = Vec::new();
        for person in people.of_role(role) {
            let name = people.name(*person);
            if let Some(skill) = people.lacks(*person, self.plan.needs(step)) {
                did.push(format!("{name} has no `{skill}`"));
                continue;
            }
            let other = case.has_done(others, *person)?;
            did.push(format!("{name} is kept from it by `{}`", self.plan.step_name(other)));
        }
        let name = &waiting.step;
        let message =
            format!("a case can get stuck: nobody of `{role}` is left who may do `{name}`: {}", did.join(", "));
        let problem = Problem::error(Code::FourEyes, Path::root("steps").key(name), message);
        Some(problem.help(format!(
            "let more people have the role `{role}`, take `{name}` out of the rule, or give it a crack that leads on, such as \
             `{{ on: deadline, after: 2 d, do: fail, then: next-step }}`"
        )))
    }

    /// What to do about a join that waits for what never comes.
    fn unjoin(&self, join: &str, trace: &Trace) -> String {
        let behind =
            self.plan.step(join).map(|join| flow::reachable(self.plan.process(), NodeIndex::new(join.at()), |_| false));
        let strands = |end: &&StepIx| !behind.as_ref().is_some_and(|behind| behind[end.at()]);
        match trace.ends(self.plan).iter().find(strands).map(|end| self.plan.step_name(*end)) {
            Some(end) => format!(
                "one branch comes to the end `{end}` while `{join}` waits for it: lead it to `{join}` as well, let the end be \
                 `end: {{ terminate: true }}` if it ends the others too, or let `{join}` be `join: live`"
            ),
            None => format!(
                "not every branch that `{join}` waits for begins: where only one of several ways is taken, they come together \
                 at a step that is no `join`; where some are, at one with `join: live`"
            ),
        }
    }

    fn livelock(&self, steps: &[StepIx]) -> Problem {
        let around: Vec<String> = steps.iter().map(|step| format!("`{}`", self.plan.step_name(*step))).collect();
        let message = format!("a case can go on for ever without an end in reach, at {}", around.join(", "));
        let path = steps.first().map_or_else(Path::default, |step| self.path(*step));
        let help = "let one of these steps lead to an end: by an outcome, a choice, or a crack with `then`";
        Problem::error(Code::Livelock, path, message).help(help)
    }

    fn end_again(&self, end: StepIx) -> Problem {
        let name = self.plan.step_name(end);
        let message = format!("the end `{name}` can be reached twice by the same case");
        Problem::warning(Code::EndAgain, self.path(end), message).help(
            "bring the branches together where they meet first: with `join: all` where all of them come, with \
             `join: live` where some may not; where a crack leads there, let it stop its step (`do: fail`, or \
             `interrupts: true`)",
        )
    }

    fn incident(&self, step: StepIx, reason: &Reason) -> Problem {
        let name = self.plan.step_name(step);
        let message = format!("a case can stand still at `{name}`: {}", reason.explain(self.plan, step));
        let (path, help) = match reason {
            Reason::Unanswered(crack) => (
                self.crack_path(step, *crack),
                "say what is done then: `do:` with a response, `then:` with a step, or both",
            ),
            Reason::NoBranch => (self.path(step), "add `{ otherwise: step }` as the last branch"),
            Reason::TooMuchWork(_) => {
                (self.path(step), "let the loop hold a step that takes time, or count its rounds")
            }
            _ => (self.path(step), "add a crack with `on: constraint` that says what is done then"),
        };
        Problem::warning(Code::UnansweredCrack, path, message).help(help)
    }

    fn endless(&self, step: StepIx) -> Problem {
        let name = self.plan.step_name(step);
        let message = format!("the tokens of a case can become more and more, at `{name}`");
        let help = "bring what the loop starts together again, at a `join`, before it goes on";
        Problem::error(Code::Endless, self.path(step), message).help(help)
    }

    /// That of a step to which no way leads is known to all who check the definition.
    fn dead_step(&self, step: StepIx, unreachable: &HashSet<&str>) -> Option<Problem> {
        let path = self.path(step);
        if unreachable.contains(self.plan.step_name(step)) {
            return None;
        }
        let message = format!("no case ever comes to `{}`", self.plan.step_name(step));
        let help = "look at what should lead there: a join that never goes on, or a crack that never strikes";
        Some(Problem::warning(Code::DeadStep, path, message).help(help))
    }

    /// A crack of a step to which nobody comes is no news.
    fn idle(&self, crack: CrackIx, dead: &HashSet<StepIx>) -> Option<Problem> {
        let step = self.plan.cracked(crack)?;
        if dead.contains(&step) {
            return None;
        }
        let message =
            format!("crack `{}` of `{}` never strikes", self.plan.crack_name(step, crack), self.plan.step_name(step));
        let help = "look at when it should: perhaps the work is always over before, or another crack comes first";
        Some(Problem::warning(Code::IdleCrack, self.crack_path(step, crack), message).help(help))
    }

    fn unknown(&self) -> Option<Problem> {
        let grave = |trouble: &Trouble| {
            matches!(trouble, Trouble::Stuck { .. } | Trouble::Livelock { .. } | Trouble::Endless { .. })
        };
        // Where there is an error, that comes first.
        if self.soundness.complete || self.soundness.troubles.iter().any(grave) {
            return None;
        }
        let message = match self.soundness.verdict {
            Verdict::Unsound => {
                "there may be more that keeps cases from their end: not all was looked into that can happen"
            }
            _ => "whether every case can end is not proved: not all was looked into that can happen",
        };
        let problem = Problem::warning(Code::TooLargeToProve, Path::root("start"), message);
        Some(problem.help(match self.soundness.too_many_states {
            true => "put a part of it into a process of its own and `call` it, or allow more with `--states`",
            // More tokens than are looked into at once, or more results of one command.
            false => "let fewer things go on at the same time: put what a branch does into a process of its own and `call` it",
        }))
    }
}
