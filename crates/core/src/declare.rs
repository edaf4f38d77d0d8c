//! What a rule on the order of steps demands, and whether it was kept so far: the templates of DECLARE as small automata.
//!
//! The templates and their names are those of Pesic, Schonenberg and van der Aalst, "DECLARE: Full support for
//! loosely-structured processes" (EDOC 2007); their automata are read off the formulas in linear temporal logic over
//! finite traces (De Giacomo and Vardi, 2013).

use crate::definition::{Kind, Rule};
use crate::index::{StepIx, TokenIx};
use crate::kernel::{Case, Event, Phase};
use crate::plan::Plan;
use crate::time::Timestamp;

/// A template of a rule on one step, `a`, or on two, `a` and `b`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Template {
    /// `a` is done at least so many times.
    Existence,
    /// `a` is done at most so many times.
    AtMost,
    /// `a` is done exactly so many times.
    Exactly,
    /// `a` is never done.
    Absence,
    /// `a` is done before anything else.
    Init,
    /// Nothing is done after `a`, which is done.
    Last,
    /// `a` or `b` is done.
    Choice,
    /// `a` or `b` is done, but not both.
    ExclusiveChoice,
    /// Where `a` is done, `b` is done, before or after.
    RespondedExistence,
    /// Where one of them is done, the other is.
    CoExistence,
    /// After `a`, `b` is done.
    Response,
    /// After `a`, `b` is done before `a` is done again.
    AlternateResponse,
    /// Right after `a`, `b` is done.
    ChainResponse,
    /// Before `b`, `a` is done.
    Precedence,
    /// Before `b`, `a` is done, and no other `b` in between.
    AlternatePrecedence,
    /// Right before `b`, `a` is done.
    ChainPrecedence,
    /// After `a`, `b` is done, and before `b`, `a`.
    Succession,
    /// `a` and `b` are done in turns.
    AlternateSuccession,
    /// Right after `a`, `b` is done, and at no other time.
    ChainSuccession,
    /// Not both of them are done.
    NotCoExistence,
    /// After `a`, `b` is never done.
    NotSuccession,
    /// Right after `a`, `b` is not done.
    NotChainSuccession,
}

/// Where an automaton goes when `a` is done, `b`, or another step.
type Row = [u8; 3];

/// Whatever comes, the rule is broken.
const X: u8 = u8::MAX;

/// How a template is written, and what it demands.
struct Demand {
    key: &'static str,
    /// In words, with `a` and `b` for the steps and `n` for how often.
    says: &'static str,
    /// How many steps it is about.
    steps: usize,
    meaning: Meaning,
}

enum Meaning {
    /// So many times at least, or at most.
    Times { least: bool, most: bool },
    /// Never.
    Never,
    /// By these rows; the case may end in a state whose bit is set.
    Rows { rows: &'static [Row], may_end: u8 },
}

/// Of one step.
const fn one(key: &'static str, says: &'static str, meaning: Meaning) -> Demand {
    Demand { key, says, steps: 1, meaning }
}

/// Of two steps.
const fn two(key: &'static str, says: &'static str, rows: &'static [Row], may_end: u8) -> Demand {
    Demand { key, says, steps: 2, meaning: Meaning::Rows { rows, may_end } }
}

impl Template {
    /// All of them.
    pub const ALL: [Template; 22] = [
        Template::Existence,
        Template::AtMost,
        Template::Exactly,
        Template::Absence,
        Template::Init,
        Template::Last,
        Template::Choice,
        Template::ExclusiveChoice,
        Template::RespondedExistence,
        Template::CoExistence,
        Template::Response,
        Template::AlternateResponse,
        Template::ChainResponse,
        Template::Precedence,
        Template::AlternatePrecedence,
        Template::ChainPrecedence,
        Template::Succession,
        Template::AlternateSuccession,
        Template::ChainSuccession,
        Template::NotCoExistence,
        Template::NotSuccession,
        Template::NotChainSuccession,
    ];

