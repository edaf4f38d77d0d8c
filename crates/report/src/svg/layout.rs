//! Where the boxes and arrows of a drawing stand: layers from top to bottom, after Sugiyama.
//!
//! Every phase is a fixed number of passes over nodes and arrows, in whole numbers: any graph is laid out, always the same way.

use std::ops::Range;

/// A point, in pixels from the top left.
pub(super) type Point = (i64, i64);

/// What is to be laid out.
#[derive(Debug, Default)]
pub(super) struct Graph {
    /// The width and height of each box.
    pub boxes: Vec<(i64, i64)>,
    pub arrows: Vec<Arrow>,
}

/// From one box to another one, with room for a label on the way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arrow {
    pub from: usize,
    pub to: usize,
    /// The width of the label; 0 where there is none.
    pub label: i64,
}

/// Where everything stands.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// The middle of each box.
    pub boxes: Vec<Point>,
    pub arrows: Vec<Route>,
    pub width: i64,
    pub height: i64,
}

/// The way of an arrow.
#[derive(Debug, Clone, Default)]
pub(super) struct Route {
    /// From where it begins to where it points.
    pub points: Vec<Point>,
    /// The middle of its label.
    pub label: Point,
}

/// Between neighbours in a layer.
const APART: i64 = 24;
/// Between a layer of boxes and one of labels.
const BELOW: i64 = 18;
/// How high a label is.
const LABEL: i64 = 14;
/// Around the drawing.
const MARGIN: i64 = 16;
/// How often layers are put in order, and moved.
const SWEEPS: usize = 12;
/// So many bends are placed; arrows for which none are left go straight.
const MOST_BENDS: usize = 100_000;

/// Lays out a graph, as far as its arrows are between its boxes.
pub(super) fn lay_out(graph: &Graph) -> Layout {
    let mut layers = Layers::of(graph);
    layers.put_in_order();
    layers.place();
    layers.finish(graph)
}

/// A box, or a place that an arrow passes on its way.
#[derive(Debug, Clone, Default)]
struct Spot {
    width: i64,
    height: i64,
    layer: usize,
    /// The middle, from left to right.
    x: i64,
    above: Vec<usize>,
    below: Vec<usize>,
    bend: bool,
}

/// An arrow in the direction of the layers.
#[derive(Debug)]
struct Way {
    upwards: bool,
    /// From the upper box to the lower one.
    spots: Vec<usize>,
}

#[derive(Debug)]
struct Layers {
    spots: Vec<Spot>,
    /// By layer, from left to right.
    layers: Vec<Vec<usize>>,
    /// By arrow; none for what goes from a box to itself.
    ways: Vec<Option<Way>>,
}

impl Layers {
    fn of(graph: &Graph) -> Layers {
        let known = |arrow: &Arrow| arrow.from < graph.boxes.len() && arrow.to < graph.boxes.len();
        let order = depth_first(graph);
        let mut position = vec![0; graph.boxes.len()];
        order.iter().enumerate().for_each(|(at, one)| position[*one] = at);
        // What leads to where it came from goes upwards.
        let upwards: Vec<bool> =
            graph.arrows.iter().map(|arrow| known(arrow) && position[arrow.from] > position[arrow.to]).collect();
        let ends = |at: usize| match (&graph.arrows[at], upwards[at]) {
            (arrow, true) => (arrow.to, arrow.from),
            (arrow, false) => (arrow.from, arrow.to),
        };
        let drawn = |at: &usize| known(&graph.arrows[*at]) && graph.arrows[*at].from != graph.arrows[*at].to;
        let layer = layers_of(&order, &position, (0..graph.arrows.len()).filter(drawn).map(ends));
        let spot = |(at, (width, height)): (usize, &(i64, i64))| Spot {
            width: *width,
            height: *height,
            layer: layer[at],
            ..Spot::default()
        };
        let mut spots: Vec<Spot> = graph.boxes.iter().enumerate().map(spot).collect();
        let mut left = MOST_BENDS;
        let ways = (0..graph.arrows.len()).map(|at| {
            let (top, bottom) = Some(at).filter(drawn).map(ends)?;
            let between = spots[top].layer + 1..spots[bottom].layer;
            let bends = if between.len() <= left { between } else { 0..0 };
            left -= bends.len();
            let label = if upwards[at] { bends.end.saturating_sub(1) } else { bends.start };
            let way = bend(&mut spots, top, bottom, bends, (label, graph.arrows[at].label));
            Some(Way { upwards: upwards[at], spots: way })
        });
        let ways = ways.collect();
        let mut layers = vec![Vec::new(); spots.iter().map(|spot| spot.layer + 1).max().unwrap_or(0)];
        let bends = graph.boxes.len()..spots.len();
        order.into_iter().chain(bends).for_each(|spot| layers[spots[spot].layer].push(spot));
        Layers { spots, layers, ways }
    }

