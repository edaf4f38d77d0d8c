//! How many people are enough, and what time costs.

use grieta_simulator::staffing::{Allocation, Proof, Staffing};

use crate::goals::goals;
use crate::tables::{self, Column};
use crate::words::{count, counted, maybe_time};

/// The least costly allocation with the verdict on each goal, how sure it is, and the front of cost against time.
pub fn staffing(found: &Staffing) -> String {
    let (said, shown) = match &found.best {
        Some(best) => (answer(found, best), best),
        None => (no_answer(found), &found.most),
    };
    let tried = format!(
        "{} of {} allocations were simulated, in {}.",
        count(found.evaluations),
        count(found.allocations),
        counted(found.replications, "replication")
    );
    let free = match found.without_cost.as_slice() {
        [] => String::new(),
        roles => format!(" Without a cost, and so left as they are: {}.", roles.join(", ")),
    };
    format!(
        "{said}\n\n{}\n\nGoals\n{}\n\nWhat time costs\n{}\n\n{tried} {}{free}\n",
        people(found, shown),
        goals(&shown.goals),
        front(found),
        sure(found),
    )
}

fn answer(found: &Staffing, best: &Allocation) -> String {
    let now = match (&found.now, found.now.goals.iter().all(|goal| goal.is_met()) && found.now.stable) {
        (now, true) => format!("As it is, {}, and the goals are met too.", money(found, now)),
        (now, false) => format!("As it is, {}, and the goals are not met.", money(found, now)),
    };
    format!("The goals are met for {} at the least. {now}", money(found, best))
}

fn no_answer(found: &Staffing) -> String {
    let most = money(found, &found.most);
    format!("No allocation that was simulated meets the goals, not even the one with the most people, for {most}:")
}

fn money(found: &Staffing, allocation: &Allocation) -> String {
    format!("{} {} a week", amount(allocation), found.currency)
}

/// Whole units of the currency, with their thousands apart.
fn amount(allocation: &Allocation) -> String {
    let billionths = allocation.cost_per_week.billionths();
    u64::try_from((billionths + 500_000_000) / 1_000_000_000).map_or_else(|_| billionths.to_string(), count)
}

/// The people of each role, beside those of now.
fn people(found: &Staffing, shown: &Allocation) -> String {
    let columns = [
        ("role", Column::Name),
        ("people", Column::Right),
        ("now", Column::Right),
        ("calendar", Column::Text),
        ("an hour costs", Column::Right),
        ("searched", Column::Right),
    ];
    let rows = shown.staff.iter().zip(&found.now.staff).zip(&found.searched);
    let row = rows.map(|((staffed, now), searched)| {
        vec![
            staffed.role.clone(),
            staffed.people.to_string(),
            now.people.to_string(),
            staffed.calendar.clone().unwrap_or_else(|| "always open".to_owned()),
            searched.cost.trim_end_matches("/h").to_owned(),
            format!("{} to {}", searched.from, searched.to),
        ]
    });
    tables::table(&columns, row.collect())
}

fn front(found: &Staffing) -> String {
    let columns = [
        ("a week costs", Column::Right),
        ("mean time", Column::Right),
        ("nine of ten", Column::Right),
        ("goals", Column::Right),
        ("people", Column::Text),
    ];
    let row = |allocation: &Allocation| {
        let met = allocation.goals.iter().filter(|goal| goal.is_met()).count();
        let people = allocation.staff.iter().map(|staffed| match several(found, &staffed.role) {
            true => {
                format!("{} {} ({})", staffed.people, staffed.role, staffed.calendar.as_deref().unwrap_or("always"))
            }
            false => format!("{} {}", staffed.people, staffed.role),
        });
        vec![
            format!("{} {}", amount(allocation), found.currency),
            maybe_time(allocation.mean_s),
            maybe_time(allocation.p90_s),
            format!("{met} of {}", allocation.goals.len()),
            people.collect::<Vec<_>>().join(", "),
        ]
    };
    tables::table(&columns, found.front.iter().map(row).collect())
}

/// Whether a role may work by several calendars.
fn several(found: &Staffing, role: &str) -> bool {
    found.searched.iter().any(|searched| searched.role == role && searched.calendars.len() > 1)
}

fn sure(found: &Staffing) -> &'static str {
    match found.proof {
        proof if found.best.is_none() && proof != Proof::BestFound => {
            "The others have no more people than one of these, or some role more work than it can do."
        }
        Proof::Exhausted => {
            "Every cheaper one was simulated and misses a goal, or some role of it would have more work than it can do."
        }
        Proof::Monotone => {
            "It is the best found: what has no more people than one that missed a goal was passed over, as fewer people hardly ever do better."
        }
        Proof::BestFound => "It is the best of those that were simulated; a longer search may find a better one.",
    }
}
