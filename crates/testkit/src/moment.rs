//! Points in time and lengths of time, as a test writes and shows them.

use grieta_core::calendar::Calendar;
use grieta_core::definition::{Span, Unit};
use grieta_core::{Process, Timestamp};

/// Reads RFC 3339, also without seconds, as in `2026-03-02T09:00+01:00`.
pub(crate) fn read(text: &str) -> Result<Timestamp, String> {
    const MINUTES: usize = "2026-03-02T09:00".len();
    let (minutes, rest) = text.split_at_checked(MINUTES).unwrap_or((text, ""));
    let whole = if rest.starts_with(':') { text.to_owned() } else { format!("{minutes}:00{rest}") };
    whole
        .parse()
        .map_err(|_| format!("expected RFC 3339 with its zone, such as `2026-03-02T09:00+01:00`, found `{text}`"))
}

/// The point in time that lies that far ahead, as the calendar counts.
pub(crate) fn after(now: Timestamp, span: Span, calendar: &Calendar) -> Timestamp {
    match span.unit {
        Unit::Elapsed => now + calendar.length(span),
        Unit::Business | Unit::BusinessDays => calendar.add(now, calendar.length(span)),
    }
}

/// The time, and what the clock on the wall shows where the process is at home.
pub(crate) fn shown(at: Timestamp, process: &Process) -> String {
    let calendar = process.calendar_of(None);
    format!("{at} ({} in {})", calendar.local(at).format("%a %H:%M"), calendar.zone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_and_without_seconds() {
        let check = |text: &str, expected: &str| assert_eq!(read(text).unwrap().to_string(), expected);
        check("2026-03-02T09:00+01:00", "2026-03-02T08:00:00Z");
        check("2026-03-02T09:00Z", "2026-03-02T09:00:00Z");
        check("2026-03-02T09:00:30Z", "2026-03-02T09:00:30Z");
        for wrong in ["", "tomorrow", "2026-03-02", "2026-03-02T09:00", "2026-03-02T09:00é", "ññññññññññññññññññ"]
        {
            let error = read(wrong).unwrap_err();
            assert!(error.starts_with("expected RFC 3339 with its zone") && error.contains(wrong), "{error}");
        }
    }
}