    /// Orders each layer by where its neighbours stand, so that few arrows cross.
    fn put_in_order(&mut self) {
        let mut position = vec![0; self.spots.len()];
        let number = |layer: &[usize], position: &mut Vec<i64>| {
            layer.iter().enumerate().for_each(|(at, spot)| position[*spot] = at as i64 * 1_000);
        };
        self.layers.iter().for_each(|layer| number(layer, &mut position));
        for sweep in 0..SWEEPS {
            for at in 0..self.layers.len() {
                let (at, down) = self.turn(sweep, at);
                let mut wanted: Vec<(i64, usize)> = Vec::with_capacity(self.layers[at].len());
                for spot in &self.layers[at] {
                    let neighbours = if down { &self.spots[*spot].above } else { &self.spots[*spot].below };
                    wanted.push((mean(neighbours, &position).unwrap_or(position[*spot]), *spot));
                }
                wanted.sort_by_key(|(wanted, _)| *wanted);
                self.layers[at] = wanted.into_iter().map(|(_, spot)| spot).collect();
                number(&self.layers[at], &mut position);
            }
        }
    }

    /// Moves the spots of each layer to where their neighbours are, as far as there is room.
    fn place(&mut self) {
        for layer in &self.layers {
            let mut right = 0;
            for spot in layer {
                let spot = &mut self.spots[*spot];
                spot.x = right + spot.width / 2;
                right += spot.width + APART;
            }
        }
        for sweep in 0..SWEEPS * 2 {
            for at in 0..self.layers.len() {
                let (at, down) = self.turn(sweep, at);
                self.move_layer(at, down);
            }
        }
    }

    fn move_layer(&mut self, at: usize, down: bool) {
        let mut room = 0;
        let mut wanted = Vec::with_capacity(self.layers[at].len());
        let mut rooms = Vec::with_capacity(self.layers[at].len());
        for spot in &self.layers[at] {
            let spot = &self.spots[*spot];
            let neighbours = if down { &spot.above } else { &spot.below };
            let straight = neighbours.iter().any(|other| self.spots[*other].bend) && spot.bend;
            let xs = neighbours.iter().map(|other| self.spots[*other].x);
            let middle = if neighbours.is_empty() { spot.x } else { xs.sum::<i64>() / neighbours.len() as i64 };
            room += spot.width / 2;
            wanted.push((middle - room, if straight { 8 } else { 1 + neighbours.len() as i64 }));
            rooms.push(room);
            room += spot.width - spot.width / 2 + APART;
        }
        for ((spot, x), room) in self.layers[at].iter().zip(rising(&wanted)).zip(rooms) {
            self.spots[*spot].x = x + room;
        }
    }

    /// The layer that is looked at, and whether after the one above it: even sweeps go down, odd ones up.
    fn turn(&self, sweep: usize, at: usize) -> (usize, bool) {
        if sweep.is_multiple_of(2) { (at, true) } else { (self.layers.len() - 1 - at, false) }
    }

