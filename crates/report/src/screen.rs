//! The first screen: what stops the work, what slows it, what falls through the cracks, what a redesign changes.

use std::fmt;

use grieta_core::Process;
use grieta_core::definition::{Care, Crack, Response, Variant};
use grieta_simulator::{Bottleneck, Cause, CrackResult, DeadEndResult, Results, StepResult};

use crate::comparison::Outline;
use crate::tables::why;
use crate::words;

/// How many of each kind are shown.
const SHOWN: usize = 3;

/// A manager's questions and their answers, on one page.
#[derive(Debug, Clone)]
pub struct Screen<'a> {
    process: &'a Process,
    results: &'a Results,
    command: Option<String>,
    outline: Option<Outline<'a>>,
}

impl<'a> Screen<'a> {
    /// The page for what a simulation of a process found.
    pub fn new(process: &'a Process, results: &'a Results) -> Screen<'a> {
        Screen { process, results, command: None, outline: None }
    }

    /// With the command that was run, without seed and replications, so that the page can say how to repeat a dead end.
    #[must_use]
    pub fn command(self, command: &str) -> Screen<'a> {
        Screen { command: Some(command.to_owned()), ..self }
    }

    /// With what changes from one variant to the other.
    #[must_use]
    pub fn outline(self, outline: Outline<'a>) -> Screen<'a> {
        Screen { outline: Some(outline), ..self }
    }
}

impl fmt::Display for Screen<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", headline(self.process, self.results))?;
        section(f, "What stops it", &self.stops())?;
        section(f, "What slows it", &self.slows())?;
        section(f, "What falls through the cracks", &self.cracks())?;
        match &self.outline {
            Some(outline) => section(f, &outline.title(), &outline.lines()),
            None => Ok(()),
        }
    }
}

fn section(f: &mut fmt::Formatter<'_>, title: &str, lines: &[String]) -> fmt::Result {
    writeln!(f, "\n{title}")?;
    lines.iter().try_for_each(|line| writeln!(f, "  {line}"))
}

/// `Lead qualification, as-is · 10,000 cases × 20 replications · seed 7`
fn headline(process: &Process, results: &Results) -> String {
    let definition = process.definition();
    let title = definition.title.as_deref().unwrap_or(&definition.process);
    let variant = match definition.variant {
        Some(Variant::AsIs) => ", as-is",
        Some(Variant::ToBe) => ", to-be",
        None => "",
    };
    let cases = match results.replications {
        1 => words::counted(results.cases, "case"),
        several if results.cases.is_multiple_of(several) => {
            format!("{} × {several} replications", words::counted(results.cases / several, "case"))
        }
        several => format!("{} in {several} replications", words::counted(results.cases, "case")),
    };
    format!("{title}{variant} · {cases} · seed {}", results.seed)
}

