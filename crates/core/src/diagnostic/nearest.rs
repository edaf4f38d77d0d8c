//! Which known name was probably meant.

/// The candidate nearest to what was written, if one is near enough to be a slip of the pen.
///
/// Distance is that of Damerau and Levenshtein (adjacent transpositions count once).
pub fn nearest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = written.chars().count();
    if length > 64 {
        return None;
    }
    // Names of one or two letters are all alike; a slip cannot be told from another name.
    let allowed = if length < 3 { 0 } else { (length / 3).min(3) };
    candidates
        .into_iter()
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= allowed)
        .map(|candidate| (distance(written, candidate), candidate))
        .filter(|(steps, _)| *steps <= allowed)
        .min_by_key(|(steps, _)| *steps)
        .map(|(_, candidate)| candidate)
}

/// The remedy for an unknown name: the nearest known one, or else the list of what there is.
pub fn suggest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> Option<String> {
    if let Some(near) = nearest(written, candidates.clone()) {
        return Some(format!("did you mean `{near}`?"));
    }
    let mut all = candidates.into_iter();
    let names: Vec<_> = all.by_ref().take(12).map(|name| format!("`{name}`")).collect();
    match (names.is_empty(), all.next()) {
        (true, _) => None,
        (false, None) => Some(format!("there are {}", names.join(", "))),
        (false, Some(_)) => Some(format!("there are {} and others", names.join(", "))),
    }
}

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
        check("convert", None);
        check("", None);
        check("x", None);
    }
}
