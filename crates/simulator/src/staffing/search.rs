//! Looks for the least costly allocation that meets the goals.
//!
//! More people never do worse, as a rule; so what has no more people than an allocation that missed the goals is passed over.
//! With this, the search is complete: it goes up from the least people whose load is below 1, where one more gains most, until
//! the goals are met; down again as far as they stay so; and then tries the costliest of all that are cheaper than the best
//! and not passed over, until nothing is left.

use super::choice::{Point, Staff};
use super::evaluate::{Evaluator, Seen, Stop};
use super::{Proof, StaffingError};

/// Larger sets of allocations are not listed: there the answer is that of going up and down.
const LISTED: u64 = 200_000;

/// So many allocations that were passed over are simulated in the end, to be sure.
const EXHAUSTED: usize = 100;

/// One more person is worth showing in the front while the mean time falls by so much.
const WORTHWHILE: f64 = 0.01;

/// What a search found.
pub(super) struct Found<'a> {
    pub best: Option<Point>,
    pub most: Point,
    pub proof: Proof,
    pub evaluator: Evaluator<'a>,
}

/// Looks for the allocation of least cost that meets the goals.
pub(super) fn least<'a>(staff: &'a Staff, evaluator: Evaluator<'a>) -> Result<Found<'a>, StaffingError> {
    let combinations = staff.combinations();
    let most = staff.most(&combinations[0]);
    let listed = staff.size() <= LISTED;
    let mut hunt = Hunt { staff, evaluator, best: None, missed: Vec::new(), bounds: Vec::new() };
    let mut proof = if listed { Proof::Monotone } else { Proof::BestFound };
    match hunt.all(&combinations, listed) {
        Ok(true) => proof = Proof::Exhausted,
        Ok(false) => {}
        Err(Stop::Enough) => proof = Proof::BestFound,
        Err(Stop::Error(error)) => return Err(error),
    }
    Ok(Found { best: hunt.best.map(|(_, point)| point), most, proof, evaluator: hunt.evaluator })
}

struct Hunt<'a> {
    staff: &'a Staff,
    evaluator: Evaluator<'a>,
    /// The least costly allocation that meets the goals so far.
    best: Option<(i128, Point)>,
    /// Allocations that do not.
    missed: Vec<Point>,
    /// By combination of calendars, the fewest people whose load is below 1; nothing where even the most have too much to do.
    bounds: Vec<Option<Point>>,
}

