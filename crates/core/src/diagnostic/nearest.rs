//! Which known name was probably meant.

/// The candidate nearest to what was written, if one is near enough to be a slip of the pen, or else the first that begins
/// with it, or else what people from elsewhere call so.
///
/// Distance is that of Damerau and Levenshtein (adjacent transpositions count once); letters are the same in either case.
pub fn nearest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = written.chars().count();
    if length > LONGEST {
        return None;
    }
    let written = &written.to_lowercase();
    // Names of one or two letters are all alike; a slip cannot be told from another name.
    let allowed = if length < 3 { 0 } else { (length / 3).min(3) };
    let steps = |candidate: &str| {
        let long = candidate.chars().count();
        let likely = long.abs_diff(length) <= allowed;
        let near = likely.then(|| distance(written, &candidate.to_lowercase())).filter(|steps| *steps <= allowed);
        // A word that was cut short is farther off than any slip of the pen.
        let cut = || length >= 3 && length < long && candidate.to_lowercase().starts_with(written.as_str());
        let other = || SYNONYMS.contains(&(written.as_str(), candidate));
        near.or_else(|| cut().then_some(LONGEST)).or_else(|| other().then_some(LONGEST + 1))
    };
    let near = candidates.into_iter().filter_map(|candidate| Some((steps(candidate)?, candidate)));
    near.min_by_key(|(steps, _)| *steps).map(|(_, candidate)| candidate)
}

/// A word of more characters than this is no slip of the pen.
const LONGEST: usize = 64;

/// The remedy for an unknown name: the nearest known one, or else the list of what there is.
pub fn suggest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> Option<String> {
    if let Some(near) = nearest(written, candidates.clone()) {
        return Some(format!("did you mean `{near}`?"));
    }
    let mut all = candidates.into_iter();
    let names: Vec<_> = all.by_ref().take(12).map(|name| format!("`{name}`")).collect();
    match (names.is_empty(), all.next()) {
        (true, _) => None,
        (false, None) if names.len() == 1 => Some(format!("there is only {}", names[0])),
        (false, None) => Some(format!("there are {}", names.join(", "))),
        (false, Some(_)) => Some(format!("there are {} and others", names.join(", "))),
    }
}

/// Words of other languages and tools for what is called so here.
const SYNONYMS: [(&str, &str); 26] = [
    ("absent", "unavailable"),
    ("away", "unavailable"),
    ("error", "failure"),
    ("timeout", "deadline"),
    ("late", "deadline"),
    ("event", "external"),
    ("weekday", "business-day"),
    ("working-day", "business-day"),
    ("workday", "business-day"),
    ("best", "first"),
    ("string", "text"),
    ("number", "decimal"),
    ("float", "decimal"),
    ("money", "decimal"),
    ("enum", "choice"),
    ("datetime", "date"),
    ("array", "list"),
    ("task", "human"),
    ("user", "human"),
    ("script", "service"),
    ("gateway", "choose"),
    ("switch", "choose"),
    ("parallel", "fork"),
    ("timer", "wait"),
    ("loop", "for-each"),
    ("escalate", "reallocate"),
];

fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let changed = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = changed.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_suggested() {
        let check =
            |written, expected| assert_eq!(nearest(written, ["approve", "reject", "call"]), expected, "{written}");
        check("aprove", Some("approve"));
        check("appr0ve", Some("approve"));
        check("rejcet", Some("reject"));
        check("cal", Some("call"));
        check("CALL", Some("call"));
        check("app", Some("approve"));
        check("ap", None);
        check("convert", None);
        check("", None);
        check("x", None);
    }
}
