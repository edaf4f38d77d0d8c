//! The way of the customers as text.

use std::fmt;

use grieta_simulator::judging::Verdict;

use super::{Contacts, FunnelRow, Journey, Overlap, PromiseResult};
use crate::show::table;

/// So many months of cohorts are shown.
const MOST_MONTHS: usize = 6;

impl fmt::Display for Journey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let customers = self.customers.max(1) as f64;
        writeln!(
            f,
            "{} customers had {} cases, {:.2} each",
            self.customers,
            self.cases,
            self.cases as f64 / customers
        )?;
        self.show_processes(f)?;
        writeln!(f, "\nFrom one to the next")?;
        let rows = self.funnel.iter().map(|row| row.cells(customers));
        table(f, ["hand-over", "times", "customers", "of all", "accepted", "returned"], rows.collect())?;
        self.show_cohorts(f)?;
        self.show_overlaps(f)?;
        writeln!(f, "\n{}", self.contacts)?;
        self.show_promises(f)
    }
}

impl Journey {
    fn show_processes(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.processes.iter().map(|results| {
            let days = results
                .cycle_time
                .as_ref()
                .map_or_else(|| "–".to_owned(), |time| format!("{:.1} d", time.mean_s / 86_400.0));
            [
                results.process.clone(),
                results.cases.to_string(),
                results.started_by_cases.to_string(),
                results.completed.to_string(),
                results.cancelled.to_string(),
                results.stuck.to_string(),
                days,
            ]
        });
        writeln!(f)?;
        table(
            f,
            ["process", "came", "from others", "ended", "cancelled", "never end", "mean of those who came"],
            rows.collect(),
        )
    }

    fn show_cohorts(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(first) = self.funnel.first() else { return Ok(()) };
        writeln!(f, "\nOf those who came first in a month, so many came so far")?;
        for (at, cohort) in first.cohorts.iter().enumerate().take(MOST_MONTHS) {
            write!(f, "{} ({}):", cohort.month, cohort.came)?;
            for row in &self.funnel {
                let reached = row.cohorts.get(at).map_or(0, |cohort| cohort.reached);
                write!(f, "  {} {}", row.hand_over, percent(reached as f64 / cohort.came.max(1) as f64))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }

    fn show_overlaps(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.overlaps.is_empty() {
            return writeln!(
                f,
                "\nNo two departments were busy with a customer at once without one having it from the other"
            );
        }
        writeln!(f, "\nTwo departments with the same customer at once, neither of which has it from the other")?;
        for Overlap { process, other, customers, example } in &self.overlaps {
            writeln!(f, "  {process} and {other}: {customers} customers, such as {example}")?;
        }
        Ok(())
    }

    fn show_promises(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.promises.is_empty() {
            return Ok(());
        }
        writeln!(f, "\nAgreements")?;
        for PromiseResult { promise, judgement } in &self.promises {
            let word = match judgement.verdict {
                Verdict::Met => "kept",
                Verdict::NotMet => "broken",
                Verdict::Insufficient => "cannot be told",
            };
            writeln!(
                f,
                "  {} promises {}: {} – {word} by {} ({})",
                promise.by, promise.to, promise.promise, promise.by, judgement.found
            )?;
        }
        Ok(())
    }
}

impl FunnelRow {
    fn cells(&self, customers: f64) -> [String; 6] {
        let share = |count: Option<u64>| match (count, self.handed) {
            (Some(count), 1..) => percent(count as f64 / self.handed as f64),
            _ => "–".to_owned(),
        };
        [
            self.hand_over.clone(),
            self.handed.to_string(),
            self.customers.to_string(),
            percent(self.customers as f64 / customers),
            share(self.accepted),
            share(self.returned),
        ]
    }
}

impl fmt::Display for Contacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} contacts with {} customers; {} of them were contacted too often (at most {} times), {} after they had refused",
            self.contacts, self.customers, self.too_often, self.most, self.after_refusal
        )?;
        self.refused_at.iter().try_for_each(|(place, count)| write!(f, "\n  at {place}: {count}"))
    }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}
