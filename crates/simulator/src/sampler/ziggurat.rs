//! Exponential and normal numbers by the ziggurat method with 256 layers.
//!
//! Marsaglia and Tsang, "The ziggurat method for generating random variables", Journal of Statistical Software 5(8),
//! 2000, with the layer, the sign and the place within the layer taken from disjoint bits of one 64-bit word, so that
//! the correlation that Doornik (2005) found in the original does not arise. About 99 % of the draws end after one
//! table look-up, one product and one comparison.
//!
//! The tables are computed once with `libm`, hence the same bits everywhere. Samplers keep a reference, so drawing
//! does not ask whether they are ready.

use std::sync::LazyLock;

use super::power::exp;
use crate::random::{Stream, one_to_two};

/// How many layers of equal area cover the density.
const LAYERS: usize = 256;

/// Where the lowest layer of the exponential ends and its tail begins: the root at which the 256 layers close exactly.
const EXPONENTIAL_EDGE: f64 = 7.697_117_470_131_05;

/// The same for the normal density e^(−x²/2).
const NORMAL_EDGE: f64 = 3.654_152_885_361_009;

/// One layer, lowest first; 16 bytes, so that a draw touches one cache line.
#[derive(Debug, Clone, Copy)]
struct Layer {
    /// How far the layer reaches to the right.
    width: f64,
    /// Left of this the layer lies wholly under the density.
    inside: f64,
}

impl Layer {
    /// A place in the layer from the upper 52 bits, which [`Ziggurat`] uses for nothing else.
    #[inline]
    fn place(self, bits: u64) -> f64 {
        (one_to_two(bits) - 1.0) * self.width
    }
}

/// A decreasing density on x ≥ 0 with f(0) = 1, cut into layers of equal area.
#[derive(Debug)]
pub(super) struct Ziggurat {
    layers: [Layer; LAYERS],
    /// f at the right end of each layer, and f(0) = 1 at last.
    heights: [f64; LAYERS + 1],
    edge: f64,
}

static EXPONENTIAL: LazyLock<Ziggurat> = LazyLock::new(|| {
    let tail = libm::exp(-EXPONENTIAL_EDGE);
    Ziggurat::new(EXPONENTIAL_EDGE, tail, |x| libm::exp(-x), |y| -libm::log(y))
});

static NORMAL: LazyLock<Ziggurat> = LazyLock::new(|| {
    let tail = (std::f64::consts::PI / 2.0).sqrt() * libm::erfc(NORMAL_EDGE / std::f64::consts::SQRT_2);
    Ziggurat::new(NORMAL_EDGE, tail, |x| libm::exp(-0.5 * x * x), |y| (-2.0 * libm::log(y)).sqrt())
});

impl Ziggurat {
    /// The tables for [`Ziggurat::exponential`].
    pub(super) fn of_exponential() -> &'static Ziggurat {
        &EXPONENTIAL
    }

    /// The tables for [`Ziggurat::normal`].
    pub(super) fn of_normal() -> &'static Ziggurat {
        &NORMAL
    }

    /// Layers of a density whose integral beyond `edge` is `tail`.
    fn new(edge: f64, tail: f64, density: impl Fn(f64) -> f64, inverse: impl Fn(f64) -> f64) -> Ziggurat {
        let area = edge * density(edge) + tail;
        // The lowest layer is the rectangle up to the edge and the tail; its width is that of a rectangle of its area.
        let mut layers = [Layer { width: area / density(edge), inside: edge }; LAYERS];
        let mut heights = [density(edge); LAYERS + 1];
        let mut right = edge;
        for at in 1..LAYERS {
            heights[at] = density(right);
            let top = heights[at] + area / right;
            let inside = if at + 1 < LAYERS { inverse(top) } else { 0.0 };
            layers[at] = Layer { width: right, inside };
            right = inside;
        }
        heights[LAYERS] = 1.0;
        Ziggurat { layers, heights, edge }
    }

    /// An exponential number with mean 1; at least 0. Only for the tables of [`Ziggurat::of_exponential`].
    #[inline]
    pub(super) fn exponential(&self, stream: &mut Stream) -> f64 {
        let bits = stream.next_u64();
        let layer = self.layers[(bits & 0xFF) as usize];
        let x = layer.place(bits);
        if x < layer.inside { x } else { self.exponential_edge(bits, x, stream) }
    }

    /// A draw that fell beyond the part of its layer that lies wholly under the density.
    #[cold]
    fn exponential_edge(&self, mut bits: u64, mut x: f64, stream: &mut Stream) -> f64 {
        loop {
            let at = (bits & 0xFF) as usize;
            if x < self.layers[at].inside {
                return x;
            }
            if at == 0 {
                // The exponential has no memory: beyond the edge it starts anew.
                return self.edge - libm::log(stream.unit_f64());
            }
            if self.height(at, stream) < exp(-x) {
                return x;
            }
            bits = stream.next_u64();
            x = self.layers[(bits & 0xFF) as usize].place(bits);
        }
    }

    /// A normal number with mean 0 and standard deviation 1. Only for the tables of [`Ziggurat::of_normal`].
    #[inline]
    pub(super) fn normal(&self, stream: &mut Stream) -> f64 {
        let bits = stream.next_u64();
        let layer = self.layers[(bits & 0xFF) as usize];
        let x = layer.place(bits);
        if x < layer.inside { signed(x, bits) } else { self.normal_edge(bits, x, stream) }
    }

    /// A draw that fell beyond the part of its layer that lies wholly under the density.
    #[cold]
    fn normal_edge(&self, mut bits: u64, mut x: f64, stream: &mut Stream) -> f64 {
        loop {
            let at = (bits & 0xFF) as usize;
            if x < self.layers[at].inside {
                return signed(x, bits);
            }
            if at == 0 {
                return signed(self.normal_tail(stream), bits);
            }
            if self.height(at, stream) < exp(-0.5 * x * x) {
                return signed(x, bits);
            }
            bits = stream.next_u64();
            x = self.layers[(bits & 0xFF) as usize].place(bits);
        }
    }

    /// A normal number beyond the edge (Marsaglia, "Generating a variable from the tail of the normal distribution",
    /// Technometrics 6, 1964).
    fn normal_tail(&self, stream: &mut Stream) -> f64 {
        loop {
            let beyond = -libm::log(stream.unit_f64()) / self.edge;
            if -2.0 * libm::log(stream.unit_f64()) > beyond * beyond {
                return self.edge + beyond;
            }
        }
    }

    /// A height anywhere in that layer.
    fn height(&self, at: usize, stream: &mut Stream) -> f64 {
        self.heights[at] + stream.unit_f64() * (self.heights[at + 1] - self.heights[at])
    }
}

