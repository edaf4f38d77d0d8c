//! What time costs: the allocations of which no other is both cheaper and faster.

use super::Allocation;

/// Those of which none of the others costs no more and is faster in the mean, the cheapest first.
pub(super) fn front<'a>(all: impl Iterator<Item = &'a Allocation>) -> Vec<Allocation> {
    let mut timed: Vec<(f64, &Allocation)> = all.filter_map(|one| Some((one.mean_s?, one))).collect();
    timed.sort_by(|(a, one), (b, other)| one.cost_per_week.cmp(&other.cost_per_week).then(a.total_cmp(b)));
    let mut fastest = f64::INFINITY;
    timed.retain(|(mean, _)| {
        let faster = *mean < fastest;
        fastest = fastest.min(*mean);
        faster
    });
    timed.into_iter().map(|(_, one)| one.clone()).collect()
}
