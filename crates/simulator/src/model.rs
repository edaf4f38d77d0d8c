//! What the simulator needs to know about a plan, compiled once and shared by all replications.

mod people;

use std::sync::Arc;

use grieta_core::calendar::Calendar;
use grieta_core::definition::{
    Allocation, Chance, Crack, Definition, Distribution, Field, Kind, OutcomeChance, Sample, Simulation, Step, Trigger,
    Type, Unit,
};
use grieta_core::diagnostic::{Code, Path, Problem, Problems};
use grieta_core::value::{Bounds, Decimal, Value};
use grieta_core::{CrackIx, Duration, FieldIx, FlowIx, Plan, Process, StepIx, Timestamp};

use crate::arrivals::{self, Source};
use crate::connections;
use crate::crew::Crew;
use crate::random::{Purpose, Stream, name_key, salt};
use crate::sampler::Sampler;
pub(crate) use people::{BatchModel, MOST_ABSENCES, RoleModel};

/// A plan with everything that has to be imagined about it.
#[derive(Debug)]
pub(crate) struct Model {
    pub plan: Arc<Plan>,
    pub start: Timestamp,
    pub steps: Vec<StepModel>,
    pub roles: Vec<RoleModel>,
    /// Fields drawn when a case starts.
    pub fields: Vec<FieldModel>,
    pub arrivals: Option<Source>,
    /// Whether what one case does may concern another.
    pub traffic: bool,
    /// Who the people are, where that matters.
    pub crew: Option<Crew>,
    /// Whether cases are done together anywhere.
    pub batches: bool,
    /// Whether more may follow from the beginning of work than that somebody does it.
    pub careful: bool,
    /// How many cracks are watched: of each it is kept how long the cases waited that it did not strike.
    pub watched: usize,
    /// Stretches to measure: from the first beginning of one step to that of another.
    pub stretches: Vec<(StepIx, StepIx)>,
    /// The calendar of the process, where figures are also kept by replication.
    pub closely: Option<Calendar>,
    /// What had to be assumed because the definition does not say it.
    pub assumptions: Vec<String>,
    /// How many steps the processes before this one have, where several are simulated together.
    pub steps_before: usize,
    /// Sets the random numbers of this process apart from those of others; 0 where it is alone.
    pub salt: u64,
}

/// How the world answers at a step.
#[derive(Debug, Default)]
pub(crate) struct StepModel {
    pub takes: Option<Sampler>,
    /// On which the duration counts; `None` for elapsed time.
    pub calendar: Option<Calendar>,
    /// An outside party does it.
    pub is_outside: bool,
    pub duration_salt: u64,
    pub outcome_salt: u64,
    /// For the keys of the cases that are started here.
    pub case_salt: u64,
    pub flow: Option<FlowIx>,
    /// For each outcome the 64-bit number below which a draw means it or an earlier one.
    pub thresholds: Vec<u64>,
    /// Cracks by chance that strike when the work is done.
    pub failing: Vec<CrackModel>,
    /// Cracks by chance that mean that nobody acts.
    pub silent: Vec<CrackModel>,
    /// Cracks by chance that come from outside meanwhile.
    pub outside: Vec<CrackModel>,
    /// Cracks by which whoever waits for a person gives up.
    pub patience: Vec<Patience>,
    pub writes: Vec<FieldModel>,
    /// How many are done together.
    pub batch: Option<Box<BatchModel>>,
}

impl StepModel {
    /// The share of each outcome.
    pub fn shares(&self) -> impl Iterator<Item = f64> {
        let before = std::iter::once(0).chain(self.thresholds.iter().copied());
        let whole = |(above, below): (&u64, u64)| (above.saturating_sub(below)) as f64 / 18_446_744_073_709_551_616.0;
        self.thresholds.iter().zip(before).map(whole)
    }
}

/// A crack that strikes by chance.
#[derive(Debug, Clone)]
pub(crate) struct CrackModel {
    pub crack: CrackIx,
    pub salt: u64,
    below: u64,
    /// Strikes at once, because it has no timer.
    pub at_once: bool,
    /// Where a case notes that it was struck; past the end where nobody watches.
    pub mark: u16,
    /// It never strikes: it is only noted that it would have.
    pub ghost: bool,
}