/// The number with the sign that bit 8 says: used neither for the layer nor for the place in it.
#[inline]
fn signed(x: f64, bits: u64) -> f64 {
    f64::from_bits(x.to_bits() ^ (bits & 0x100) << 55)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::mix;

    /// The layers fit: the topmost one ends at height 1, where the density does.
    fn closes(tables: &Ziggurat) {
        let area = tables.layers[0].width * tables.heights[1];
        let width = tables.layers[LAYERS - 1].width;
        let top = tables.heights[LAYERS - 1] + area / width;
        assert!((top - 1.0).abs() < 1e-12, "{top}");
    }

    #[test]
    fn the_edges_are_the_roots_at_which_the_layers_close() {
        closes(Ziggurat::of_exponential());
        closes(Ziggurat::of_normal());
    }

    #[test]
    fn layers_narrow_and_rise() {
        for tables in [Ziggurat::of_exponential(), Ziggurat::of_normal()] {
            assert!(
                tables.layers.windows(2).all(|pair| pair[0].width > pair[1].width && pair[0].inside > pair[1].inside)
            );
            assert!(tables.heights[1..].windows(2).all(|pair| pair[0] < pair[1]));
            assert_eq!(tables.layers[LAYERS - 1].inside, 0.0);
        }
    }

    #[test]
    fn every_bit_of_the_tables_is_pinned() {
        // FNV-1a over all words: changes when any bit of any entry does.
        let print = |tables: &Ziggurat| {
            let words = tables.layers.iter().flat_map(|layer| [layer.width, layer.inside]).chain(tables.heights);
            words.fold(0xCBF2_9CE4_8422_2325_u64, |hash, word| (hash ^ word.to_bits()).wrapping_mul(0x100_0000_01B3))
        };
        assert_eq!(print(Ziggurat::of_exponential()), 0x1A35_E15B_51ED_EA8F);
        assert_eq!(print(Ziggurat::of_normal()), 0x9E91_87C6_55AF_6C37);
    }

    /// Fails unless |numbers| fill the outermost layers, where wedges are large, as the survival function says.
    ///
    /// 24 cells of equal width below `edge`: with 23 degrees of freedom χ² exceeds 59.0 with p = 5e-5 and less.
    fn outermost(low: f64, edge: f64, survival: impl Fn(f64) -> f64, number: impl Fn(&mut Stream) -> f64) {
        const NUMBERS: u64 = 8_000_000;
        let width = (edge - low) / 24.0;
        let mut cells = [0u64; 24];
        for key in 0..NUMBERS {
            let x = number(&mut Stream::new(mix(key))).abs();
            if x >= low && x < edge {
                cells[((x - low) / width) as usize] += 1;
            }
        }
        let square = |(at, &found): (usize, &u64)| {
            let left = low + at as f64 * width;
            let expected = NUMBERS as f64 * (survival(left) - survival(left + width));
            (found as f64 - expected).powi(2) / expected
        };
        let found: f64 = cells.iter().enumerate().map(square).sum();
        assert!(found < 59.0, "χ² = {found}");
    }

    #[test]
    fn wedges_have_the_right_form() {
        let (exponential, normal) = (Ziggurat::of_exponential(), Ziggurat::of_normal());
        outermost(5.5, EXPONENTIAL_EDGE, |x| libm::exp(-x), |stream| exponential.exponential(stream));
        let both_tails = |x: f64| libm::erfc(x / std::f64::consts::SQRT_2);
        outermost(2.8, NORMAL_EDGE, both_tails, |stream| normal.normal(stream));
    }

    #[test]
    fn the_normal_tail_has_the_right_form() {
        // Kolmogorov–Smirnov: √n · D exceeds 2.2253 with p = 1e-4.
        let survival = |x: f64| libm::erfc(x / std::f64::consts::SQRT_2);
        let n = 200_000;
        let tables = Ziggurat::of_normal();
        let mut numbers: Vec<f64> = (0..n).map(|key| tables.normal_tail(&mut Stream::new(mix(key)))).collect();
        numbers.sort_by(f64::total_cmp);
        let distance = numbers.iter().enumerate().fold(0.0, |far: f64, (rank, &x)| {
            let below = 1.0 - survival(x) / survival(NORMAL_EDGE);
            far.max((below - (rank as f64 + 0.5) / n as f64).abs())
        });
        assert!(distance * (n as f64).sqrt() < 2.2253, "{distance}");
    }
}