impl Screen<'_> {
    fn stops(&self) -> Vec<String> {
        let results = self.results;
        if results.stuck == 0 {
            let what = if results.cancelled == 0 { "ends" } else { "ends or is cancelled" };
            return vec![format!("nothing: every case {what}")];
        }
        let sure = match results.stuck_ci95 {
            Some(interval) => format!(", {}", words::sure(interval.map(|end| end.max(0.0)), words::share)),
            None => String::new(),
        };
        let (stuck, cases) = (words::count(results.stuck), words::counted(results.all_cases(), "case"));
        let mut lines = vec![format!("{} of cases never end ({stuck} of {cases}{sure})", self.of_cases(results.stuck))];
        for (position, dead_end) in results.dead_ends.iter().take(SHOWN).enumerate() {
            lines.extend(self.dead_end(position + 1, dead_end));
        }
        lines.extend(more(results.dead_ends.len(), "dead end", "dead ends"));
        lines
    }

    fn dead_end(&self, number: usize, dead_end: &DeadEndResult) -> Vec<String> {
        let DeadEndResult { step, waits_for, cases, seed, replication, case, .. } = dead_end;
        let stand = if *cases == 1 { "stands" } else { "stand" };
        let mut lines = vec![
            format!("{number}. {step}: {} of cases {stand} here and wait for", self.of_cases(*cases)),
            format!("   {waits_for}"),
        ];
        if let Some(command) = &self.command {
            lines.push(format!("   $ {command} --seed {seed} --replication {replication} --case {case}"));
        }
        lines
    }

    fn slows(&self) -> Vec<String> {
        let mut lines = self.overloads();
        let cycle = self.results.cycle_time.as_ref();
        if let Some((half, most)) =
            cycle.and_then(|cycle| Some((cycle.p50_s?, cycle.p90_s.filter(|most| *most > 0.0)?)))
        {
            let (half, most) = (words::time(half), words::time(most));
            lines.push(format!("half of the cases that end take up to {half}, nine of ten up to {most}"));
        }
        lines.extend(self.outside());
        lines.extend(self.causes());
        lines.extend(self.promises());
        let waiting = || self.results.bottlenecks.iter().filter(|found| found.share_of_waiting > 0.0);
        if waiting().next().is_none() {
            lines.push("nothing: no case waits for a person".to_owned());
            return lines;
        }
        let rows: Vec<_> = waiting().take(SHOWN).enumerate().map(|(at, row)| slow(at + 1, row)).collect();
        lines.extend(columns(&rows));
        lines.extend(more(waiting().count(), "step where cases wait", "steps where cases wait"));
        lines
    }

    /// The step without people at which cases spend most of their time, when it is most of all their time.
    fn outside(&self) -> Option<String> {
        let spent = |step: &StepResult| step.visits_per_case * step.touch_mean_s.unwrap_or(0.0);
        let steps = self.results.steps.iter().filter(|step| step.role.is_none());
        let longest = steps.max_by(|a, b| spent(a).total_cmp(&spent(b)))?;
        let cycle = self.results.cycle_time.as_ref()?.mean_s;
        (spent(longest) > cycle / 2.0).then(|| {
            let (time, share) = (words::time(longest.touch_mean_s.unwrap_or(0.0)), words::share(longest.cases_share));
            format!(
                "most of that is no waiting for people: {} takes {time} a visit, {share} of cases come there",
                longest.id
            )
        })
    }

    /// Why people are waited for, by the share of that; what hardly ever is the reason is left out.
    fn causes(&self) -> Option<String> {
        let sum = |cause: Cause| {
            let rows = self.results.waiting.iter().filter(|row| row.cause == cause);
            rows.map(|row| row.share).sum::<f64>()
        };
        let people = [Cause::Contention, Cause::Prioritisation, Cause::Batching, Cause::Unavailability, Cause::Silence]
            .map(|cause| (cause, sum(cause)));
        let all: f64 = people.iter().map(|(_, share)| share).sum();
        let mut causes = people.map(|(cause, share)| (cause, share / all)).to_vec();
        causes.retain(|(_, share)| *share >= 0.01);
        causes.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        let said = causes.iter().map(|(cause, share)| format!("{} {}", words::share(*share), why(*cause)));
        (!causes.is_empty()).then(|| format!("why cases wait for people: {}", said.collect::<Vec<_>>().join(", ")))
    }

    /// How often each clock runs out.
    fn promises(&self) -> Vec<String> {
        let told = |clock: &grieta_simulator::ClockResult| {
            let share = words::share(clock.run_out_share?);
            let time = if clock.business { words::business_time } else { words::time };
            let most = clock.used_p90_s.map(|most| format!("; nine of ten that get there use up to {}", time(most)));
            let within = time(clock.within_s);
            Some(format!("the clock {} ({within}) runs out for {share}{}", clock.id, most.unwrap_or_default()))
        };
        self.results.clocks.iter().filter_map(told).collect()
    }

    /// Roles that get more work than they can do.
    fn overloads(&self) -> Vec<String> {
        if self.results.stable {
            return Vec::new();
        }
        let load = |role: &grieta_simulator::RoleResult| role.utilisation.filter(|load| *load >= 1.0);
        let said = |role: &grieta_simulator::RoleResult| {
            let load = words::share(load(role)?);
            Some(format!("unstable: `{}` gets {load} of the work it can do; its queue grows for ever", role.id))
        };
        self.results.roles.iter().filter_map(said).collect()
    }

    fn cracks(&self) -> Vec<String> {
        let mut struck: Vec<(&CrackResult, &Crack)> = self.struck().collect();
        if struck.is_empty() {
            let why = match self.results.cracks.is_empty() {
                true => "nothing: the definition declares no cracks",
                false => "nothing: no crack struck",
            };
            return vec![why.to_owned()];
        }
        struck.sort_by_key(|(found, _)| std::cmp::Reverse(found.struck));
        let mut lines = vec![self.how_many(&struck)];
        let row = |(at, (found, _)): (usize, &(&CrackResult, &Crack))| self.crack(at + 1, found);
        let rows: Vec<_> = struck.iter().take(SHOWN).enumerate().map(row).collect();
        for (row, (found, declared)) in columns(&rows).into_iter().zip(&struck) {
            lines.extend([row, format!("   {}", fate(found, declared))]);
        }
        lines.extend(more(struck.len(), "crack that struck", "cracks that struck"));
        lines
    }

    /// How many cracks strike, and what becomes of them.
    fn how_many(&self, struck: &[(&CrackResult, &Crack)]) -> String {
        let with = |wanted: Option<Care>| -> u64 {
            let counted = |(found, crack): &(&CrackResult, &Crack)| match (wanted, crack.care()) {
                (None, _) => found.struck,
                (Some(Care::Stops), Care::Stops) => found.struck - found.answered,
                (Some(Care::Answered), Care::Stops) => found.answered,
                (Some(wanted), care) => {
                    if wanted == care {
                        found.struck
                    } else {
                        0
                    }
                }
            };
            struck.iter().map(counted).sum()
        };
        let all = with(None);
        let share = |care| words::share(with(Some(care)) as f64 / all as f64);
        let (stop, ignored, answered) = (share(Care::Stops), share(Care::Ignored), share(Care::Answered));
        let (all, cases) = (words::count(all), words::counted(self.results.all_cases(), "case"));
        format!("{all} times in {cases}: {stop} stop the case, {ignored} are ignored, {answered} lead somewhere")
    }

    /// The cracks that struck, with their declarations.
    fn struck(&self) -> impl Iterator<Item = (&CrackResult, &Crack)> {
        let definition = self.process.definition();
        let declared = |found: &CrackResult| match definition.steps.get(&found.step) {
            Some(step) => step.cracks.get(&found.id),
            None => definition.cracks.get(&found.id),
        };
        self.results
            .cracks
            .iter()
            .filter(|found| found.struck > 0)
            .filter_map(move |found| Some((found, declared(found)?)))
    }

    fn crack(&self, number: usize, found: &CrackResult) -> [String; 4] {
        let often = found.struck as f64 * 1_000.0 / self.results.all_cases().max(1) as f64;
        let often = if often < 9.95 { format!("{often:.1}") } else { words::count(often.round() as u64) };
        [
            format!("{number}. {}", found.id),
            format!("at {}", found.step),
            format!("strikes {} of visits,", words::maybe_share(found.struck_per_visit)),
            format!("{often} times in 1,000 cases"),
        ]
    }

    fn of_cases(&self, count: u64) -> String {
        words::share(count as f64 / self.results.all_cases().max(1) as f64)
    }
}

