//! How figures are said: no finer than they are known.

/// A number with as many decimals as an interval of that width deserves, at most six.
pub(super) fn number(value: f64, width: f64) -> String {
    let (mut places, mut scaled) = (0, width.abs());
    while places < 6 && scaled < 10.0 {
        (places, scaled) = (places + 1, scaled * 10.0);
    }
    let said = format!("{value:.places$}");
    match said.contains('.') {
        // A width of nothing says nothing about decimals.
        true if width == 0.0 => said.trim_end_matches('0').trim_end_matches('.').to_owned(),
        _ => said,
    }
}

/// A share as per cent.
pub(super) fn share(share: f64, width: f64) -> String {
    format!("{} %", number(share * 100.0, width * 100.0))
}

/// A number of two significant digits that is not less.
pub(super) fn rounded_up(number: u64) -> u64 {
    let mut size = 1;
    while number.div_ceil(size) >= 100 {
        size *= 10;
    }
    number.div_ceil(size) * size
}
