//! A deliberately naive explorer: every command by itself, every choice by trying all answers, states compared by what
//! they look like. It shares nothing with the search but the kernel.

use std::collections::{BTreeSet, HashMap};

use grieta_core::decision::{Decided, Table};
use grieta_core::expression::Compiled;
use grieta_core::kernel::{Asked, Case, Command, Decide, Event, Phase, Reason, Status, execute, possible};
use grieta_core::value::Value;
use grieta_core::{Duration, FieldIx, FlowIx, Plan, ScopeIx, StepIx, TokenIx};
use grieta_verifier::Verdict;
use smallvec::SmallVec;

/// Answers in the order of asking; what is asked beyond them is answered with the first, and noted.
#[derive(Default)]
struct Script {
    answers: Vec<usize>,
    asked: Vec<usize>,
}

impl Script {
    fn ask(&mut self, of: usize) -> usize {
        let answer = self.answers.get(self.asked.len()).copied().unwrap_or(0);
        self.asked.push(of);
        answer
    }

    fn may_fail(&mut self, asked: &Asked<'_>) -> Result<(), Reason> {
        if self.asked.len() > 24 {
            return Err(Reason::Evaluation("it asks for ever".into()));
        }
        match asked.may_fail() && self.ask(2) == 1 {
            true => Err(Reason::Evaluation("it fails".into())),
            false => Ok(()),
        }
    }
}

impl Decide for Script {
    fn is_past(&self, _used: Duration, _mark: Duration) -> bool {
        false
    }

    fn choose(&mut self, asked: Asked<'_>) -> Result<FlowIx, Reason> {
        self.may_fail(&asked)?;
        let branches: Vec<FlowIx> = asked.branches().map(|(flow, _)| flow).collect();
        Ok(branches[self.ask(branches.len())])
    }

    fn choose_some(&mut self, asked: Asked<'_>, taken: &mut SmallVec<[FlowIx; 8]>) -> Result<(), Reason> {
        self.may_fail(&asked)?;
        let branches: Vec<(FlowIx, bool)> = asked.branches().map(|(flow, guard)| (flow, guard.is_some())).collect();
        let guarded: Vec<FlowIx> = branches.iter().filter(|(_, guarded)| *guarded).map(|(flow, _)| *flow).collect();
        let otherwise = branches.iter().find(|(_, guarded)| !guarded).map(|(flow, _)| *flow);
        // Any set of them; the empty one is what happens otherwise.
        let set = self.ask(1 << guarded.len());
        taken.extend(guarded.iter().enumerate().filter(|(bit, _)| set >> bit & 1 == 1).map(|(_, flow)| *flow));
        if taken.is_empty() {
            taken.push(otherwise.unwrap_or(branches[0].0));
        }
        Ok(())
    }

    fn holds(&mut self, asked: Asked<'_>, _: &Compiled) -> Result<bool, Reason> {
        self.may_fail(&asked)?;
        Ok(self.ask(2) == 1)
    }

    fn set(&mut self, asked: Asked<'_>, field: FieldIx, _: &Compiled) -> Result<Value, Reason> {
        self.may_fail(&asked)?;
        Ok(asked.plan.plainest(field))
    }

    fn value(&mut self, asked: Asked<'_>, expression: &Compiled) -> Result<Value, Reason> {
        self.may_fail(&asked)?;
        Ok(Value::plain(expression.result_type()))
    }

    fn key(&mut self, asked: Asked<'_>, _: FieldIx) -> Result<(), Reason> {
        self.may_fail(&asked)
    }

    fn count(&mut self, asked: Asked<'_>, expression: &Compiled) -> Result<Value, Reason> {
        self.may_fail(&asked)?;
        Ok(Value::Integer(match expression.constant() {
            Some(Value::Integer(count)) => count.min(2),
            _ => self.ask(3) as i64,
        }))
    }

    fn decide(&mut self, asked: Asked<'_>, _: &Table) -> Result<Decided, Reason> {
        self.may_fail(&asked)?;
        Ok(Decided::default())
    }
}

/// A case with more tokens is not looked into.
const MOST_TOKENS: usize = 64;

/// A case and the ends it has come to.
#[derive(Clone)]
struct State {
    case: Case,
    ends: BTreeSet<(ScopeIx, StepIx)>,
}

