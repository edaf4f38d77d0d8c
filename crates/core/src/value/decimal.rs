//! What a decimal number is: a whole count of billionths, so that sums of money never drift.

use std::fmt;
use std::str::FromStr;

/// A number with nine decimal places, exact, between about ±1.7 × 10²⁹.
///
/// Sums, differences and remainders are exact. A product or quotient that needs more than nine places is rounded half
/// away from zero. What leaves the range is `None`, never a wrapped or infinite number.
///
/// ```
/// use grieta_core::value::Decimal;
/// let price: Decimal = "19.90".parse()?;
/// assert_eq!(price.checked_mul(Decimal::from(3)).map(|total| total.to_string()).as_deref(), Some("59.7"));
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Decimal(i128);

/// How many billionths make one.
const ONE: u128 = 1_000_000_000;
/// The places after the point.
const PLACES: usize = 9;

impl Decimal {
    /// Nought.
    pub const ZERO: Decimal = Decimal(0);

    /// That many billionths.
    #[inline]
    pub const fn from_billionths(billionths: i128) -> Decimal {
        Decimal(billionths)
    }

    /// The number in billionths.
    #[inline]
    pub const fn billionths(self) -> i128 {
        self.0
    }

    /// The sum, or `None` when it is out of range.
    #[inline]
    pub fn checked_add(self, other: Decimal) -> Option<Decimal> {
        self.0.checked_add(other.0).map(Decimal)
    }

    /// The difference, or `None` when it is out of range.
    #[inline]
    pub fn checked_sub(self, other: Decimal) -> Option<Decimal> {
        self.0.checked_sub(other.0).map(Decimal)
    }

    /// The number with the opposite sign, or `None` when it is out of range.
    #[inline]
    pub fn checked_neg(self) -> Option<Decimal> {
        self.0.checked_neg().map(Decimal)
    }

    /// The product, rounded half away from zero to nine places, or `None` when it is out of range.
    pub fn checked_mul(self, other: Decimal) -> Option<Decimal> {
        let (a, b) = (self.0.unsigned_abs(), other.0.unsigned_abs());
        let size = match a.checked_mul(b) {
            Some(product) => rounded(product / ONE, product % ONE, ONE)?,
            None => {
                // The product does not fit, its billionth may: multiply whole and fractional parts by themselves.
                let ((aw, af), (bw, bf)) = ((a / ONE, a % ONE), (b / ONE, b % ONE));
                let whole = aw.checked_mul(bw)?.checked_mul(ONE)?;
                let mixed = whole.checked_add(aw.checked_mul(bf)?)?.checked_add(af.checked_mul(bw)?)?;
                rounded(mixed.checked_add(af * bf / ONE)?, af * bf % ONE, ONE)?
            }
        };
        signed(size, self.0.signum() * other.0.signum())
    }

    /// The quotient, rounded half away from zero to nine places, or `None` when it is out of range or `other` is zero.
    pub fn checked_div(self, other: Decimal) -> Option<Decimal> {
        let (a, b) = (self.0.unsigned_abs(), other.0.unsigned_abs());
        let (quotient, remainder) = match a.checked_mul(ONE) {
            Some(scaled) => (scaled.checked_div(b)?, scaled.checked_rem(b)?),
            None => {
                let (places, remainder) = scaled_division(a.checked_rem(b)?, b);
                (a.checked_div(b)?.checked_mul(ONE)?.checked_add(places)?, remainder)
            }
        };
        signed(rounded(quotient, remainder, b)?, self.0.signum() * other.0.signum())
    }

    /// The remainder of a division that truncates, with the sign of `self`, or `None` when `other` is zero.
    #[inline]
    pub fn checked_rem(self, other: Decimal) -> Option<Decimal> {
        // Wrapping only concerns MIN % −1 of the billionths, whose remainder is 0 as it should be.
        (other.0 != 0).then(|| Decimal(self.0.wrapping_rem(other.0)))
    }
}

/// `(remainder × 10⁹) divided by divisor` with its own remainder, bit by bit because the product may not fit; for
/// `remainder < divisor ≤ 2¹²⁷`.
fn scaled_division(remainder: u128, divisor: u128) -> (u128, u128) {
    let (mut quotient, mut rest) = (0, 0);
    for bit in (0..=ONE.ilog2()).rev() {
        let doubled = rest;
        quotient *= 2;
        for part in [doubled, if ONE >> bit & 1 == 1 { remainder } else { 0 }] {
            rest += part;
            if rest >= divisor {
                (quotient, rest) = (quotient + 1, rest - divisor);
            }
        }
    }
    (quotient, rest)
}

/// The quotient, one higher when the remainder is at least half of the divisor.
fn rounded(quotient: u128, remainder: u128, divisor: u128) -> Option<u128> {
    if remainder >= divisor - remainder { quotient.checked_add(1) } else { Some(quotient) }
}

fn signed(size: u128, sign: i128) -> Option<Decimal> {
    if sign < 0 { 0i128.checked_sub_unsigned(size).map(Decimal) } else { i128::try_from(size).ok().map(Decimal) }
}

impl From<i64> for Decimal {
    #[inline]
    fn from(whole: i64) -> Decimal {
        Decimal(whole as i128 * ONE as i128)
    }
}

impl FromStr for Decimal {
    type Err = String;

