//! What the events of a case cover.

use std::collections::HashMap;

use fixedbitset::FixedBitSet;
use grieta_core::definition::{Kind, Response};
use grieta_core::kernel::{Case, Event};
use grieta_core::{CrackIx, FlowIx, Plan, StepIx, TokenIx};
use grieta_runtime::Recorded;

use super::element::Element;

/// Positions of elements by the indices of a plan.
#[derive(Debug, Default)]
pub(super) struct Index {
    steps: Vec<Option<usize>>,
    /// What is covered when a token comes by a flow.
    taken: Vec<Option<usize>>,
    /// What is covered when work is completed by a flow.
    answered: Vec<Option<usize>>,
    cracks: Vec<Struck>,
    /// By step, where the rules of its decision table begin, and how many they are.
    rules: Vec<Option<(usize, usize)>>,
}

/// What is covered when a crack strikes, and when its `do` is carried out.
#[derive(Debug, Clone, Copy, Default)]
struct Struck {
    crack: Option<usize>,
    done: Option<usize>,
    answer: Option<Answer>,
}

/// By which event it is known that what a crack says under `do` was carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Retry,
    Restart,
    Reoffer,
    Reallocate,
    Skip,
    Fail,
    CancelCase,
    CancelAll,
    Continue,
}

impl Answer {
    fn of(response: &Response) -> Option<Answer> {
        Some(match response {
            Response::Retry { .. } => Answer::Retry,
            Response::Restart => Answer::Restart,
            Response::Reoffer(_) => Answer::Reoffer,
            Response::Reallocate(_) => Answer::Reallocate,
            Response::Skip(_) => Answer::Skip,
            Response::Fail => Answer::Fail,
            Response::CancelCase => Answer::CancelCase,
            Response::CancelAll => Answer::CancelAll,
            Response::Continue => Answer::Continue,
            _ => return None,
        })
    }
}

impl Index {
    /// All elements of a plan in the order of its definition, and where they are found.
    pub fn of(plan: &Plan) -> (Index, Vec<Element>) {
        let flows = (0..u16::MAX).map(FlowIx).map(|flow| (plan.flow_id(flow), flow));
        let flows = flows.take_while(|(id, _)| !id.is_empty()).collect();
        let mut builder = Builder { plan, flows, index: Index::default(), elements: Vec::new() };
        builder.index.cracks.resize(plan.crack_count(), Struck::default());
        for (number, (name, step)) in plan.definition().steps.iter().enumerate() {
            let at = builder.push(Element::step(name, step));
            builder.index.steps.push(Some(at));
            builder.step(StepIx(u16::try_from(number).unwrap_or(u16::MAX)));
        }
        if let Some(root) = plan.root() {
            builder.cracks(root);
        }
        builder.tables();
        (builder.index, builder.elements)
    }

    /// Marks what the events of a case cover.
    pub fn read(&self, history: &[Recorded], seen: &mut FixedBitSet) {
        let (mut case, mut reader) = (Case::default(), Reader { index: self, seen, struck: Vec::new() });
        for recorded in history {
            reader.event(&case, &recorded.event);
            case.apply(recorded.at, &recorded.event);
        }
    }
}

/// Numbers the elements.
struct Builder<'a> {
    plan: &'a Plan,
    /// The flows by name.
    flows: HashMap<&'a str, FlowIx>,
    index: Index,
    elements: Vec<Element>,
}

impl Builder<'_> {
    fn push(&mut self, element: Element) -> usize {
        self.elements.push(element);
        self.elements.len() - 1
    }

    /// The ways on from a step, and its cracks.
    fn step(&mut self, step: StepIx) {
        let Some(definition) = self.plan.step_definition(step) else { return };
        let name = self.plan.step_name(step);
        for flow in self.plan.ways_on(step) {
            let id = self.plan.flow_id(flow);
            let is_outcome = !id.contains('#');
            let at = self.push(Element::way(id, name, definition));
            let by = if is_outcome { &mut self.index.answered } else { &mut self.index.taken };
            put(by, flow.at(), at);
        }
        self.cracks(step);
    }

    fn cracks(&mut self, step: StepIx) {
        let (plan, name) = (self.plan, self.plan.step_name(step));
        for (crack, declared) in plan.declared_cracks(step).into_iter().flatten() {
            let Some(number) = plan.crack(step, crack) else { continue };
            let (itself, done, then) = Element::crack(plan, name, crack, declared);
            let itself = self.push(itself);
            let done = done.map(|done| self.push(done));
            if let Some(struck) = self.index.cracks.get_mut(number.at()) {
                let answer = declared.response.as_ref().and_then(Answer::of);
                *struck = Struck { crack: Some(itself), done, answer };
            }
            if let Some(then) = then {
                let at = self.push(then);
                if let Some(flow) = self.flows.get(format!("{name}!{crack}").as_str()) {
                    put(&mut self.index.taken, flow.at(), at);
                }
            }
        }
    }

    /// The rules of the tables by which some step decides.
    fn tables(&mut self) {
        let definition = self.plan.definition();
        for (table, decision) in &definition.decisions {
            let decides = |kind: &Kind| matches!(kind, Kind::Decide(by) if by == table);
            let steps = definition.steps.values().enumerate().filter(|(_, step)| decides(&step.kind));
            let steps: Vec<usize> = steps.map(|(number, _)| number).collect();
            if steps.is_empty() {
                continue;
            }
            let rules = (self.elements.len(), decision.rules.len());
            self.elements.extend(Element::rules(table, decision));
            for step in steps {
                put(&mut self.index.rules, step, rules);
            }
        }
    }
}