impl State {
    /// What it looks like, without what does not decide its future.
    fn look(&self) -> String {
        let full = format!("{:?} {:?}", self.case, self.ends);
        let mut look = String::new();
        for part in full.split(", ") {
            let word = part.rsplit(['{', '[', '(']).next().unwrap_or(part).trim();
            let name = word.split(':').next().unwrap_or(word);
            if !["since", "visit", "attempt", "due", "started", "reached", "used", "unanswered"].contains(&name) {
                look += part;
                look.push(',');
            }
        }
        // The data stand still, and nobody counts visits or reads why something failed.
        let visits = look.find("visits:").unwrap_or(look.len());
        let (failures, after) = (look.find("failures:").unwrap(), look.find("instances:").unwrap());
        let (data, live) = (look.find("data:").unwrap_or(look.len()), look.find("live:").unwrap_or(look.len()));
        let ends = look.rfind('{').unwrap_or(look.len());
        [&look[..failures], &look[after..data], &look[live..visits], &look[ends..]].concat()
    }
}

/// The verdict; `None` where there are more than so many states, or more than so many answers.
pub fn verdict(plan: &Plan, most: usize) -> Option<Verdict> {
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let mut states = vec![State { case: Case::default(), ends: BTreeSet::new() }];
    let mut ways: Vec<Vec<usize>> = Vec::new();
    let mut reached: BTreeSet<StepIx> = BTreeSet::new();
    let mut bad = false;
    numbers.insert(states[0].look(), 0);
    while ways.len() < states.len() {
        let state = states[ways.len()].clone();
        let mut on = Vec::new();
        for command in commands(plan, &state.case) {
            for (next, end_again, steps) in results(plan, &state, &command)? {
                bad |= end_again;
                reached.extend(steps);
                bad |= next.case.tokens().any(|(_, item)| item.phase == Phase::Incident);
                let new = states.len();
                let number = *numbers.entry(next.look()).or_insert(new);
                if number == new {
                    states.push(next);
                }
                on.push(number);
            }
        }
        ways.push(on);
        if states.len() > most {
            return None;
        }
    }
    let over = |state: &State| matches!(state.case.status(), Status::Completed | Status::Cancelled);
    let mut ends: Vec<bool> = states.iter().map(over).collect();
    while let Some(state) = (0..states.len()).find(|state| !ends[*state] && ways[*state].iter().any(|to| ends[*to])) {
        ends[state] = true;
    }
    let all = ends.iter().all(|ends| *ends) && reached.len() == plan.step_count();
    Some(if all && !bad { Verdict::Sound } else { Verdict::Unsound })
}

/// The commands, but that nobody adds a third instance.
fn commands(plan: &Plan, case: &Case) -> Vec<Command> {
    if matches!(case.status(), Status::Completed | Status::Cancelled) {
        return Vec::new();
    }
    let third = |token: &TokenIx| case.instances(*token).is_some_and(|counts| counts.total >= 2);
    let all = possible(plan, case).into_iter();
    all.filter(|command| !matches!(command, Command::AddInstance { token } if third(token))).collect()
}

/// Every result a command can have: the state, whether an end was reached again, and the steps that were reached.
fn results(plan: &Plan, state: &State, command: &Command) -> Option<Vec<(State, bool, Vec<StepIx>)>> {
    let mut results = Vec::new();
    let mut answers: Vec<usize> = Vec::new();
    loop {
        let mut script = Script { answers: answers.clone(), asked: Vec::new() };
        let State { mut case, mut ends } = state.clone();
        let (mut again, mut steps) = (false, Vec::new());
        let due =
            if let Command::TimerDue { timer } = command { case.timer(*timer).map(|timer| timer.due) } else { None };
        let at = due.unwrap_or(case.reached()).max(case.reached());
        let mut sink = |_: &Case, _, event: &Event| match event {
            Event::TokenPlaced { step, scope, .. } => {
                steps.push(*step);
                again |= plan.is_end(*step) && !ends.insert((*scope, *step));
            }
            Event::ScopeOpened { scope, .. } | Event::UndoBegan { scope, .. } | Event::ScopeClosed { scope } => {
                ends.retain(|(known, _)| known != scope);
            }
            _ => {}
        };
        execute(plan, &mut case, at, command, &mut script, &mut sink).ok()?;
        if script.asked.len() > 24 || case.live() > MOST_TOKENS {
            return None;
        }
        results.push((State { case, ends }, again, steps));
        if results.len() > 2_000 {
            return None;
        }
        // The next answers: the last that can be raised is.
        answers.resize(script.asked.len(), 0);
        loop {
            let Some(last) = answers.pop() else { return Some(results) };
            if last + 1 < script.asked[answers.len()] {
                answers.push(last + 1);
                break;
            }
        }
    }
}
