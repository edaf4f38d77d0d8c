//! Texts as whole numbers that have the same order: those that guards name, and places between them for all others.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use grieta_core::expression::Part;
use grieta_core::value::Value;

use super::range::{Range, Taste};

/// The texts that guards name, in their order; the first one is empty.
pub(super) struct Texts {
    named: Vec<Arc<str>>,
    /// How far apart two neighbours are: enough for all texts that may lie between them.
    apart: i128,
}

/// What reads like a text that nobody has thought of.
const OTHERS: [&str; 4] = ["other", "else", "another", "x"];

impl Texts {
    /// The texts that these parts name, with room between them for as many others as there are fields, and parts that make
    /// texts of which nothing is known.
    pub fn among(parts: &[Part], fields: usize) -> Texts {
        let mut others = fields;
        let mut named = BTreeSet::from([Arc::from("")]);
        let mut open: Vec<&Part> = parts.iter().collect();
        while let Some(part) = open.pop() {
            match part {
                Part::Constant(Value::Text(text)) => {
                    named.insert(Arc::clone(text));
                }
                Part::Named(_, names) => {
                    others += 1;
                    named.extend(names.iter().cloned());
                }
                Part::Joined(_) | Part::Conditional(_) => others += 1,
                _ => {}
            }
            open.extend(part.children());
        }
        Texts { named: named.into_iter().collect(), apart: others as i128 + 1 }
    }

    pub fn range(&self) -> Range {
        Range { least: Some(0), most: None }
    }

    /// Rather a text that no guard names.
    pub fn taste(&self) -> Taste {
        Taste { preferred: self.named.len() as i128 * self.apart - 1, steps: &[1] }
    }

    /// The number of a text that is named.
    pub fn number(&self, text: &str) -> Option<i128> {
        let position = self.named.binary_search_by(|named| (**named).cmp(text)).ok()?;
        Some(position as i128 * self.apart)
    }

    /// A text for each of these numbers, as far as there is one, in the order of the numbers.
    pub fn at(&self, numbers: impl Iterator<Item = i128>) -> BTreeMap<i128, Arc<str>> {
        let mut texts = BTreeMap::new();
        let mut before: Option<Arc<str>> = None;
        for number in numbers.collect::<BTreeSet<_>>() {
            let position = number.div_euclid(self.apart).clamp(0, self.named.len() as i128 - 1) as usize;
            let text = match number == position as i128 * self.apart {
                true => Arc::clone(&self.named[position]),
                false => {
                    let above = before.filter(|before| *before > self.named[position]);
                    let above = above.unwrap_or_else(|| Arc::clone(&self.named[position]));
                    let Some(text) = between(&above, self.named.get(position + 1).map(|next| &**next)) else { break };
                    text
                }
            };
            before = Some(Arc::clone(&text));
            texts.insert(number, text);
        }
        texts
    }
}

/// A text after the one and before the other.
fn between(above: &str, below: Option<&str>) -> Option<Arc<str>> {
    let longer = ["a", " ", "\0"].map(|more| format!("{above}{more}"));
    let mut texts = OTHERS.into_iter().chain(longer.iter().map(String::as_str));
    texts.find(|text| *text > above && below.is_none_or(|below| *text < below)).map(Arc::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_the_order_of_their_numbers() {
        let parts = ["gold", "silver"].map(|text| Part::Constant(text.into()));
        let texts = Texts::among(&parts, 2);
        let at = |numbers: &[i128]| {
            let found = texts.at(numbers.iter().copied());
            found.values().map(|text| text.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(texts.number("silver"), Some(6));
        assert_eq!(at(&[0, 1, 3, 4, 5, 6, 8, 9]), ["", "else", "gold", "other", "othera", "silver", "x", "xa"]);
        assert_eq!(at(&[1, 2]), ["else", "elsea"]);
    }

    #[test]
    fn no_text_stands_where_there_is_none() {
        let texts = Texts::among(&["\0"].map(|text| Part::Constant(text.into())), 1);
        assert!(texts.at([1].into_iter()).is_empty());
    }
}