fn put<T: Clone>(list: &mut Vec<Option<T>>, at: usize, value: T) {
    if list.len() <= at {
        list.resize(at + 1, None);
    }
    list[at] = Some(value);
}

/// Reads the events of one case.
struct Reader<'a> {
    index: &'a Index,
    seen: &'a mut FixedBitSet,
    /// Tokens that a crack has struck which is still to be answered.
    struck: Vec<(TokenIx, CrackIx)>,
}

impl Reader<'_> {
    /// Marks what an event covers; `case` is as it was before.
    fn event(&mut self, case: &Case, event: &Event) {
        match event {
            Event::TokenPlaced { token, step, via, .. } => {
                self.forget(*token);
                self.mark(get(&self.index.steps, step.at()));
                self.mark(self.by(&self.index.taken, *via));
            }
            Event::WorkCompleted { outcome, .. } => self.mark(self.by(&self.index.answered, *outcome)),
            Event::Decided { token, rules } => {
                let step = case.token(*token).map_or(StepIx::NONE, |item| item.step);
                if let Some((first, count)) = get(&self.index.rules, step.at()) {
                    let applied = rules.iter().map(|rule| *rule as usize).filter(|rule| *rule < count);
                    applied.for_each(|rule| self.seen.insert(first + rule));
                }
            }
            Event::CrackStruck { token, crack, .. } => {
                self.mark(self.of(*crack).crack);
                self.await_answer(*token, *crack);
            }
            // Another token may wait for what is undone, and the crack is answered there.
            Event::CompensationBegan { token, crack, .. } => self.await_answer(*token, *crack),
            Event::WorkDelayed { token, .. } => self.answered(*token, Answer::Retry),
            Event::WorkRepeated { token, .. } => self.answered(*token, Answer::Restart),
            Event::WorkOffered { token, .. } => self.answered(*token, Answer::Reoffer),
            Event::WorkReallocated { token, .. } => self.answered(*token, Answer::Reallocate),
            Event::WorkSkipped { token, .. } => self.answered(*token, Answer::Skip),
            Event::WorkFailed { token } => self.answered(*token, Answer::Fail),
            Event::CaseCancelled => self.cancelled(Answer::CancelCase),
            Event::AllCancelled { .. } => self.cancelled(Answer::CancelAll),
            Event::TokenSplit { new: token, .. } | Event::IncidentRaised { token, .. } => self.forget(*token),
            _ => {}
        }
    }

    fn mark(&mut self, element: Option<usize>) {
        if let Some(element) = element {
            self.seen.insert(element);
        }
    }

    fn by(&self, list: &[Option<usize>], flow: FlowIx) -> Option<usize> {
        get(list, flow.at())
    }

    fn of(&self, crack: CrackIx) -> Struck {
        self.index.cracks.get(crack.at()).copied().unwrap_or_default()
    }

    /// A crack is to be answered at a token. To go on needs no event of its own.
    fn await_answer(&mut self, token: TokenIx, crack: CrackIx) {
        self.forget(token);
        match self.of(crack) {
            Struck { done, answer: Some(Answer::Continue), .. } => self.mark(done),
            Struck { answer: Some(_), .. } => self.struck.push((token, crack)),
            _ => {}
        }
    }

    /// What happened to a token is how a crack is answered; if one is, that was it.
    fn answered(&mut self, token: TokenIx, by: Answer) {
        let struck = self.struck.iter().find(|(struck, _)| *struck == token).map(|(_, crack)| self.of(*crack));
        if let Some(struck) = struck.filter(|struck| struck.answer == Some(by)) {
            self.mark(struck.done);
            self.forget(token);
        }
    }

    /// The case was cancelled: by a crack that says so, if one has struck, wherever that was.
    fn cancelled(&mut self, by: Answer) {
        let struck = self.struck.iter().rev().map(|(_, crack)| self.of(*crack));
        let struck = struck.into_iter().find(|struck| struck.answer == Some(by));
        self.mark(struck.and_then(|struck| struck.done));
    }

    fn forget(&mut self, token: TokenIx) {
        self.struck.retain(|(struck, _)| *struck != token);
    }
}

fn get<T: Copy>(list: &[Option<T>], at: usize) -> Option<T> {
    list.get(at).copied().flatten()
}
