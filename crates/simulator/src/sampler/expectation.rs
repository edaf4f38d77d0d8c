//! The expected value of the smaller or greater of two independent numbers, from their survival functions.
//!
//! E min(A, B) = l + ∫ P(A > x) P(B > x) dx from the lower end l of the support, and E max = E A + E B − E min. The
//! integral is cut where a survival function has a jump or a kink, so that each piece is smooth, and at some quantiles,
//! so that no fall hides between the points of a rule; each piece is halved until the 5-point Gauss–Legendre rule
//! agrees with itself.

use super::{Gamma, Kind, Triangle, Weibull};
use crate::special::{falls_to, gamma_upper};

/// Agreement at which a piece is no longer halved, relative to the piece.
const TOLERANCE: f64 = 1e-10;

/// A piece is halved at most that often.
const DEEPEST: u32 = 48;

/// The chances of a greater value at whose quantiles the integral is cut.
const LEVELS: [f64; 11] = [1.0 - 1e-12, 1.0 - 1e-9, 1.0 - 1e-6, 0.999, 0.9, 0.5, 0.1, 1e-3, 1e-6, 1e-9, 1e-12];

/// The tail is followed over at most that many doublings of the distance.
const MOST_DOUBLINGS: u32 = 2_000;

/// E min(A, B).
pub(super) fn of_smaller(a: &Kind, b: &Kind) -> f64 {
    let survival = |x: f64| a.survival(x) * b.survival(x);
    let mut cuts = Vec::new();
    a.cuts(&mut cuts);
    b.cuts(&mut cuts);
    cuts.retain(|cut| cut.is_finite());
    cuts.sort_by(f64::total_cmp);
    let (Some(&low), Some(&high)) = (cuts.first(), cuts.last()) else {
        return 0.0;
    };
    let body: f64 = cuts.windows(2).map(|pair| integral(&survival, pair[0], pair[1], DEEPEST)).sum();
    low + body + tail(&survival, high, a.mean().abs(), b.mean().abs(), body)
}

/// E max(A, B).
pub(super) fn of_greater(a: &Kind, b: &Kind) -> f64 {
    a.mean() + b.mean() - of_smaller(a, b)
}

/// The integral from `low` on, where both survival functions are smooth, in stretches that double in length.
///
/// It ends when a stretch beyond both means adds nothing that counts. Since survival falls, a later stretch can add at
/// most twice its predecessor, so an insignificant one is never followed by a significant one within reach.
fn tail(survival: &impl Fn(f64) -> f64, low: f64, one: f64, other: f64, body: f64) -> f64 {
    if survival(low) <= 0.0 {
        return 0.0;
    }
    let (mut length, mut from, mut total) = (one.min(other), low, 0.0);
    for _ in 0..MOST_DOUBLINGS {
        let stretch = integral(survival, from, from + length, DEEPEST);
        total += stretch;
        from += length;
        length *= 2.0;
        if from > low + one.max(other) && stretch <= 1e-13 * (total + body) {
            break;
        }
    }
    total
}

/// ∫ f by a rule that is halved until the halves together say the same as the whole.
fn integral(f: &impl Fn(f64) -> f64, low: f64, high: f64, depth: u32) -> f64 {
    let middle = low + 0.5 * (high - low);
    let whole = five_points(f, low, high);
    let halves = five_points(f, low, middle) + five_points(f, middle, high);
    // Asked this way round so that a difference that is not a number ends it.
    if depth > 0 && (whole - halves).abs() > TOLERANCE * halves.abs() {
        return integral(f, low, middle, depth - 1) + integral(f, middle, high, depth - 1);
    }
    halves
}

/// Gauss–Legendre with five points, exact for polynomials up to degree 9 (DLMF 3.5(v)). It never asks for the ends.
fn five_points(f: &impl Fn(f64) -> f64, low: f64, high: f64) -> f64 {
    let (half, centre) = (0.5 * (high - low), low + 0.5 * (high - low));
    let root = 2.0 * (10.0f64 / 7.0).sqrt();
    let pair = |place: f64| f(centre - half * place) + f(centre + half * place);
    let near = pair((5.0 - root).sqrt() / 3.0) * (322.0 + 13.0 * 70.0f64.sqrt()) / 900.0;
    let far = pair((5.0 + root).sqrt() / 3.0) * (322.0 - 13.0 * 70.0f64.sqrt()) / 900.0;
    half * (f(centre) * 128.0 / 225.0 + near + far)
}

