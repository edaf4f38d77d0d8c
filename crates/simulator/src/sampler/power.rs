//! e^x for drawing: several times quicker than `libm::exp`, and likewise the same bits on every machine.

/// How many steps an octave has in the table.
const STEPS: usize = 64;

/// The bits of 2^(j/64) at place j, from the Taylor series.
const ROOTS: [u64; STEPS] = {
    let (mut table, mut at) = ([0; STEPS], 0);
    while at < STEPS {
        let x = at as f64 / STEPS as f64 * std::f64::consts::LN_2;
        let (mut sum, mut n) = (1.0, 20);
        while n > 0 {
            sum = 1.0 + x / n as f64 * sum;
            n -= 1;
        }
        table[at] = f64::to_bits(sum);
        at += 1;
    }
    table
};

/// ln 2 / 64 in two parts: the first has so few digits that its product with a whole number up to 2^17 is exact.
const STEP_HIGH: f64 = f64::from_bits(std::f64::consts::LN_2.to_bits() & !0x1F_FFFF) / STEPS as f64;
/// The second part: ln 2 exceeds the nearest `f64` by 2.319e-17.
const STEP_LOW: f64 = (std::f64::consts::LN_2 - STEP_HIGH * STEPS as f64 + 2.319_046_813_846_3e-17) / STEPS as f64;

/// e^x within about 2 units in the last place; from −708 down and from 708 up as at those ends.
///
/// x = k ln 2 / 64 + r with |r| ≤ ln 2 / 128. e^r is its Taylor polynomial of degree 5 (the rest is below 4e-17), summed
/// in pairs so that the processor can work on several at once. 2^(k/64) comes from the table, with the whole octaves
/// added to its exponent.
#[inline]
pub(super) fn exp(x: f64) -> f64 {
    /// Adding it rounds to a whole number, which then stands in the lowest bits: 1.5 · 2^52.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    if x.abs() >= 708.0 {
        return beyond(x);
    }
    let shifted = x * (std::f64::consts::LOG2_E * STEPS as f64) + ROUND;
    let whole = shifted - ROUND;
    let r = (x - whole * STEP_HIGH) - whole * STEP_LOW;
    let square = r * r;
    let rest = (1.0 / 2.0 + r * (1.0 / 6.0)) + square * (1.0 / 24.0 + r * (1.0 / 120.0));
    let bits = shifted.to_bits();
    let octaves = (bits & !(STEPS as u64 - 1)) << (52 - STEPS.ilog2());
    let power = f64::from_bits(ROOTS[bits as usize % STEPS].wrapping_add(octaves));
    power + power * (r + square * rest)
}

/// e^−708 or e^708, which are still ordinary numbers.
#[cold]
fn beyond(x: f64) -> f64 {
    libm::exp(x.clamp(-708.0, 708.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Stream, mix};

    #[test]
    fn the_table_holds_roots_of_two() {
        for (at, &bits) in ROOTS.iter().enumerate() {
            let error = bits.abs_diff(libm::exp2(at as f64 / STEPS as f64).to_bits());
            assert!(error <= 1, "2^({at}/{STEPS}): {error}");
        }
    }

    #[test]
    fn it_agrees_with_libm() {
        let check = |x: f64| {
            let error = (exp(x) / libm::exp(x) - 1.0).abs();
            assert!(error <= 2.5 * f64::EPSILON, "e^{x}: {error:e}");
        };
        [0.0, 1.0, -1.0, 0.5, 1e-300, -1e-17, 0.346_573_590_279_972_65, 0.346_573_590_279_972_7, -708.0, 708.0]
            .into_iter()
            .for_each(check);
        for key in 0..100_000 {
            let place = Stream::new(mix(key)).unit_f64() * 2.0 - 1.0;
            check(place);
            check(place * 30.0);
            check(place * 708.0);
        }
    }

    #[test]
    fn ends_and_nonsense_are_borne() {
        assert_eq!((exp(0.0), exp(-0.0)), (1.0, 1.0));
        assert_eq!((exp(f64::INFINITY), exp(1e9)), (exp(708.0), exp(708.0)));
        assert!(exp(f64::NEG_INFINITY) > 0.0 && exp(f64::NEG_INFINITY) < 1e-307);
        assert!(exp(f64::NAN).is_nan());
    }
}