fn slow(number: usize, found: &Bottleneck) -> [String; 5] {
    let wait = match (found.wait_mean_s, found.wait_p90_s) {
        (Some(mean), Some(p90)) => format!("cases wait {} a visit (p90 {}),", words::time(mean), words::time(p90)),
        (Some(mean), None) => format!("cases wait {} a visit,", words::time(mean)),
        _ => "a queue without end,".to_owned(),
    };
    [
        format!("{number}. {}", found.step),
        found.role.clone(),
        wait,
        format!("{} of cases,", words::share(found.share_of_cases)),
        format!("{} of all waiting", words::share(found.share_of_waiting)),
    ]
}

/// What becomes of a case that a crack strikes.
fn fate(found: &CrackResult, declared: &Crack) -> String {
    let others = matches!(declared.response, Some(Response::Reoffer(_) | Response::Reallocate(_)));
    let delays = declared.care() == Care::Answered && (declared.interrupts() || others);
    let held = found.held_mean_s.filter(|held| *held > 0.0 && delays);
    let held = held.map_or_else(String::new, |held| format!("; holds the case up for {}", words::time(held)));
    match declared.care() {
        Care::Stops if found.answered == found.struck => Crack::ANSWERED_AROUND.to_owned(),
        Care::Stops if found.answered > 0 => {
            let share = words::share(found.answered as f64 / found.struck as f64);
            format!("{} {share} of the time; otherwise the case stops", Crack::ANSWERED_AROUND)
        }
        _ => format!("{}{held}", declared.answer()),
    }
}

/// The line that says that there are more than are shown.
fn more(all: usize, one: &str, several: &str) -> Option<String> {
    match all.saturating_sub(SHOWN) {
        0 => None,
        1 => Some(format!("and 1 more {one}")),
        left => Some(format!("and {left} more {several}")),
    }
}

/// Rows with their columns one below the other.
fn columns<const N: usize>(rows: &[[String; N]]) -> Vec<String> {
    let width = |at: usize| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(width);
    let line = |row: &[String; N]| {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}