impl CrackModel {
    fn new(crack: CrackIx, chance: Chance, at_once: bool, step_key: u64, name: &str) -> CrackModel {
        let salt = salt(step_key, Purpose::Crack(name_key(name)));
        CrackModel { crack, salt, below: share_of_draws(chance.as_f64()), at_once, mark: UNWATCHED, ghost: false }
    }

    #[inline]
    pub fn strikes(&self, draw: u64) -> bool {
        draw < self.below
    }
}

/// How long whoever waits for a person does so.
#[derive(Debug, Clone)]
pub(crate) struct Patience {
    pub crack: CrackModel,
    pub lasts: Sampler,
    /// On which that counts; `None` for elapsed time.
    pub calendar: Option<Calendar>,
}

/// How the value of a field is drawn.
#[derive(Debug, Clone)]
pub(crate) struct FieldModel {
    pub field: FieldIx,
    pub salt: u64,
    pub draw: FieldDraw,
}

#[derive(Debug, Clone)]
pub(crate) enum FieldDraw {
    /// A number, rounded to what the field holds, and no further than its bounds.
    Number { sampler: Sampler, kind: Type, bounds: Bounds },
    /// One of these, by cumulative thresholds.
    Weights { thresholds: Vec<u64>, values: Vec<Value> },
    /// The name of the field and the number of the case.
    Ordinal(String),
}

impl FieldModel {
    /// The value of the field for a case, from a draw of its own.
    pub fn value(&self, ordinal: u64, stream: &mut Stream) -> Value {
        match &self.draw {
            FieldDraw::Number { sampler, kind, bounds } => bounds.nearest(number(*kind, sampler.sample(stream))),
            FieldDraw::Weights { thresholds, values } => values[pick(thresholds, stream.next_u64())].clone(),
            FieldDraw::Ordinal(name) => Value::Text(format!("{name}-{ordinal}").into()),
        }
    }
}

/// The first position whose threshold lies above the draw.
#[inline]
pub(crate) fn pick(thresholds: &[u64], draw: u64) -> usize {
    thresholds.iter().position(|threshold| draw < *threshold).unwrap_or(thresholds.len() - 1)
}

fn number(kind: Type, sampled: f64) -> Value {
    match kind {
        Type::Integer => Value::Integer(libm::round(sampled).clamp(-9e18, 9e18) as i64),
        Type::Duration => Value::Duration(Duration::from_micros(libm::round(sampled).clamp(-9e18, 9e18) as i64)),
        // Six places are enough for an imagined number, and survive being written as text.
        _ => Value::Decimal(Decimal::from_billionths(libm::round(sampled.clamp(-1e15, 1e15) * 1e6) as i128 * 1_000)),
    }
}

impl Model {
    /// What an hour of work of a person of the role costs, where the definition says so.
    pub fn rate(&self, role: &str) -> Option<f64> {
        let cost = self.plan.definition().roles.get(role)?.cost.as_ref()?;
        Some(cost.per_hour.billionths() as f64 / 1e9)
    }

    /// The place of a step among those of all processes.
    pub fn place(&self, step: StepIx) -> usize {
        self.steps_before + step.at()
    }

    /// The seed of the random numbers of this process.
    pub fn seed(&self, seed: u64) -> u64 {
        seed ^ self.salt
    }

    /// Compiles a process; the problems name what the simulator lacks.
    pub fn new(process: &Arc<Process>) -> Result<Model, Problems> {
        Model::among(process, &[process.definition()])
    }

    /// Compiles one of several processes that are simulated together.
    pub fn among(process: &Arc<Process>, all: &[&Definition]) -> Result<Model, Problems> {
        let plan = Arc::new(Plan::new(process.clone())?);
        Compiler { process, plan: &plan, all, problems: Vec::new(), assumptions: Vec::new() }.compile()
    }
}

/// The mark of a crack that nobody watches.
pub(crate) const UNWATCHED: u16 = u16::MAX;

struct Compiler<'a> {
    process: &'a Process,
    plan: &'a Arc<Plan>,
    /// The definitions of all processes that are simulated.
    all: &'a [&'a Definition],
    problems: Vec<Problem>,
    assumptions: Vec<String>,
}

