//! Draws lengths of time and numbers from the distributions of a definition: the same bits on every machine.
//!
//! A [`Sampler`] is compiled once from a [`Shape`]; parameters that need logarithms or gamma functions are worked out
//! then. Only IEEE operations that round correctly (+ − × ÷ √) and `libm` are used. 32-bit x86 without SSE2 is the
//! exception: its arithmetic keeps extra digits, and results there may differ.
//!
//! ```
//! use grieta_core::definition::Distribution;
//! use grieta_simulator::{random::Stream, sampler::Sampler};
//!
//! let work: Distribution = "lognormal(6 min, cv 0.7)".parse()?;
//! let minutes = Sampler::scaled(&work.shape, 1.0 / 60e6); // the shape counts microseconds
//! assert_eq!(minutes.mean(), 6.0);
//! assert!(minutes.sample(&mut Stream::new(42)) > 0.0);
//! # Ok::<(), String>(())
//! ```

mod expectation;
mod power;
mod ziggurat;

use grieta_core::definition::Shape;

use crate::random::Stream;
use power::exp;
use ziggurat::Ziggurat;

/// A distribution made ready for drawing.
#[derive(Debug, Clone)]
pub struct Sampler(Kind);

/// The parameters as drawing needs them.
#[derive(Debug, Clone)]
enum Kind {
    Constant(f64),
    Uniform {
        low: f64,
        width: f64,
    },
    Triangular(Triangle),
    Exponential {
        mean: f64,
        tables: &'static Ziggurat,
    },
    Lognormal {
        median: f64,
        sigma: f64,
        tables: &'static Ziggurat,
    },
    Gamma(Gamma),
    Weibull(Weibull),
    /// In rising order.
    Empirical(Box<[f64]>),
    Min(Box<(Kind, Kind)>),
    Max(Box<(Kind, Kind)>),
}

/// A triangular distribution.
#[derive(Debug, Clone)]
struct Triangle {
    low: f64,
    mode: f64,
    high: f64,
    /// The share of the mass left of the mode.
    rising: f64,
}

/// A gamma distribution.
#[derive(Debug, Clone)]
struct Gamma {
    shape: f64,
    scale: f64,
    normal: &'static Ziggurat,
    exponential: &'static Ziggurat,
}

/// A Weibull distribution.
#[derive(Debug, Clone)]
struct Weibull {
    scale: f64,
    shape: f64,
    tables: &'static Ziggurat,
}

impl Sampler {
    /// The sampler of a shape, in the shape's own base units.
    pub fn new(shape: &Shape) -> Sampler {
        Sampler::scaled(shape, 1.0)
    }

    /// The sampler of a shape whose every number is multiplied by `factor`, such as the microseconds of a base unit.
    ///
    /// The factor must be above 0. A shape that the parser would refuse (say, a `cv` of 0) gives the limit of its
    /// kind where there is one, and otherwise numbers without meaning, but neither a panic nor an endless loop.
    pub fn scaled(shape: &Shape, factor: f64) -> Sampler {
        Sampler(compile(shape, factor))
    }

    /// One number of the distribution. Negative only where the shape itself reaches below 0.
    #[inline(always)]
    pub fn sample(&self, stream: &mut Stream) -> f64 {
        self.0.sample(stream)
    }

    /// The expected value: by formula, and for the smaller or greater of two by quadrature to about 1e-9 of itself.
    pub fn mean(&self) -> f64 {
        self.0.mean()
    }
}