    /// Reads `-12.5`: digits, with a sign and at most nine places if wanted. Nothing is rounded.
    fn from_str(text: &str) -> Result<Decimal, String> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !plain(whole) || !plain(fraction) {
            return Err(format!("expected a number such as `12` or `0.5`, found `{text}`"));
        }
        if fraction.trim_end_matches('0').len() > PLACES {
            return Err(format!("expected at most {PLACES} decimal places, found `{text}`; round it"));
        }
        let mut billionths = Some(0i128);
        let padded = fraction.bytes().chain(std::iter::repeat(b'0')).take(PLACES);
        for digit in whole.bytes().chain(padded).map(|byte| i128::from(byte - b'0')) {
            // Counted downwards below zero, so that the least number can be read too.
            let digit = if negative { -digit } else { digit };
            billionths = billionths.and_then(|sum| sum.checked_mul(10)?.checked_add(digit));
        }
        billionths.map(Decimal).ok_or_else(|| format!("expected a number of at most 29 digits, found `{text}`"))
    }
}

impl fmt::Display for Decimal {
    /// Plain notation without trailing zeros: `12`, `-0.5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.0.unsigned_abs();
        let sign = if self.0 < 0 { "-" } else { "" };
        let places = format!("{:09}", size % ONE);
        match places.trim_end_matches('0') {
            "" => write!(f, "{sign}{}", size / ONE),
            places => write!(f, "{sign}{}.{places}", size / ONE),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn decimals_are_read_and_shown_exactly() {
        let check = |text: &str, shown: &str| assert_eq!(decimal(text).to_string(), shown);
        check("0", "0");
        check("-0", "0");
        check("007.50", "7.5");
        check("0.000000001", "0.000000001");
        check("1.0000000000000", "1");
        check("-170141183460469231731687303715.884105728", "-170141183460469231731687303715.884105728");
        check("170141183460469231731687303715.884105727", "170141183460469231731687303715.884105727");
    }

    #[test]
    fn what_is_not_a_decimal_is_refused_with_a_reason() {
        let check = |text: &str, message: &str| assert_eq!(text.parse::<Decimal>().unwrap_err(), message);
        check("", "expected a number such as `12` or `0.5`, found ``");
        check("1e3", "expected a number such as `12` or `0.5`, found `1e3`");
        check("1,5", "expected a number such as `12` or `0.5`, found `1,5`");
        check(".5", "expected a number such as `12` or `0.5`, found `.5`");
        check("1.0000000001", "expected at most 9 decimal places, found `1.0000000001`; round it");
        let long = "170141183460469231731687303715.884105728";
        check(long, &format!("expected a number of at most 29 digits, found `{long}`"));
    }

    #[test]
    fn products_and_quotients_round_half_away_from_zero() {
        let product = |a, b, c| assert_eq!(decimal(a).checked_mul(decimal(b)), Some(decimal(c)), "{a} × {b}");
        product("0.1", "0.2", "0.02");
        product("0.000000001", "0.5", "0.000000001");
        product("-0.000000001", "0.5", "-0.000000001");
        product("0.000000001", "0.499999999", "0");
        product("1000000000000", "1000000000000", "1000000000000000000000000");
        let quotient = |a, b, c| assert_eq!(decimal(a).checked_div(decimal(b)), Some(decimal(c)), "{a} / {b}");
        quotient("1", "3", "0.333333333");
        quotient("2", "3", "0.666666667");
        quotient("-2", "3", "-0.666666667");
        quotient("170141183460469231731687303715", "2", "85070591730234615865843651857.5");
    }

    #[test]
    fn what_leaves_the_range_is_none() {
        let (most, least, tiny) = (Decimal(i128::MAX), Decimal(i128::MIN), Decimal(1));
        assert_eq!(most.checked_add(tiny), None);
        assert_eq!(least.checked_sub(tiny), None);
        assert_eq!(least.checked_neg(), None);
        assert_eq!(most.checked_mul(most), None);
        assert_eq!(most.checked_div(tiny), None);
        assert_eq!(least.checked_div(Decimal::from(-1)), None);
        assert_eq!(tiny.checked_div(Decimal::ZERO), None);
        assert_eq!(tiny.checked_rem(Decimal::ZERO), None);
        assert_eq!(least.checked_rem(Decimal(-1)), Some(Decimal::ZERO));
        assert_eq!(least.checked_mul(Decimal::from(1)), Some(least));
    }

    proptest! {
        #[test]
        fn reading_undoes_showing(billionths: i128) {
            prop_assert_eq!(decimal(&Decimal(billionths).to_string()), Decimal(billionths));
        }

        #[test]
        fn division_and_remainder_agree_with_long_division(a: i128, b in any::<i128>().prop_map(|b| b >> 30)) {
            prop_assume!(b != 0);
            // quotient × b + rest = a × 10⁹, checked modulo 2¹²⁸ on the helper that works bit by bit.
            let (a, b) = (a.unsigned_abs() % b.unsigned_abs(), b.unsigned_abs());
            let (quotient, rest) = scaled_division(a, b);
            prop_assert!(rest < b && quotient < ONE);
            prop_assert_eq!(quotient.wrapping_mul(b).wrapping_add(rest), a.wrapping_mul(ONE));
        }

        #[test]
        fn a_product_divided_by_a_factor_is_the_other_factor(a in -10i64.pow(17)..10i64.pow(17), b in 1i64..10i64.pow(10)) {
            let (a, b) = (Decimal::from_billionths(i128::from(a) * 1_000), Decimal::from(b));
            prop_assert_eq!(a.checked_mul(b).and_then(|product| product.checked_div(b)), Some(a));
        }
    }
}