impl Compiler<'_> {
    fn compile(mut self) -> Result<Model, Problems> {
        let definition = self.process.definition();
        let empty = Simulation::default();
        let simulation = definition.simulation.as_ref().unwrap_or(&empty);
        let start = self.start(simulation);
        let arrivals = simulation.arrivals.as_ref().and_then(|arrivals| {
            let compiled = Source::compile(arrivals, simulation, self.process, start);
            compiled
                .map_err(|wrong| {
                    self.problem(Code::InvalidArrivals, Path::root("simulation").key(wrong.key), wrong.message)
                })
                .ok()
        });
        let whole = definition.whole();
        let steps = definition.steps.iter().chain(whole.as_ref().map(|whole| (&definition.process, whole)));
        let steps = steps.enumerate();
        let steps: Vec<_> =
            steps.map(|(index, (name, step))| self.step(simulation, StepIx(index as u16), name, step)).collect();
        self.problems.extend(definition.roles.keys().filter_map(|name| people::too_often(simulation, name)));
        let role = |name: &String| RoleModel::of(self.process, simulation, start, name);
        let mut roles: Vec<RoleModel> = definition.roles.keys().map(role).collect();
        let fields = self.start_fields(simulation);
        let crew = Crew::new(self.process, self.plan, self.all).unwrap_or_else(|assumption| {
            self.assumptions.push(assumption);
            None
        });
        let traffic = connections::has_traffic(self.all);
        let steps_of_all = || self.all.iter().flat_map(|definition| definition.steps.values());
        let batches = steps_of_all().any(|step| step.batch.is_some());
        if batches {
            roles.iter_mut().for_each(|role| role.together = true);
        }
        crew.iter().for_each(|crew| roles.iter_mut().enumerate().for_each(|(role, model)| crew.fill(role, model)));
        let alone = !traffic && crew.is_none();
        let ranked = definition.roles.values().any(|role| role.queue.interrupts);
        if (crew.is_some() || batches) && ranked {
            let assumption = "nobody lays work aside for other work: it matters who does what";
            self.assumptions.push(assumption.to_owned());
        }
        let problems = Problems { source: None, list: self.problems };
        if problems.has_errors() {
            return Err(problems);
        }
        Ok(Model {
            plan: self.plan.clone(),
            start,
            steps,
            roles,
            fields,
            arrivals,
            traffic,
            crew,
            batches,
            careful: self.all.len() > 1
                || !alone
                || batches
                || ranked
                || self.plan.is_watchful()
                || connections::can_undo(definition),
            watched: 0,
            stretches: Vec::new(),
            closely: (!definition.goals.is_empty()).then(|| self.process.calendar_of(None)),
            assumptions: self.assumptions,
            steps_before: 0,
            salt: 0,
        })
    }

    fn problem(&mut self, code: Code, path: Path, message: impl Into<String>) {
        self.problems.push(Problem::error(code, path, message));
    }

    fn start(&mut self, simulation: &Simulation) -> Timestamp {
        let day = simulation.start.as_deref().unwrap_or("2026-01-05");
        let parsed = day.parse::<chrono::NaiveDate>().ok().and_then(|day| day.and_hms_opt(0, 0, 0));
        match parsed {
            Some(midnight) => self.process.calendar_of(None).local_to_utc(midnight),
            None => {
                let path = Path::root("simulation").key("start");
                self.problem(Code::WrongType, path, format!("expected a day such as `2026-01-05`, found `{day}`"));
                Timestamp::EPOCH
            }
        }
    }

    fn step(&mut self, simulation: &Simulation, index: StepIx, name: &str, step: &Step) -> StepModel {
        let key = name_key(step.same_as.as_deref().unwrap_or(name));
        let (takes, role, timed) = match &step.kind {
            Kind::Human { takes, role, .. } => (takes.as_ref(), Some(role.as_str()), true),
            Kind::Service { takes, .. } | Kind::Wait { takes, .. } => (takes.as_ref(), None, true),
            _ => (None, None, false),
        };
        self.assumptions.extend(connections::assumption(self.all, name, step));
        if !step.kind.inside().is_empty() && step.cracks.values().any(|crack| crack.chance.is_some()) {
            self.assumptions.push(format!(
                "no crack of `{name}` strikes by chance: a simulation draws those of the steps inside, and its deadlines run"
            ));
        }
        if connections::waits_for_others(step) && step.cracks.values().any(|crack| crack.chance.is_some()) {
            self.assumptions.push(format!("no crack of `{name}` strikes by chance: it waits for what others do"));
        }
        self.assumptions.extend(whoever_is_free(name, step));
        if timed && takes.is_none() {
            self.assumptions.push(format!("`{name}` takes no time, because its `takes` is missing"));
        }
        let calendar = self.process.calendar_of(role);
        let gathering = calendar.clone();
        let (failing, silent, outside) = self.cracks(index, key, step);
        let patience = self.patience(index, key, step, &calendar);
        StepModel {
            takes: takes.map(|takes| arrivals::sampler(takes, &calendar)),
            // People work only while they are there, whatever the unit.
            calendar: match role {
                Some(_) => (!calendar.always_open()).then_some(calendar),
                None => takes.and_then(|takes: &Distribution| arrivals::on(takes, &calendar)),
            },
            is_outside: matches!(step.kind, Kind::Wait { .. }),
            duration_salt: salt(key, Purpose::Duration),
            outcome_salt: salt(key, Purpose::Outcome),
            case_salt: salt(key, Purpose::Start),
            flow: self.first_flow(index, step),
            thresholds: self.outcomes(name, step),
            failing,
            silent,
            outside,
            patience,
            batch: step.batch.map(|batch| Box::new(BatchModel::of(batch, &gathering))),
            writes: step.writes.iter().filter_map(|field| self.sampled(simulation, field, key)).collect(),
        }
    }

    fn first_flow(&self, index: StepIx, step: &Step) -> Option<FlowIx> {
        let first = step.outcomes.keys().next().map(String::as_str);
        self.plan.outcome(index, first)
    }

    fn outcomes(&mut self, name: &str, step: &Step) -> Vec<u64> {
        let count = step.outcomes.len() as u64;
        if count == 0 {
            return Vec::new();
        }
        let shares: Vec<Option<OutcomeChance>> = step.outcomes.values().map(|outcome| outcome.chance).collect();
        if shares.iter().all(Option::is_none) && count > 1 {
            self.assumptions
                .push(format!("all {count} outcomes of `{name}` are equally likely, because none has a chance"));
        }
        let given = |chance: &Option<OutcomeChance>| match chance {
            Some(OutcomeChance::Share(share)) => share.trillionths(),
            _ => 0,
        };
        let rest = Chance::WHOLE.saturating_sub(shares.iter().map(given).sum());
        let parts = shares.iter().map(|chance| match chance {
            Some(OutcomeChance::Rest) => rest,
            None => Chance::WHOLE / count,
            share => given(share),
        });
        thresholds(parts.map(|part| part as f64 / Chance::WHOLE as f64))
    }

    fn cracks(&self, index: StepIx, key: u64, step: &Step) -> (Vec<CrackModel>, Vec<CrackModel>, Vec<CrackModel>) {
        let (mut failing, mut silent, mut outside) = (Vec::new(), Vec::new(), Vec::new());
        for (name, declared) in &step.cracks {
            let (Some(chance), Some(crack)) = (declared.chance, self.plan.crack(index, name)) else { continue };
            if declared.patience.is_some() {
                continue;
            }
            let model = CrackModel::new(crack, chance, declared.after.is_none(), key, name);
            match declared.on {
                Trigger::Failure | Trigger::Constraint => failing.push(model),
                Trigger::Deadline | Trigger::Unavailable => silent.push(model),
                Trigger::External => outside.push(model),
            }
        }
        (failing, silent, outside)
    }

    /// Cracks by which whoever waits gives up.
    fn patience(&self, index: StepIx, key: u64, step: &Step, calendar: &Calendar) -> Vec<Patience> {
        let declared = step.cracks.iter().filter_map(|(name, crack)| Some((name, crack, crack.patience.as_ref()?)));
        let model = |(name, crack, lasts): (&String, &Crack, &Distribution)| {
            let chance = crack.chance.unwrap_or(Chance::percent(100));
            Some(Patience {
                crack: CrackModel::new(self.plan.crack(index, name)?, chance, false, key, name),
                lasts: arrivals::sampler(lasts, calendar),
                calendar: arrivals::on(lasts, calendar),
            })
        };
        declared.filter_map(model).collect()
    }

    /// Fields that the world provides when a case starts: those with a sample, and those that are required.
    fn start_fields(&mut self, simulation: &Simulation) -> Vec<FieldModel> {
        let mut models = Vec::new();
        for (name, field) in &self.process.definition().data {
            let key = name_key("start");
            match self.sampled(simulation, name, key) {
                Some(model) => models.push(model),
                None if field.required && field.initial.is_none() => models.extend(self.required(name, field, key)),
                None => {}
            }
        }
        models
    }

    fn required(&mut self, name: &str, field: &Field, key: u64) -> Option<FieldModel> {
        if field.kind == Type::Text {
            let draw = FieldDraw::Ordinal(name.to_owned());
            let field = self.plan.field(name)?;
            return Some(FieldModel { field, salt: salt(key, Purpose::Sample(name_key(name))), draw });
        }
        let message = format!("a case cannot start without `{name}`, and the simulator has no sample of it");
        let problem = Problem::error(Code::MissingSample, Path::root("data").key(name), message);
        self.problems
            .push(problem.help(format!("add it under `simulation: sample:`, as in `{name}: \"uniform(0, 100)\"`")));
        None
    }

    fn sampled(&mut self, simulation: &Simulation, name: &str, key: u64) -> Option<FieldModel> {
        let sample = simulation.sample.get(name)?;
        let declared = self.process.definition().data.get(name)?;
        let field = self.plan.field(name)?;
        let path = Path::root("simulation").key("sample").key(name);
        let draw = match sample {
            Sample::Number(distribution) => self.number_draw(declared, distribution, path)?,
            Sample::Weights(weights) => self.weights_draw(declared, weights, &path)?,
        };
        Some(FieldModel { field, salt: salt(key, Purpose::Sample(name_key(name))), draw })
    }

    fn number_draw(&mut self, field: &Field, distribution: &Distribution, path: Path) -> Option<FieldDraw> {
        match field.kind {
            Type::Integer | Type::Decimal | Type::Duration => {
                debug_assert!(distribution.unit.is_none_or(|unit| unit != Unit::Business));
                let sampler = Sampler::new(&distribution.shape);
                Some(FieldDraw::Number { sampler, kind: field.kind, bounds: Bounds::of(field) })
            }
            other => {
                self.problem(
                    Code::TypeMismatch,
                    path,
                    format!("a {other} field cannot be sampled from numbers; give weights to its values"),
                );
                None
            }
        }
    }

    fn weights_draw(
        &mut self,
        field: &Field,
        weights: &indexmap::IndexMap<String, f64>,
        path: &Path,
    ) -> Option<FieldDraw> {
        let mut values = Vec::new();
        for (text, weight) in weights {
            match (Value::parse(field, text), Value::parse_unbounded(field, text)) {
                (Ok(value), _) => values.push(value),
                (Err(message), Ok(_)) => self.problem(Code::OutOfBounds, path.key(text), message),
                (Err(message), Err(_)) => self.problem(Code::TypeMismatch, path.key(text), message),
            }
            if !(weight.is_finite() && *weight >= 0.0) {
                self.problem(
                    Code::WrongType,
                    path.key(text),
                    format!("expected a weight of 0 or more, found {weight}"),
                );
            }
        }
        let total: f64 = weights.values().sum();
        if total.is_nan() || total <= 0.0 {
            self.problem(Code::ChanceSum, path.clone(), "expected at least one weight above 0".to_owned());
            return None;
        }
        (values.len() == weights.len())
            .then(|| FieldDraw::Weights { thresholds: thresholds(weights.values().map(|w| w / total)), values })
    }
}

/// What has to be assumed about who gets work that is given to somebody.
fn whoever_is_free(name: &str, step: &Step) -> Option<String> {
    let Kind::Human { allocate, .. } = &step.kind else { return None };
    match allocate {
        Allocation::LeastBusy | Allocation::RoundRobin | Allocation::MostSpecialised => {
            Some(format!("`{name}` is given to whoever of the role is free first: the people of a role are alike"))
        }
        _ => None,
    }
}

/// Cumulative shares as thresholds of 64-bit draws; the last one catches everything.
fn thresholds(shares: impl Iterator<Item = f64>) -> Vec<u64> {
    let mut sum = 0.0;
    let mut thresholds: Vec<u64> = shares
        .map(|share| {
            sum += share;
            share_of_draws(sum)
        })
        .collect();
    // Outcomes that can never happen stay impossible at the end, too.
    let whole = thresholds.last().copied().unwrap_or(u64::MAX);
    thresholds
        .iter_mut()
        .rev()
        .take_while(|threshold| **threshold == whole)
        .for_each(|threshold| *threshold = u64::MAX);
    thresholds
}

fn share_of_draws(share: f64) -> u64 {
    (share.clamp(0.0, 1.0) * 18_446_744_073_709_551_616.0) as u64
}