fn compile(shape: &Shape, factor: f64) -> Kind {
    match *shape {
        Shape::Constant(only) => Kind::Constant(only * factor),
        Shape::Uniform { low, high } => Kind::Uniform { low: low * factor, width: (high - low) * factor },
        Shape::Triangular { low, high, .. } if low == high => Kind::Constant(low * factor),
        Shape::Triangular { low, mode, high } => Kind::Triangular(Triangle {
            low: low * factor,
            mode: mode * factor,
            high: high * factor,
            rising: (mode - low) / (high - low),
        }),
        Shape::Exponential { mean } => Kind::Exponential { mean: mean * factor, tables: Ziggurat::of_exponential() },
        Shape::Lognormal { mean, cv } => lognormal(mean * factor, cv),
        Shape::Gamma { mean, cv } => gamma(mean * factor, cv),
        Shape::Weibull { mean, shape } => weibull(mean * factor, shape),
        Shape::Empirical(ref values) => {
            let mut values: Box<[f64]> = values.iter().map(|value| value * factor).collect();
            values.sort_by(f64::total_cmp);
            Kind::Empirical(values)
        }
        Shape::Min(ref a, ref b) => Kind::Min(Box::new((compile(a, factor), compile(b, factor)))),
        Shape::Max(ref a, ref b) => Kind::Max(Box::new((compile(a, factor), compile(b, factor)))),
    }
}

/// With σ² = ln(1 + cv²), the mean of e^(μ + σZ) is e^(μ + σ²/2), so the median e^μ is mean / √(1 + cv²).
fn lognormal(mean: f64, cv: f64) -> Kind {
    let square = cv * cv;
    let (median, sigma) = (mean / (1.0 + square).sqrt(), libm::log1p(square).sqrt());
    Kind::Lognormal { median, sigma, tables: Ziggurat::of_normal() }
}

/// The shape of a gamma distribution is 1/cv², its mean shape · scale.
fn gamma(mean: f64, cv: f64) -> Kind {
    let square = cv * cv;
    let shape = 1.0 / square;
    if shape.is_finite() && shape > 0.0 {
        let (normal, exponential) = (Ziggurat::of_normal(), Ziggurat::of_exponential());
        Kind::Gamma(Gamma { shape, scale: mean * square, normal, exponential })
    } else {
        Kind::Constant(mean)
    }
}

/// The mean of a Weibull distribution is scale · Γ(1 + 1/shape).
fn weibull(mean: f64, shape: f64) -> Kind {
    let scale = mean / libm::tgamma(1.0 + 1.0 / shape);
    Kind::Weibull(Weibull { scale, shape, tables: Ziggurat::of_exponential() })
}

impl Kind {
    /// What is slow or rare is called, not inlined, so that the rest stays small in the caller's loop.
    #[inline(always)]
    fn sample(&self, stream: &mut Stream) -> f64 {
        match self {
            Kind::Constant(only) => *only,
            Kind::Uniform { low, width } => low + width * stream.unit_f64(),
            Kind::Triangular(triangle) => triangle.sample(stream),
            Kind::Exponential { mean, tables } => mean * tables.exponential(stream),
            Kind::Lognormal { median, sigma, tables } => median * exp(sigma * tables.normal(stream)),
            Kind::Gamma(gamma) => gamma.sample(stream),
            Kind::Weibull(weibull) => weibull.sample(stream),
            Kind::Empirical(values) => {
                values.get(stream.below(values.len() as u64) as usize).copied().unwrap_or_default()
            }
            Kind::Min(pair) => {
                let (a, b) = pair_of(pair, stream);
                if a < b { a } else { b }
            }
            Kind::Max(pair) => {
                let (a, b) = pair_of(pair, stream);
                if a > b { a } else { b }
            }
        }
    }

    fn mean(&self) -> f64 {
        match self {
            Kind::Constant(only) => *only,
            Kind::Uniform { low, width } => low + 0.5 * width,
            Kind::Triangular(Triangle { low, mode, high, .. }) => (low + mode + high) / 3.0,
            Kind::Exponential { mean, .. } => *mean,
            Kind::Lognormal { median, sigma, .. } => median * libm::exp(0.5 * sigma * sigma),
            Kind::Gamma(Gamma { shape, scale, .. }) => shape * scale,
            Kind::Weibull(Weibull { scale, shape, .. }) => scale * libm::tgamma(1.0 + 1.0 / shape),
            Kind::Empirical(values) => values.iter().sum::<f64>() / values.len().max(1) as f64,
            Kind::Min(pair) => expectation::of_smaller(&pair.0, &pair.1),
            Kind::Max(pair) => expectation::of_greater(&pair.0, &pair.1),
        }
    }
}