    const fn demand(self) -> Demand {
        match self {
            Template::Existence => {
                one("existence", "a is done at least n", Meaning::Times { least: true, most: false })
            }
            Template::AtMost => one("at-most", "a is done at most n", Meaning::Times { least: false, most: true }),
            Template::Exactly => one("exactly", "a is done exactly n", Meaning::Times { least: true, most: true }),
            Template::Absence => one("absence", "a is never done", Meaning::Never),
            Template::Init => one(
                "init",
                "a is done before anything else",
                Meaning::Rows { rows: &[[1, X, X], [1, 1, 1]], may_end: 0b10 },
            ),
            Template::Last => one(
                "last",
                "a is the last that is done",
                Meaning::Rows { rows: &[[1, 0, 0], [1, 0, 0]], may_end: 0b10 },
            ),
            Template::Choice => two("choice", "a or b is done", &[[1, 1, 0], [1, 1, 1]], 0b10),
            Template::ExclusiveChoice => {
                two("exclusive-choice", "a or b is done, not both", &[[1, 2, 0], [1, X, 1], [X, 2, 2]], 0b110)
            }
            Template::RespondedExistence => {
                two("responded-existence", "where a is done, b is done", &[[1, 2, 0], [1, 2, 1], [2, 2, 2]], 0b101)
            }
            Template::CoExistence => two(
                "co-existence",
                "where one of a and b is done, the other is",
                &[[1, 2, 0], [1, 3, 1], [3, 2, 2], [3, 3, 3]],
                0b1001,
            ),
            Template::Response => two("response", "after a, b is done", &[[1, 0, 0], [1, 0, 1]], 0b01),
            Template::AlternateResponse => {
                two("alternate-response", "after a, b is done before a is done again", &[[1, 0, 0], [X, 0, 1]], 0b01)
            }
            Template::ChainResponse => two("chain-response", "right after a, b is done", &[[1, 0, 0], [X, 0, X]], 0b01),
            Template::Precedence => two("precedence", "before b, a is done", &[[1, X, 0], [1, 1, 1]], 0b11),
            Template::AlternatePrecedence => two(
                "alternate-precedence",
                "before b, a is done, and no other b in between",
                &[[1, X, 0], [1, 0, 1]],
                0b11,
            ),
            Template::ChainPrecedence => {
                two("chain-precedence", "right before b, a is done", &[[1, X, 0], [1, 0, 0]], 0b11)
            }
            Template::Succession => {
                two("succession", "after a, b is done, and before b, a", &[[1, X, 0], [1, 2, 1], [1, 2, 2]], 0b101)
            }
            Template::AlternateSuccession => {
                two("alternate-succession", "a and b are done in turns", &[[1, X, 0], [X, 0, 1]], 0b01)
            }
            Template::ChainSuccession => {
                two("chain-succession", "right after a, b is done, and at no other time", &[[1, X, 0], [X, 0, X]], 0b01)
            }
            Template::NotCoExistence => {
                two("not-co-existence", "not both a and b are done", &[[1, 2, 0], [1, X, 1], [X, 2, 2]], 0b111)
            }
            Template::NotSuccession => two("not-succession", "after a, b is never done", &[[1, 0, 0], [1, X, 1]], 0b11),
            Template::NotChainSuccession => {
                two("not-chain-succession", "right after a, b is not done", &[[1, 0, 0], [1, X, 0]], 0b11)
            }
        }
    }

    /// The key in a file.
    pub const fn key(self) -> &'static str {
        self.demand().key
    }

    /// How many steps it is about.
    pub const fn arity(self) -> usize {
        self.demand().steps
    }

    /// Whether it says how often.
    pub const fn is_counted(self) -> bool {
        matches!(self.demand().meaning, Meaning::Times { .. })
    }

    /// Whether it asks for other steps than those that it names, too.
    pub fn asks_for_others(self) -> bool {
        let Meaning::Rows { rows, .. } = self.demand().meaning else { return false };
        rows.iter().enumerate().any(|(state, [_, _, other])| usize::from(*other) != state)
    }

    /// What it demands of these steps, in words.
    pub fn says(self, steps: &[String], times: u32) -> String {
        let step = |at: usize| format!("`{}`", steps.get(at).map_or("", String::as_str));
        let often = match times {
            1 => "once".to_owned(),
            2 => "twice".to_owned(),
            times => format!("{times} times"),
        };
        let word = |word: &str| match word {
            "a" => step(0),
            "a," => format!("{},", step(0)),
            "b" => step(1),
            "b," => format!("{},", step(1)),
            "n" => often.clone(),
            word => word.to_owned(),
        };
        self.demand().says.split(' ').map(word).collect::<Vec<_>>().join(" ")
    }
}

/// A rule on the order of steps, compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint {
    template: Template,
    a: StepIx,
    b: StepIx,
    times: u32,
}

/// How far a rule has been kept in a case; the default is that of a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Progress {
    /// Nothing it asks for was done yet.
    #[default]
    New,
    /// It stands at that number.
    At(u32),
    /// It is broken, whatever comes.
    Broken,
}

impl Constraint {
    /// A rule of the plan's definition, if it is one on the order of steps.
    pub fn of(plan: &Plan, rule: &Rule) -> Option<Constraint> {
        let Rule::Order(order) = rule else { return None };
        let step = |at: usize| order.steps.get(at).and_then(|name| plan.step(name));
        let b = if order.template.arity() == 2 { step(1)? } else { StepIx::NONE };
        Some(Constraint { template: order.template, a: step(0)?, b, times: order.times })
    }

