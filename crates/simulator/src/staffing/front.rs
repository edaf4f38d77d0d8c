//! What time costs: the allocations of which no other is both cheaper and faster.

use super::Allocation;

/// Less than that is not called faster.
const FASTER: f64 = 0.01;

/// Those that are faster in the mean than all that cost no more, the cheapest first.
pub(super) fn front<'a>(all: impl Iterator<Item = &'a Allocation>) -> Vec<Allocation> {
    let mut timed: Vec<(f64, &Allocation)> = all.filter_map(|one| Some((one.mean_s?, one))).collect();
    timed.sort_by(|(a, one), (b, other)| one.cost_per_week.cmp(&other.cost_per_week).then(a.total_cmp(b)));
    let mut fastest = f64::INFINITY;
    timed.retain(|(mean, _)| {
        let faster = *mean < (1.0 - FASTER) * fastest;
        if faster {
            fastest = *mean;
        }
        faster
    });
    timed.into_iter().map(|(_, one)| one.clone()).collect()
}
