//! What people cost, as people write it: `30 EUR/h`.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::value::Decimal;

/// What an hour of somebody's presence costs: `30 EUR/h`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
pub struct Wage {
    /// How much an hour costs; never negative.
    pub per_hour: Decimal,
    /// The code of the currency: three capital letters, as in ISO 4217.
    pub currency: String,
}

/// An hour that costs more is a slip of the pen.
const MOST: Decimal = Decimal::from_billionths(1_000_000_000 * 1_000_000_000);

/// Signs that stand for a currency.
const SIGNS: [(&str, &str); 4] = [("€", "EUR"), ("$", "USD"), ("£", "GBP"), ("¥", "JPY")];

/// Words for an hour.
const HOURS: [&str; 4] = ["h", "hr", "hour", "hours"];

impl FromStr for Wage {
    type Err = String;

    fn from_str(text: &str) -> Result<Wage, String> {
        let expected = || format!("expected what an hour costs, such as `30 EUR/h`, found `{}`", text.trim());
        let (money, hour) = text.split_once('/').ok_or_else(expected)?;
        let money = money.trim();
        let split = money.find(|c: char| c.is_alphabetic()).ok_or_else(expected)?;
        let (amount, currency) = (money[..split].trim_end(), &money[split..]);
        let is_code = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase());
        if hour.trim() != "h" || !is_code {
            return Err(expected());
        }
        let per_hour: Decimal = amount.parse().map_err(|_| expected())?;
        if !(Decimal::ZERO..=MOST).contains(&per_hour) {
            return Err(format!("an hour costs from 0 to {MOST}, found `{}`", text.trim()));
        }
        Ok(Wage { per_hour, currency: currency.to_owned() })
    }
}

impl Wage {
    /// What was probably meant by a text that is none: `30 EUR/h` by `€30 per hour`.
    pub(crate) fn meant(text: &str) -> Option<String> {
        let spelt = SIGNS.iter().fold(text.to_owned(), |text, (sign, code)| text.replace(sign, &format!(" {code} ")));
        let spelt = spelt.replace('/', " ");
        let words: Vec<&str> = spelt.split_whitespace().filter(|word| !["per", "an", "a"].contains(word)).collect();
        let (hour, money) = words.split_last().filter(|(_, money)| money.len() == 2)?;
        let (amount, code) = match money[0].parse::<Decimal>() {
            Ok(_) => (money[0], money[1]),
            Err(_) => (money[1], money[0]),
        };
        let meant = format!("{amount} {}/h", code.to_uppercase());
        (HOURS.contains(hour) && meant.parse::<Wage>().is_ok()).then_some(meant)
    }
}

impl fmt::Display for Wage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}/h", self.per_hour, self.currency)
    }
}

impl Serialize for Wage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wages_are_read_and_written_without_loss() {
        let check = |text: &str, shown: &str| {
            let wage: Wage = text.parse().unwrap();
            assert_eq!(wage.to_string(), shown);
            assert_eq!(shown.parse::<Wage>(), Ok(wage));
        };
        check("30 EUR/h", "30 EUR/h");
        check(" 17.50EUR / h ", "17.5 EUR/h");
        check("0 CHF/h", "0 CHF/h");
    }

    #[test]
    fn what_is_no_wage_is_refused_with_what_was_meant() {
        let check = |text: &str, meant: Option<&str>| {
            assert!(text.parse::<Wage>().is_err(), "{text}");
            assert_eq!(Wage::meant(text).as_deref(), meant, "{text}");
        };
        check("30", None);
        check("30 EUR", None);
        check("30 eur/h", Some("30 EUR/h"));
        check("€30/h", Some("30 EUR/h"));
        check("30 EUR per hour", Some("30 EUR/h"));
        check("USD 12.5 an hour", Some("12.5 USD/h"));
        check("-3 EUR/h", None);
        check("30 EUR/month", None);
        check("1000000001 EUR/h", None);
        check("30 EURO/h", None);
        check("", None);
    }
}