    /// Whether it matters to the rule that a step is done.
    pub fn watches(&self, plan: &Plan, step: StepIx) -> bool {
        step == self.a || step == self.b || (self.template.asks_for_others() && plan.is_activity(step))
    }

    /// Whether it may depend on how many instances a `for-each` step has: it counts what is done inside, or looks at steps
    /// inside one that goes on when enough of them have ended.
    pub fn depends_on_instances(&self, plan: &Plan) -> bool {
        let counts = |around: StepIx| match plan.step_definition(around).map(|step| &step.kind) {
            Some(Kind::ForEach(each)) => self.template.is_counted() || each.enough.is_some(),
            _ => false,
        };
        let around = |step: StepIx| std::iter::successors(plan.around(step), |step| plan.around(*step));
        [self.a, self.b].into_iter().flat_map(around).any(counts)
    }

    /// How far it is kept after a step was done.
    pub fn after(&self, plan: &Plan, progress: Progress, done: StepIx) -> Progress {
        let at = match progress {
            _ if !self.watches(plan, done) => return progress,
            Progress::Broken => return Progress::Broken,
            Progress::New => 0,
            Progress::At(at) => at,
        };
        let next = match self.template.demand().meaning {
            Meaning::Never => None,
            // Once there are enough, or too many, more make no difference.
            Meaning::Times { least, most } if at >= self.times => (least && !most).then_some(at),
            Meaning::Times { .. } => Some(at + 1),
            Meaning::Rows { rows, .. } => {
                let letter = if done == self.a { 0 } else { 1 + usize::from(done != self.b) };
                let row = rows.get(at as usize).copied().unwrap_or([X; 3]);
                Some(row[letter]).filter(|next| *next != X).map(u32::from)
            }
        };
        match next {
            Some(0) => Progress::New,
            Some(at) => Progress::At(at),
            None => Progress::Broken,
        }
    }

    /// How far it is kept after the events of a case, from its first one on, and the step that broke it when it was done.
    pub fn follow<'e>(
        &self,
        plan: &Plan,
        events: impl IntoIterator<Item = (Timestamp, &'e Event)>,
    ) -> (Progress, Option<StepIx>) {
        let (mut case, mut progress) = (Case::default(), Progress::New);
        for (at, event) in events {
            case.apply(at, event);
            let Some(done) = plan.done_by(&case, event) else { continue };
            progress = self.after(plan, progress, done);
            if progress == Progress::Broken {
                return (progress, Some(done));
            }
        }
        (progress, None)
    }

    /// Whether it is kept by a case that is over now.
    pub fn is_kept(&self, progress: Progress) -> bool {
        let at = match progress {
            Progress::Broken => return false,
            Progress::New => 0,
            Progress::At(at) => at,
        };
        match self.template.demand().meaning {
            Meaning::Never => true,
            Meaning::Times { least, .. } => !least || at >= self.times,
            Meaning::Rows { may_end, .. } => may_end >> at & 1 == 1,
        }
    }
}

impl Plan {
    /// The step that is done by an event, which has been applied to the case: one that takes time when it is completed, not
    /// when it is skipped; another as the case comes there. What only leads on is never done.
    pub fn done_by(&self, case: &Case, event: &Event) -> Option<StepIx> {
        match event {
            Event::WorkCompleted { token, .. } => case.token(*token).map(|item| item.step),
            Event::TokenPlaced { step, .. } => {
                let kind = &self.step_definition(*step)?.kind;
                (!kind.takes_time() && !kind.leads_on()).then_some(*step)
            }
            _ => None,
        }
    }

    /// The token that turns to what there is to do at its step by an event, which has been applied to the case: as it comes
    /// there, or once a gate lets it. One that goes on at once because a `while` does not hold never does.
    pub fn turns_to_by(&self, case: &Case, event: &Event) -> Option<TokenIx> {
        let (token, phase) = match event {
            Event::TokenPlaced { token, phase, .. } | Event::StepGated { token, phase } => (*token, *phase),
            _ => return None,
        };
        let takes_time = self.step_definition(case.token(token)?.step)?.kind.takes_time();
        let waits = matches!(phase, Phase::Gated | Phase::Undecided) || (takes_time && phase == Phase::Leaving);
        (!waits).then_some(token)
    }

    /// Whether a step is work, or waiting, by itself: nothing that is done at once, nor what contains other steps.
    pub fn is_activity(&self, step: StepIx) -> bool {
        let kind = self.step_definition(step).map(|step| &step.kind);
        kind.is_some_and(|kind| kind.takes_time() && kind.inside().is_empty())
    }
}

impl Kind {
    /// Whether it only leads on: a gateway, at which nothing is done.
    pub fn leads_on(&self) -> bool {
        matches!(self, Kind::Choose(_) | Kind::Some(_) | Kind::Fork(_) | Kind::Race(_) | Kind::Join(_))
    }
}