    fn finish(mut self, graph: &Graph) -> Layout {
        let left = self.spots.iter().map(|spot| spot.x - spot.width / 2).min().unwrap_or(0);
        self.spots.iter_mut().for_each(|spot| spot.x += MARGIN - left);
        let mut tops = Vec::with_capacity(self.layers.len());
        let mut y = MARGIN;
        for layer in &self.layers {
            let height = layer.iter().map(|spot| self.spots[*spot].height).max().unwrap_or(0);
            tops.push((y, height));
            y += height + BELOW;
        }
        let middle = |spot: &Spot| (spot.x, tops[spot.layer].0 + tops[spot.layer].1 / 2);
        let ports = self.ports();
        let arrows = self.ways.iter().enumerate().map(|(at, way)| match way {
            Some(way) => self.route(way, ports[at], &tops),
            None => around(graph, at, |one| middle(&self.spots[one])),
        });
        let right = self.spots.iter().map(|spot| spot.x + spot.width / 2).max().unwrap_or(0);
        Layout {
            arrows: arrows.collect(),
            boxes: self.spots[..graph.boxes.len()].iter().map(middle).collect(),
            width: right + MARGIN,
            height: y - BELOW + MARGIN,
        }
    }

    /// For each arrow, how far beside the middle of the upper and of the lower box it is fastened: next to each other,
    /// in the order in which they leave.
    fn ports(&self) -> Vec<(i64, i64)> {
        let mut ends: Vec<(usize, bool, i64, usize)> = Vec::new();
        for (at, way) in self.ways.iter().enumerate() {
            if let Some(Way { spots, .. }) = way
                && let [top, second, ..] = spots[..]
            {
                let (bottom, before) = (spots[spots.len() - 1], spots[spots.len() - 2]);
                ends.push((top, false, self.spots[second].x, at));
                ends.push((bottom, true, self.spots[before].x, at));
            }
        }
        ends.sort_unstable();
        let mut ports = vec![(0, 0); self.ways.len()];
        for side in ends.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
            let apart = (self.spots[side[0].0].width * 2 / 3) / (side.len() as i64);
            let apart = apart.min(28);
            for (number, (_, lower, _, at)) in side.iter().enumerate() {
                let beside = (2 * number as i64 + 1 - side.len() as i64) * apart / 2;
                if *lower { ports[*at].1 = beside } else { ports[*at].0 = beside }
            }
        }
        ports
    }

    fn route(&self, way: &Way, (upper, lower): (i64, i64), tops: &[(i64, i64)]) -> Route {
        let mut points = Vec::with_capacity(way.spots.len() * 2);
        let mut label = None;
        let last = way.spots.len() - 1;
        for (number, spot) in way.spots.iter().enumerate() {
            let spot = &self.spots[*spot];
            let (top, height) = tops[spot.layer];
            let half = (top + height / 2 - spot.height / 2, top + height / 2 + (spot.height + 1) / 2);
            match number {
                0 => points.push((spot.x + upper, half.1)),
                _ if number == last => points.push((spot.x + lower, half.0)),
                _ => {
                    points.extend([(spot.x, top), (spot.x, top + height)]);
                    if spot.width > 0 {
                        label = Some((spot.x, top + height / 2));
                    }
                }
            }
        }
        let between = |points: &[Point]| {
            ((points[0].0 + points[points.len() - 1].0) / 2, (points[0].1 + points[points.len() - 1].1) / 2)
        };
        let label = label.unwrap_or_else(|| between(&points));
        if way.upwards {
            points.reverse();
        }
        Route { points, label }
    }
}

/// The way of an arrow from a box to itself, at its right side.
fn around(graph: &Graph, at: usize, middle: impl Fn(usize) -> Point) -> Route {
    let arrow = &graph.arrows[at];
    let Some((width, height)) = graph.boxes.get(arrow.from).filter(|_| arrow.from == arrow.to) else {
        return Route::default();
    };
    let (x, y) = middle(arrow.from);
    let (right, high) = (x + width / 2, height / 4);
    Route {
        points: vec![(right, y - high), (right + 18, y - high), (right + 18, y + high), (right, y + high)],
        label: (right + 22 + arrow.label / 2, y),
    }
}