impl Kind {
    /// P(X > x).
    pub(super) fn survival(&self, x: f64) -> f64 {
        match self {
            Kind::Constant(only) => f64::from(x < *only),
            Kind::Uniform { low, width } if *width > 0.0 => ((low + width - x) / width).clamp(0.0, 1.0),
            Kind::Uniform { low, .. } => f64::from(x < *low),
            Kind::Triangular(triangle) => triangle.survival(x),
            // All further kinds are positive.
            Kind::Exponential { .. } | Kind::Lognormal { .. } | Kind::Gamma(_) | Kind::Weibull(_) if x <= 0.0 => 1.0,
            Kind::Exponential { mean, .. } => libm::exp(-x / mean),
            Kind::Lognormal { median, sigma, .. } => {
                0.5 * libm::erfc(libm::log(x / median) / (sigma * std::f64::consts::SQRT_2))
            }
            Kind::Gamma(Gamma { shape, scale, .. }) => gamma_upper(*shape, x / scale),
            Kind::Weibull(Weibull { scale, shape, .. }) => libm::exp(-libm::pow(x / scale, *shape)),
            Kind::Empirical(values) => {
                (values.len() - values.partition_point(|value| *value <= x)) as f64 / values.len().max(1) as f64
            }
            Kind::Min(pair) => pair.0.survival(x) * pair.1.survival(x),
            Kind::Max(pair) => {
                let (a, b) = (pair.0.survival(x), pair.1.survival(x));
                a + b - a * b
            }
        }
    }

    /// Adds where the support begins, where the survival function is not smooth, and where it falls.
    fn cuts(&self, cuts: &mut Vec<f64>) {
        match self {
            Kind::Constant(only) => cuts.push(*only),
            Kind::Uniform { low, width } => cuts.extend([*low, low + width]),
            Kind::Triangular(Triangle { low, mode, high, .. }) => cuts.extend([*low, *mode, *high]),
            Kind::Exponential { .. } | Kind::Lognormal { .. } | Kind::Gamma(_) | Kind::Weibull(_) => {
                cuts.push(0.0);
                cuts.extend(LEVELS.map(|level| falls_to(|x| self.survival(x), level)));
            }
            Kind::Empirical(values) => cuts.extend(values.iter()),
            Kind::Min(pair) | Kind::Max(pair) => {
                pair.0.cuts(cuts);
                pair.1.cuts(cuts);
            }
        }
    }
}

impl Triangle {
    fn survival(&self, x: f64) -> f64 {
        let Triangle { low, mode, high, .. } = *self;
        if x <= low {
            1.0
        } else if x < mode {
            1.0 - (x - low) * (x - low) / ((high - low) * (mode - low))
        } else if x < high {
            (high - x) * (high - x) / ((high - low) * (high - mode))
        } else {
            0.0
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::sampler::Sampler;
    use grieta_core::definition::Distribution;

    fn check(text: &str, expected: f64) {
        let found = Sampler::new(&text.parse::<Distribution>().unwrap().shape).mean();
        assert!((found / expected - 1.0).abs() < 1e-9, "{text}: {found} for {expected}");
    }

    #[test]
    fn bounded_ones_are_exact() {
        check("min(3, 5)", 3.0);
        check("max(3, 5)", 5.0);
        check("min(uniform(0, 1), uniform(0, 1))", 1.0 / 3.0);
        check("max(uniform(0, 1), uniform(0, 1))", 2.0 / 3.0);
        check("min(uniform(-20, 20), 0)", -5.0);
        check("max(uniform(2, 4), 1)", 3.0);
        check("max(empirical(1, 2, 6), empirical(1, 2, 6))", 37.0 / 9.0);
        // E min(X, 1/2) = ∫ 1 − x² from 0 to ½ for the triangle that rises to 1.
        check("min(triangular(0, 1, 1), 0.5)", 0.5 - 1.0 / 24.0);
    }

    #[test]
    fn exponentials_meet_their_closed_forms() {
        // The oracles for two parallel activities: 1/a + 1/b − 1/(a+b).
        check("max(exponential(1), exponential(1))", 1.5);
        check("max(exponential(1), exponential(2))", 7.0 / 3.0);
        check("max(exponential(6), exponential(20))", 26.0 - 120.0 / 26.0);
        check("min(exponential(1), exponential(1000000))", 1.0 / (1.0 + 1e-6));
        check("min(exponential(3), 2)", 3.0 * (1.0 - libm::exp(-2.0 / 3.0)));
        check("min(min(exponential(1), exponential(2)), exponential(3))", 6.0 / 11.0);
        check("max(max(exponential(1), exponential(1)), exponential(1))", 11.0 / 6.0);
    }

    #[test]
    fn heavy_tails_are_followed_to_their_end() {
        // E min(X, X') of two equal lognormals is 2 · mean · P(Z > σ/√2); of two Weibulls mean · 2^(−1/shape).
        let lognormal = |cv: f64| libm::erfc(libm::log1p(cv * cv).sqrt() / 2.0);
        check("min(lognormal(6, cv 0.01), lognormal(6, cv 0.01))", 6.0 * lognormal(0.01));
        check("min(lognormal(6, cv 0.7), lognormal(6, cv 0.7))", 6.0 * lognormal(0.7));
        check("min(lognormal(6, cv 100), lognormal(6, cv 100))", 6.0 * lognormal(100.0));
        check("min(weibull(6, shape 0.1), weibull(6, shape 0.1))", 6.0 / 1024.0);
        check("min(weibull(6, shape 100), weibull(6, shape 100))", 6.0 * libm::pow(0.5, 0.01));
        check("min(gamma(6, cv 1), gamma(6, cv 1))", 3.0);
        // A ceiling that never binds leaves the mean of the gamma itself.
        check("min(gamma(6, cv 100), 100000000)", 6.0);
        check("min(gamma(6, cv 0.01), 1000)", 6.0);
    }
}