/// A number of each, in the order in which they are written.
#[inline(never)]
fn pair_of(pair: &(Kind, Kind), stream: &mut Stream) -> (f64, f64) {
    (pair.0.sample(stream), pair.1.sample(stream))
}

impl Triangle {
    /// Inversion of the distribution function, which is a parabola on each side of the mode.
    fn sample(&self, stream: &mut Stream) -> f64 {
        let Triangle { low, mode, high, rising } = *self;
        let share = stream.unit_f64();
        if share < rising {
            low + ((high - low) * (mode - low) * share).sqrt()
        } else {
            high - ((high - low) * (high - mode) * (1.0 - share)).sqrt()
        }
    }
}

impl Gamma {
    /// Marsaglia and Tsang, "A simple method for generating gamma variables", ACM TOMS 26, 2000. For a shape below 1
    /// their §6: a number of shape + 1 times U^(1/shape), where −ln U is exponential.
    #[inline(never)]
    fn sample(&self, stream: &mut Stream) -> f64 {
        if self.shape >= 1.0 {
            return self.scale * self.cubed_normal(self.shape, stream);
        }
        let number = self.scale * self.cubed_normal(self.shape + 1.0, stream);
        number * exp(-self.exponential.exponential(stream) / self.shape)
    }

    /// A gamma number of scale 1 and a shape of at least 1: d (1 + cZ)³, accepted in more than 95 of 100 tries.
    fn cubed_normal(&self, shape: f64, stream: &mut Stream) -> f64 {
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let normal = self.normal.normal(stream);
            let root = 1.0 + c * normal;
            if root <= 0.0 {
                continue;
            }
            let cube = root * root * root;
            let share = stream.unit_f64();
            let square = normal * normal;
            // The first test avoids two logarithms nearly always.
            if share < 1.0 - 0.0331 * square * square
                || libm::log(share) < 0.5 * square + d * (1.0 - cube + libm::log(cube))
            {
                return d * cube;
            }
        }
    }
}

impl Weibull {
    /// A Weibull number is scale · E^(1/shape) with E exponential of mean 1.
    #[inline(never)]
    fn sample(&self, stream: &mut Stream) -> f64 {
        self.scale * exp(libm::log(self.tables.exponential(stream)) / self.shape)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, case_key, draw_key, name_key, salt};
    use grieta_core::definition::Distribution;

    fn sampler(text: &str) -> Sampler {
        Sampler::new(&text.parse::<Distribution>().unwrap().shape)
    }

    /// That many numbers, each from a key of its own, as the simulator draws them.
    fn draw(sampler: &Sampler, count: u64) -> Vec<f64> {
        let work = salt(name_key("work"), Purpose::Duration);
        (0..count).map(|case| sampler.sample(&mut Stream::new(draw_key(case_key(42, 0, case), work, 1, 0)))).collect()
    }

    const CONTINUOUS: [&str; 14] = [
        "uniform(-20, 20)",
        "triangular(0, 40, 100)",
        "triangular(0, 0, 100)",
        "triangular(0, 100, 100)",
        "exponential(5)",
        "lognormal(6, cv 0.7)",
        "lognormal(6, cv 3)",
        "gamma(6, cv 0.2)",
        "gamma(6, cv 1)",
        "gamma(6, cv 2)",
        "weibull(6, shape 0.7)",
        "weibull(6, shape 3)",
        "min(exponential(5), lognormal(6, cv 0.7))",
        "max(exponential(5), min(gamma(6, cv 2), uniform(1, 9)))",
    ];

    #[test]
    fn numbers_follow_their_distribution() {
        // Kolmogorov–Smirnov: √n · D exceeds 2.2253 with p = 1e-4.
        let n = 400_000;
        for text in CONTINUOUS {
            let sampler = sampler(text);
            let mut numbers = draw(&sampler, n);
            numbers.sort_by(f64::total_cmp);
            let distance = numbers.iter().enumerate().fold(0.0, |far: f64, (rank, &x)| {
                let below = 1.0 - sampler.0.survival(x);
                far.max(below - rank as f64 / n as f64).max((rank + 1) as f64 / n as f64 - below)
            });
            let found = distance * (n as f64).sqrt();
            assert!(found < 2.2253, "{text}: {found}");
        }
    }