impl Hunt<'_> {
    /// Searches every combination of calendars. True when all that is cheaper than the best was simulated.
    fn all(&mut self, combinations: &[Vec<usize>], listed: bool) -> Result<bool, Stop> {
        for calendars in combinations {
            let most = self.staff.most(calendars);
            let seen = self.evaluator.see(&most)?;
            let least = self.staff.least(&most, &seen.loads);
            self.bounds.push(least.clone());
            let Some(least) = least else { continue };
            self.note(&most, seen.meets());
            if let Some(met) = self.up(least, &most)? {
                self.down(met)?;
            }
        }
        if !listed {
            return Ok(false);
        }
        let bounds = self.bounds.clone();
        for least in bounds.into_iter().flatten() {
            self.between(&least)?;
        }
        let rest: Vec<Point> = self.cheaper().into_iter().filter(|point| !self.evaluator.knows(point)).collect();
        if rest.len() > EXHAUSTED || rest.len() as u64 > self.evaluator.left() {
            return Ok(rest.is_empty());
        }
        // The cheapest first: the first that meets the goals is the answer.
        for point in rest.into_iter().rev() {
            if self.tried(&point)? {
                break;
            }
        }
        Ok(true)
    }

    /// From few people up, one more at a time where that gains most, to the most: the first that meets the goals.
    fn up(&mut self, least: Point, most: &Point) -> Result<Option<Point>, Stop> {
        let (mut point, mut met) = (least, None);
        let mut seen = self.evaluator.see(&point)?;
        loop {
            self.note(&point, seen.meets());
            if met.is_none() && seen.meets() {
                met = Some(point.clone());
            }
            let Some((next, there)) = self.one_more(&point, &seen, most)? else { return Ok(met) };
            let gain = match (seen.allocation.mean_s, there.allocation.mean_s) {
                (Some(before), Some(after)) => 1.0 - after / before,
                _ => 1.0,
            };
            if met.is_some() && gain < WORTHWHILE {
                return Ok(met);
            }
            (point, seen) = (next, there);
        }
    }

    /// With one person more: of the role whose load is highest while some role cannot keep up, and then of that where a unit
    /// of cost saves most time.
    fn one_more(&mut self, point: &Point, seen: &Seen, most: &Point) -> Result<Option<(Point, Seen)>, Stop> {
        let mut roles: Vec<usize> =
            (0..point.people.len()).filter(|role| point.people[*role] < most.people[*role]).collect();
        if !seen.allocation.stable {
            let load = |role: &usize| seen.loads[*role].unwrap_or(0.0);
            roles.sort_by(|one, other| load(other).total_cmp(&load(one)));
            roles.truncate(1);
        }
        let mut found: Option<(f64, Point, Seen)> = None;
        for role in roles {
            let next = point.with(role, point.people[role] + 1);
            let there = self.evaluator.see(&next)?;
            self.note(&next, there.meets());
            let saved = match (seen.allocation.mean_s, there.allocation.mean_s) {
                (Some(before), Some(after)) => before - after,
                (None, Some(_)) => f64::MAX,
                _ => 0.0,
            };
            let cost = self.staff.cost_of(role, point.calendars[role]).max(1);
            let worth = saved / cost as f64;
            if found.as_ref().is_none_or(|(best, _, _)| worth > *best) {
                found = Some((worth, next, there));
            }
        }
        Ok(found.map(|(_, next, there)| (next, there)))
    }

    /// From an allocation that meets the goals down, the dearest people first, until one person less misses them.
    fn down(&mut self, met: Point) -> Result<(), Stop> {
        let mut point = met;
        let mut roles: Vec<usize> = (0..point.people.len()).collect();
        roles.sort_by_key(|role| std::cmp::Reverse(self.staff.cost_of(*role, point.calendars[*role])));
        'again: loop {
            for role in &roles {
                if point.people[*role] > *self.staff.choices[*role].people.start() {
                    let fewer = point.with(*role, point.people[*role] - 1);
                    if !self.is_hopeless(&fewer) && self.tried(&fewer)? {
                        point = fewer;
                        continue 'again;
                    }
                }
            }
            return Ok(());
        }
    }

    /// The costliest of all that are cheaper than the best and not hopeless, again and again, by these calendars.
    fn between(&mut self, least: &Point) -> Result<(), Stop> {
        let mut open: Vec<Point> = self.cheaper();
        open.retain(|point| point.calendars == least.calendars && !self.is_hopeless(point));
        while let Some(point) = open.first().cloned() {
            if self.tried(&point)? {
                self.down(point)?;
                let best = self.best.as_ref().map_or(i128::MAX, |(cost, _)| *cost);
                open.retain(|point| self.staff.cost(point) < best && !self.is_hopeless(point));
            } else {
                open.retain(|other| !other.is_within(&point));
            }
        }
        Ok(())
    }

    /// All allocations whose load is below 1 and that are cheaper than the best, the costliest first.
    fn cheaper(&self) -> Vec<Point> {
        let best = self.best.as_ref().map_or(i128::MAX, |(cost, _)| *cost);
        let mut found = Vec::new();
        for least in self.bounds.iter().flatten() {
            let most = self.staff.most(&least.calendars);
            let mut point = least.clone();
            loop {
                let cost = self.staff.cost(&point);
                if cost < best {
                    found.push((cost, point.clone()));
                }
                // The next one, as an odometer counts.
                let Some(role) = (0..point.people.len()).find(|role| point.people[*role] < most.people[*role]) else {
                    break;
                };
                point.people[role] += 1;
                point.people[..role].copy_from_slice(&least.people[..role]);
            }
        }
        found.sort_by(|(a, one), (b, other)| b.cmp(a).then_with(|| one.cmp(other)));
        found.into_iter().map(|(_, point)| point).collect()
    }

    /// Simulates an allocation; true when it meets the goals.
    fn tried(&mut self, point: &Point) -> Result<bool, Stop> {
        let meets = self.evaluator.meets(point)?;
        self.note(point, meets);
        Ok(meets)
    }

    fn note(&mut self, point: &Point, meets: bool) {
        let cost = self.staff.cost(point);
        if !meets {
            if !self.is_hopeless(point) {
                self.missed.push(point.clone());
            }
        } else if self.best.as_ref().is_none_or(|(best, _)| cost < *best) {
            self.best = Some((cost, point.clone()));
        }
    }

    /// Whether it has no more people than one that missed the goals.
    fn is_hopeless(&self, point: &Point) -> bool {
        self.missed.iter().any(|missed| point.is_within(missed))
    }
}
