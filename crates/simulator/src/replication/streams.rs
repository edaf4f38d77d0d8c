//! Who comes to each of several processes.

use super::world::Side;
use super::{Arrival, Order};
use crate::arrivals::Stepper;
use crate::model::Model;

/// Who comes to one process.
pub(super) struct Stream<'a> {
    stepper: Stepper<'a>,
    /// How many have been drawn.
    drawn: u64,
    /// Who comes next; `None` when nobody does any more.
    next: Option<Arrival<'a>>,
}

/// A stream for each process that says who comes.
pub(super) fn of<'a>(models: &'a [Model], order: &Order<'a>) -> Vec<Stream<'a>> {
    let stream = |(at, model): (usize, &'a Model)| {
        let stepper = model.arrivals.as_ref()?.stepper(model.seed(order.seed), order.replication, model.start);
        let mut stream = Stream { stepper, drawn: 0, next: None };
        stream.draw(Side(at as u16), order);
        Some(stream)
    };
    models.iter().enumerate().filter_map(stream).collect()
}

/// Who comes next, to whatever process; of those who come at the same time, to the first.
pub(super) fn next<'a>(streams: &mut [Stream<'a>], order: &Order<'a>) -> Option<Arrival<'a>> {
    let waiting = streams.iter_mut().filter(|stream| stream.next.is_some());
    let first = waiting.min_by_key(|stream| stream.next.map(|arrival| arrival.at))?;
    let arrival = first.next.take()?;
    first.draw(arrival.side?, order);
    Some(arrival)
}

impl<'a> Stream<'a> {
    fn draw(&mut self, side: Side, order: &Order<'a>) {
        if self.drawn >= order.cases {
            return;
        }
        let (at, key) = self.stepper.next(self.drawn);
        let arrival = Arrival { at, ordinal: self.drawn, key, recorded: None, side: Some(side) };
        self.drawn += 1;
        self.next = Some(arrival).filter(|arrival| order.still_comes(arrival.at));
    }
}