/// The boxes in the order in which they are finished from the first on, the last first: all arrows point forwards but those that
/// lead back to where they came from.
fn depth_first(graph: &Graph) -> Vec<usize> {
    let mut ways: Vec<Vec<usize>> = vec![Vec::new(); graph.boxes.len()];
    for arrow in graph.arrows.iter().filter(|arrow| arrow.from < graph.boxes.len() && arrow.to < graph.boxes.len()) {
        ways[arrow.from].push(arrow.to);
    }
    let mut finished = Vec::with_capacity(graph.boxes.len());
    let mut seen = vec![false; graph.boxes.len()];
    let mut next = vec![0; graph.boxes.len()];
    for root in 0..graph.boxes.len() {
        let mut under_way = if seen[root] { Vec::new() } else { vec![root] };
        seen[root] = true;
        while let Some(one) = under_way.last().copied() {
            // The last way first, so that the first stands before it once all is turned round.
            let way = ways[one].len().checked_sub(next[one] + 1);
            next[one] += 1;
            match way.map(|way| ways[one][way]) {
                Some(to) if !seen[to] => {
                    seen[to] = true;
                    under_way.push(to);
                }
                Some(_) => {}
                None => finished.extend(under_way.pop()),
            }
        }
    }
    finished.reverse();
    finished
}

/// The layer of each box: below all from which arrows lead there, with a layer for labels between.
fn layers_of(order: &[usize], position: &[usize], arrows: impl Iterator<Item = (usize, usize)>) -> Vec<usize> {
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); order.len()];
    let mut is_below = vec![false; order.len()];
    for (top, bottom) in arrows.filter(|(top, bottom)| position[*top] < position[*bottom]) {
        below[top].push(bottom);
        is_below[bottom] = true;
    }
    let mut layer = vec![0_usize; order.len()];
    for top in order {
        for bottom in &below[*top] {
            layer[*bottom] = layer[*bottom].max(layer[*top] + 2);
        }
    }
    // What nothing leads to stands right above what it leads to.
    for top in order.iter().filter(|top| !is_below[**top]) {
        let nearest = below[*top].iter().map(|bottom| layer[*bottom]).min();
        layer[*top] = nearest.map_or(layer[*top], |nearest| nearest.saturating_sub(2).max(layer[*top]));
    }
    layer
}

/// Adds the spots that an arrow passes in the layers between two boxes; the one in the layer of the label is as wide as that.
fn bend(spots: &mut Vec<Spot>, top: usize, bottom: usize, layers: Range<usize>, label: (usize, i64)) -> Vec<usize> {
    let mut way = vec![top];
    for layer in layers {
        let (width, height) = if layer == label.0 && label.1 > 0 { (label.1, LABEL) } else { (0, 0) };
        spots.push(Spot { width, height, layer, bend: true, ..Spot::default() });
        way.push(spots.len() - 1);
    }
    way.push(bottom);
    for pair in way.windows(2) {
        spots[pair[0]].below.push(pair[1]);
        spots[pair[1]].above.push(pair[0]);
    }
    way
}

fn mean(spots: &[usize], position: &[i64]) -> Option<i64> {
    let sum: i64 = spots.iter().map(|spot| position[*spot]).sum();
    sum.checked_div(i64::try_from(spots.len()).ok()?)
}

/// The numbers nearest to these, each with its weight, that do not fall: neighbours that do are replaced by their mean
/// ("pool adjacent violators", Ayer and others, 1955).
fn rising(wanted: &[(i64, i64)]) -> Vec<i64> {
    let mut pools: Vec<(i64, i64, usize)> = Vec::new();
    for (value, weight) in wanted {
        let mut pool = (value * weight, *weight, 1);
        while let Some((sum, weight, count)) = pools.last().copied().filter(|last| mean_of(*last) > mean_of(pool)) {
            pools.pop();
            pool = (pool.0 + sum, pool.1 + weight, pool.2 + count);
        }
        pools.push(pool);
    }
    pools.into_iter().flat_map(|pool| std::iter::repeat_n(mean_of(pool), pool.2)).collect()
}

fn mean_of((sum, weight, _): (i64, i64, usize)) -> i64 {
    sum.div_euclid(weight.max(1))
}
