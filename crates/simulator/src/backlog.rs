//! How much work waits for each role while cases arrive, and whether it becomes more and more.

/// At most so many looks are kept: then every other one is dropped, and looks are taken half as often.
const MOST: usize = 512;

/// The queues of a replication, looked at as every so-manieth case arrives.
#[derive(Debug, Clone, Default)]
pub(crate) struct Backlog {
    /// At each of so many arrivals; 0 where nobody looks.
    every: u64,
    /// How many work items waited for each role.
    seen: Vec<Vec<u32>>,
}

impl Backlog {
    /// Looks are taken.
    pub fn watched() -> Backlog {
        Backlog { every: 1, seen: Vec::new() }
    }

    /// Whether a look is to be taken as that case arrives.
    #[inline]
    pub fn is_due(&self, ordinal: u64) -> bool {
        self.every > 0 && ordinal.is_multiple_of(self.every)
    }

    /// Keeps a look: how many work items wait for each role.
    pub fn keep(&mut self, waiting: Vec<u32>) {
        self.seen.push(waiting);
        if self.seen.len() == MOST {
            let mut position = 0;
            self.seen.retain(|_| {
                position += 1;
                position % 2 == 1
            });
            self.every *= 2;
        }
    }

    /// For each role, how many work items waited on average in the first half of the looks, and in the second.
    pub fn halves(&self) -> Vec<[f64; 2]> {
        let middle = self.seen.len() / 2;
        let roles = self.seen.first().map_or(0, Vec::len);
        let mean = |looks: &[Vec<u32>], role: usize| {
            looks.iter().map(|look| f64::from(look[role])).sum::<f64>() / looks.len().max(1) as f64
        };
        (0..roles).map(|role| [mean(&self.seen[..middle], role), mean(&self.seen[middle..], role)]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_become_rarer_and_stay_evenly_spread() {
        let mut backlog = Backlog::watched();
        for ordinal in 0..100_000 {
            if backlog.is_due(ordinal) {
                backlog.keep(vec![ordinal as u32, 7]);
            }
        }
        assert!(backlog.seen.len() < MOST && backlog.seen.len() > MOST / 4);
        assert!(backlog.seen.windows(2).all(|pair| u64::from(pair[1][0] - pair[0][0]) == backlog.every));
        let [[first, second], level] = backlog.halves()[..] else { panic!() };
        assert!((second / first - 3.0).abs() < 0.02, "{first} {second}");
        assert_eq!(level, [7.0, 7.0]);
        assert!(!Backlog::default().is_due(0));
    }
}