    #[test]
    fn the_far_tails_are_there() {
        // Of 4 million numbers, those beyond the ziggurat's edge, against the binomial mean ± 5 deviations.
        let n = 4_000_000;
        let check = |text: &str, edge: f64, share: f64| {
            let found = draw(&sampler(text), n).into_iter().filter(|&x| x > edge).count() as f64;
            let expected = n as f64 * share;
            assert!((found - expected).abs() < 5.0 * expected.sqrt(), "{text}: {found} for {expected}");
        };
        check("exponential(1)", 8.0, libm::exp(-8.0));
        check("exponential(1)", 10.0, libm::exp(-10.0));
        // P(Z > 3.7) and P(Z > 4), through ln X = σ Z with σ² = ln(1 + cv²) and the median 1/√(1 + cv²).
        for z in [3.7, 4.0] {
            let edge = libm::exp(libm::log(2.0).sqrt() * z) / 2.0f64.sqrt();
            check("lognormal(1, cv 1)", edge, 0.5 * libm::erfc(z / 2.0f64.sqrt()));
        }
    }

    #[test]
    fn means_and_deviations_are_those_of_theory() {
        // With n numbers the mean is off by more than 5 cv/√n, relatively, once in 1.7 million; the sample cv of these
        // kinds, whose excess kurtosis k is below 60, by more than 5 cv/2 · √((k + 2)/n) about as seldom.
        let n = 400_000;
        let check = |text: &str, mean: f64, cv: f64| {
            let sampler = sampler(text);
            assert!((sampler.mean() / mean - 1.0).abs() < 1e-14, "{text}: {}", sampler.mean());
            let numbers = draw(&sampler, n);
            let found = numbers.iter().sum::<f64>() / n as f64;
            assert!((found / mean - 1.0).abs() <= 5.0 * cv / (n as f64).sqrt(), "{text}: mean {found}");
            let square = numbers.iter().map(|x| (x - found) * (x - found)).sum::<f64>() / (n - 1) as f64;
            let found = square.sqrt() / mean;
            assert!((found - cv).abs() <= 2.5 * cv * (62.0 / n as f64).sqrt(), "{text}: cv {found} for {cv}");
        };
        check("6", 6.0, 0.0);
        check("uniform(2, 4)", 3.0, 1.0 / 3.0 / 3.0f64.sqrt());
        check("triangular(0, 1, 2)", 1.0, 1.0 / 6.0f64.sqrt());
        check("exponential(5)", 5.0, 1.0);
        check("lognormal(6, cv 0.7)", 6.0, 0.7);
        check("lognormal(6, cv 0.01)", 6.0, 0.01);
        check("gamma(6, cv 0.01)", 6.0, 0.01);
        check("gamma(6, cv 0.7)", 6.0, 0.7);
        check("gamma(6, cv 2)", 6.0, 2.0);
        check("weibull(6, shape 1)", 6.0, 1.0);
        check("weibull(6, shape 2)", 6.0, (4.0 / std::f64::consts::PI - 1.0).sqrt());
        check("empirical(1, 2, 6)", 3.0, 14.0f64.sqrt() / 3.0 / 3.0f64.sqrt());
    }

    #[test]
    fn a_factor_multiplies_every_number() {
        for text in CONTINUOUS.into_iter().chain(["6", "empirical(3, 1, 2)"]) {
            let shape = text.parse::<Distribution>().unwrap().shape;
            let (plain, scaled) = (Sampler::new(&shape), Sampler::scaled(&shape, 1024.0));
            let (one, other) = (draw(&plain, 1000), draw(&scaled, 1000));
            assert!(one.iter().zip(&other).all(|(a, b)| (b / a / 1024.0 - 1.0).abs() < 1e-14), "{text}");
            assert!((scaled.mean() / plain.mean() / 1024.0 - 1.0).abs() < 1e-9 || plain.mean() == 0.0, "{text}");
        }
    }

