//! Identifiers of our form out of the names and identifiers of a file, none of them twice.

use std::collections::{HashMap, HashSet};

/// The most characters of an identifier before a number is added.
const LONGEST: usize = 60;

/// A name as an identifier: letters a–z, digits and hyphens, beginning with a letter; empty when nothing of it is left.
pub(crate) fn identifier(name: &str) -> String {
    let mut found = String::new();
    for character in name.chars() {
        let letters = plain(character);
        if letters.is_empty() && !found.is_empty() && !found.ends_with('-') {
            found.push('-');
        }
        if letters.starts_with(|c: char| c.is_ascii_digit()) && found.is_empty() {
            found.push_str("n-");
        }
        found.push_str(&letters);
        if found.len() >= LONGEST {
            break;
        }
    }
    found.trim_end_matches('-').to_owned()
}

/// A letter without its accents, in lower case; a digit; nothing for all else.
fn plain(character: char) -> String {
    let lower = character.to_lowercase().next().unwrap_or(character);
    match lower {
        'a'..='z' | '0'..='9' => lower.to_string(),
        'ä' | 'æ' => "ae".to_owned(),
        'ö' | 'ø' | 'œ' => "oe".to_owned(),
        'ü' => "ue".to_owned(),
        'ß' => "ss".to_owned(),
        'à'..='å' | 'ą' | 'ă' => "a".to_owned(),
        'ç' | 'ć' | 'č' => "c".to_owned(),
        'è'..='ë' | 'ę' | 'ě' => "e".to_owned(),
        'ì'..='ï' | 'ı' => "i".to_owned(),
        'ñ' | 'ń' | 'ň' => "n".to_owned(),
        'ò'..='õ' | 'ő' => "o".to_owned(),
        'ù'..='û' | 'ű' | 'ů' => "u".to_owned(),
        'ł' => "l".to_owned(),
        'ř' => "r".to_owned(),
        'ś' | 'š' | 'ș' | 'ş' => "s".to_owned(),
        'ț' | 'ţ' | 'ť' => "t".to_owned(),
        'ý' | 'ÿ' => "y".to_owned(),
        'ź' | 'ż' | 'ž' => "z".to_owned(),
        _ => String::new(),
    }
}

/// Identifiers that are taken.
#[derive(Debug, Default)]
pub(crate) struct Names {
    taken: HashSet<String>,
    /// For each identifier that was wanted more than once, the last number that was added to it.
    numbers: HashMap<String, u32>,
}

impl Names {
    /// An identifier after the first of these names of which something is left, with a number where it is taken.
    pub fn take<'a>(&mut self, names: impl IntoIterator<Item = &'a str>, otherwise: &str) -> String {
        let wanted = names.into_iter().map(identifier).find(|name| !name.is_empty());
        let wanted = wanted.unwrap_or_else(|| otherwise.to_owned());
        if self.taken.insert(wanted.clone()) {
            return wanted;
        }
        let number = self.numbers.entry(wanted.clone()).or_insert(1);
        loop {
            *number += 1;
            let numbered = format!("{wanted}-{number}");
            if self.taken.insert(numbered.clone()) {
                return numbered;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_identifiers() {
        let table = [
            ("Call the lead", "call-the-lead"),
            ("  Are ECTS\nsufficient? ", "are-ects-sufficient"),
            ("Bestellung prüfen", "bestellung-pruefen"),
            ("¿Señor Gómez?", "senor-gomez"),
            ("2nd call", "n-2nd-call"),
            ("Gateway_0x83", "gateway-0x83"),
            ("審査", ""),
            ("--", ""),
        ];
        for (name, expected) in table {
            assert_eq!(identifier(name), expected, "{name}");
        }
    }

    #[test]
    fn no_identifier_is_given_twice() {
        let mut names = Names::default();
        assert_eq!(names.take(["審査", "Task 1"], "step"), "task-1");
        assert_eq!(names.take(["Task"], "step"), "task");
        assert_eq!(names.take(["Task-2"], "step"), "task-2");
        assert_eq!(names.take(["task"], "step"), "task-3");
        assert_eq!(names.take(["審査"], "step"), "step");
    }
}
