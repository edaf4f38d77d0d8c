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
        let other = || is_called(written, candidate);
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

/// The remedy for the unknown name of a data field: the nearest known one, or else what there is and how to declare it.
pub(crate) fn suggest_field<'a>(written: &str, fields: impl IntoIterator<Item = &'a str> + Clone) -> String {
    let declare = format!("declare it under `data`, as in `{written}: {{ type: text }}`");
    match (nearest(written, fields.clone()), suggest(written, fields)) {
        (Some(_), Some(near)) => near,
        (_, Some(all)) => format!("{all}; or {declare}"),
        (_, None) => declare,
    }
}

/// Words of everyday language, of BPMN and of other tools for what is called so here, in lower case and without hyphens.
const SYNONYMS: &[(&str, &[&str])] = &[
    ("human", &["task", "user", "usertask", "manualtask", "manual"]),
    ("service", &["script", "servicetask", "scripttask", "system"]),
    ("decide", &["businessruletask", "businessrule", "dmn"]),
    ("choose", &["gateway", "switch", "exclusivegateway", "xor", "exclusive", "if"]),
    ("some", &["inclusivegateway", "inclusive"]),
    ("fork", &["parallel", "parallelgateway"]),
    ("race", &["eventbasedgateway", "eventgateway"]),
    ("wait", &["timer", "delay", "sleep", "timerevent"]),
    ("receive", &["receivetask"]),
    ("send", &["sendtask"]),
    ("call", &["callactivity"]),
    ("for-each", &["loop", "multiinstance"]),
    ("end", &["endevent"]),
    ("when", &["condition", "if", "guard"]),
    ("otherwise", &["default", "else"]),
    ("next", &["then", "to", "goto"]),
    ("to", &["then", "next", "goto"]),
    ("then", &["next", "to", "goto"]),
    ("cracks", &["boundaryevents", "exceptions"]),
    ("undo", &["compensation"]),
    ("unavailable", &["absent", "away"]),
    ("failure", &["error"]),
    ("deadline", &["timeout", "late", "timer"]),
    ("external", &["event"]),
    ("reallocate", &["escalate"]),
    ("business-day", &["weekday", "workingday", "workday"]),
    ("first", &["best"]),
    ("text", &["string"]),
    ("decimal", &["number", "float", "money"]),
    ("choice", &["enum"]),
    ("date", &["datetime"]),
    ("list", &["array"]),
];

/// Whether a word that has another name here, however its parts are joined, is called so.
fn is_called(written: &str, here: &str) -> bool {
    let word: String = written.chars().filter(char::is_ascii_alphanumeric).collect();
    SYNONYMS.iter().any(|(name, others)| *name == here && others.contains(&word.as_str()))
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
        check("CALL", Some("call"));
        check("app", Some("approve"));
        check("ap", None);
        check("convert", None);
        check("", None);
        check("x", None);
    }

    #[test]
    fn words_from_elsewhere_are_known() {
        let check = |written, candidates: &[&'static str], expected| {
            assert_eq!(nearest(written, candidates.iter().copied()), Some(expected), "{written}");
        };
        check("exclusiveGateway", &["human", "choose", "fork"], "choose");
        check("exclusive-gateway", &["human", "choose", "fork"], "choose");
        check("user_task", &["human", "service"], "human");
        check("default", &["when", "to", "otherwise"], "otherwise");
        check("timer", &["human", "wait"], "wait");
        check("timer", &["failure", "deadline"], "deadline");
        assert_eq!(nearest("timer", ["approve", "reject"]), None);
    }
}
