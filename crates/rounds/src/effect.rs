//! What the changes of a round have brought: paired differences, and whether they are for the better.

use grieta_core::criterion::Sentence;
use grieta_report::{Measure, how_much};
use grieta_simulator::{Change, Comparison, Verdict};
use indexmap::IndexMap;

use crate::figure::rounded;
use crate::journal::{Effect, Gain};

/// Every measure that both rounds have. Less of times, of cost, of cases that never end and of clocks that run out is better; of an
/// end, that which goals and waves want.
pub(crate) fn of(comparison: &Comparison, wanted: &[Sentence], currency: Option<&str>) -> IndexMap<String, Effect> {
    let mut effects = IndexMap::new();
    let mut put = |name: String, change: Option<&Change>, measure: Measure<'_>, unit: &str, better: Option<Better>| {
        let Some(change) = change else { return };
        let effect = Effect {
            from: rounded(change.from),
            to: rounded(change.to),
            unit: unit.to_owned(),
            verdict: gain(change.verdict, better),
            says: how_much(change, measure),
        };
        effects.insert(name, effect);
    };
    let Comparison { cycle_time, cycle_p90, stuck, work, cost, clocks, ends, .. } = comparison;
    let less = Some(Better::Less);
    put("mean(cycle_time)".to_owned(), cycle_time.as_ref(), Measure::CycleTime, "s", less);
    put("p90(cycle_time)".to_owned(), cycle_p90.as_ref(), Measure::CycleP90, "s", less);
    put("share(stuck)".to_owned(), stuck.as_ref(), Measure::Stuck, "share", less);
    put("work".to_owned(), work.as_ref(), Measure::Work, "s", less);
    put("cost".to_owned(), cost.as_ref(), Measure::Cost, currency.unwrap_or("number"), less);
    for (clock, change) in clocks {
        put(format!("run_out({clock})"), Some(change), Measure::RunOut(clock), "share", less);
    }
    for (end, change) in ends {
        put(format!("share({end})"), Some(change), Measure::End(end), "share", better(end, wanted));
    }
    effects
}

/// Of what one would rather have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Better {
    More,
    Less,
}

/// What is wanted of an end: only an upper bound says that less of it is better, only a lower one that more is.
fn better(end: &str, wanted: &[Sentence]) -> Option<Better> {
    let mut of_end = wanted.iter().filter(|one| one.measure.name == "share" && one.measure.of == [end]);
    of_end.find_map(|one| match (one.demand.low, one.demand.high) {
        (Some(_), None) => Some(Better::More),
        (None, Some(_)) => Some(Better::Less),
        _ => None,
    })
}

fn gain(verdict: Verdict, better: Option<Better>) -> Gain {
    match (verdict, better) {
        (Verdict::Negligible | Verdict::NoSignificantDifference, _) => Gain::Nothing,
        (Verdict::Less, Some(Better::Less)) | (Verdict::More, Some(Better::More)) => Gain::Better,
        (Verdict::More, Some(Better::Less)) | (Verdict::Less, Some(Better::More)) => Gain::Worse,
        (Verdict::More, None) => Gain::More,
        (Verdict::Less, None) => Gain::Less,
    }
}