    #[test]
    fn every_value_seen_is_drawn_alike() {
        let numbers = draw(&sampler("empirical(6, 1, 2, 2)"), 40_000);
        let share = |value| numbers.iter().filter(|&&x| x == value).count() as f64 / 40_000.0;
        // The deviation of a share near ¼ is 0.0022.
        assert!((share(1.0) - 0.25).abs() < 0.011 && (share(6.0) - 0.25).abs() < 0.011);
        assert!((share(2.0) - 0.5).abs() < 0.0125);
    }

    #[test]
    fn what_the_parser_would_refuse_does_no_harm() {
        let shapes = [
            Shape::Exponential { mean: 0.0 },
            Shape::Lognormal { mean: 6.0, cv: 0.0 },
            Shape::Gamma { mean: 6.0, cv: 0.0 },
            Shape::Gamma { mean: 6.0, cv: f64::NAN },
            Shape::Weibull { mean: 6.0, shape: 0.0 },
            Shape::Triangular { low: 1.0, mode: 1.0, high: 1.0 },
            Shape::Triangular { low: 3.0, mode: 1.0, high: 2.0 },
            Shape::Uniform { low: 1.0, high: 1.0 },
            Shape::Empirical(Vec::new()),
            Shape::Min(Box::new(Shape::Empirical(Vec::new())), Box::new(Shape::Constant(f64::NAN))),
            Shape::Max(
                Box::new(Shape::Weibull { mean: f64::INFINITY, shape: 0.5 }),
                Box::new(Shape::Exponential { mean: f64::NAN }),
            ),
        ];
        for shape in shapes {
            let sampler = Sampler::new(&shape);
            (0..100).for_each(|key| assert!(sampler.sample(&mut Stream::new(key)).to_bits() < u64::MAX));
            sampler.mean();
        }
        assert_eq!(Sampler::new(&Shape::Gamma { mean: 6.0, cv: 0.0 }).sample(&mut Stream::new(1)), 6.0);
        assert_eq!(Sampler::new(&Shape::Lognormal { mean: 6.0, cv: 0.0 }).sample(&mut Stream::new(1)), 6.0);
    }

    #[test]
    fn not_one_bit_changes() {
        // The first number to look at, and FNV-1a over the bits of 10,000 numbers, so that rare branches count.
        let check = |text: &str, first: f64, print: u64| {
            let numbers = draw(&sampler(text), 10_000);
            let found = numbers.iter().fold(0xCBF2_9CE4_8422_2325_u64, |hash, number| {
                (hash ^ number.to_bits()).wrapping_mul(0x100_0000_01B3)
            });
            assert_eq!((numbers[0], found), (first, print), "{text}");
        };
        check("empirical(6, 1, 2)", 2.0, 0x82B4_F072_3147_F065);
        check("uniform(-20, 20)", -2.590_455_134_172_874, 0x9D6D_76C7_BC99_B895);
        check("triangular(0, 40, 100)", 41.788_589_863_103_894, 0xEE14_52AB_B494_D544);
        check("exponential(5)", 5.624_945_211_948_099, 0x09D5_44D9_A17D_4A26);
        check("lognormal(6, cv 0.7)", 8.470_702_042_832_112, 0x5CE7_1AF3_D7B2_A23A);
        check("gamma(6, cv 0.7)", 9.112_212_657_453_782, 0x4D0D_FA4E_6BF4_41AC);
        check("gamma(6, cv 2)", 0.755_552_003_616_085_7, 0x9676_A4A8_F918_691D);
        check("weibull(6, shape 1.5)", 7.189_271_408_043_454, 0x2AC5_B9EE_8F51_C329);
        check("min(exponential(5), lognormal(6, cv 0.7))", 5.152_251_593_642_63, 0x4877_57D3_FDC2_DB07);
        check("max(exponential(5), gamma(6, cv 2))", 5.624_945_211_948_099, 0x744E_17D2_08DC_A43E);
    }
}
