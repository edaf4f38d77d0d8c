//! What is written back reads again to the same, in YAML and in JSON; and a file that is laid out anew keeps its meaning
//! and its comments.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

#[path = "support/corpus.rs"]
mod corpus;
#[path = "support/every_key.rs"]
mod every_key;

use corpus::corpus;
use every_key::definitions;
use grieta_core::definition::Definition;
use grieta_core::yaml;
use proptest::prelude::*;

/// The definition that a text says, which must be free of problems.
#[track_caller]
fn read(text: &str) -> Definition {
    let reading = yaml::read("test", text.as_bytes());
    assert!(reading.problems.is_empty(), "{}\n{text}", reading.problems);
    reading.definition.unwrap()
}

/// Shows no more than where two texts part.
#[track_caller]
fn same(what: &str, found: &str, expected: &str) {
    let line = found.lines().zip(expected.lines()).take_while(|(found, expected)| found == expected).count();
    let from = |text: &str| text.lines().skip(line.saturating_sub(3)).take(6).collect::<Vec<_>>().join("\n");
    assert!(found == expected, "{what}: in line {}\n{}\n---- instead of\n{}", line + 1, from(found), from(expected));
}

#[track_caller]
fn check_round_trips(definition: &Definition) {
    let yaml = definition.to_yaml();
    assert_eq!(read(&yaml), *definition, "\n{yaml}");
    same("what is written has the form of `fmt`", &yaml::format("test", yaml.as_bytes()).unwrap(), &yaml);
    let order = |definition: &Definition| definition.steps.keys().cloned().collect::<Vec<_>>();
    assert_eq!(order(&read(&yaml)), order(definition));
    for json in [serde_json::to_string_pretty(definition).unwrap(), serde_json::to_string(definition).unwrap()] {
        assert_eq!(read(&json), *definition, "\n{json}");
    }
}

#[test]
fn every_definition_of_the_repository_is_written_back() {
    for (name, text) in corpus() {
        let reading = yaml::read(&name, text.as_bytes());
        check_round_trips(&reading.definition.unwrap());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(1_000), failure_persistence: None, max_shrink_iters: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn every_definition_is_written_back(definition in definitions()) {
        check_round_trips(&definition);
    }
}

#[test]
fn json_is_read_however_programs_write_it() {
    let json = "{\"process\":\"desk\",\n\t\"version\" : \"1.0\",\"title\":\"a\\/b \\ud83d\\ude00 \\\"c\\\"\\n\",\"start\":\"a\",\n\t\t\"steps\":{\"a\":{\"end\":{}}},\
        \"simulation\":{\"arrivals\":{\"per\":\"hour\",\"mean\":1.5E+2,\"outside\":0.25}}}";
    let definition = read(json);
    assert_eq!(definition.title.as_deref(), Some("a/b \u{1f600} \"c\"\n"));
    let value: serde_json::Value = serde_json::from_str(json).unwrap();
    assert_eq!(read(&value.to_string()), definition);
    assert_eq!(serde_json::to_value(&definition).unwrap()["simulation"]["arrivals"]["mean"], 150.0);
}

#[test]
fn comments_stay_with_what_they_are_said_of() {
    let check = |text: &str, expected: &str| assert_eq!(yaml::format("test", text.as_bytes()).unwrap(), expected);
    check("x: # one\n  { a: b } # two\n", "# one\nx: { a: b }  # two\n");
    check("x: { # one\n  a: b }\n", "x:\n  # one\n  a: b\n");
    check("x: { # one\n }\n", "# one\nx: {}\n");
    check(
        "x:\n    a: b\n    # in x\n# of y\ny: |  # block\n     text\n# end\n",
        "x:\n  a: b\n  # in x\n# of y\ny: |  # block\n  text\n# end\n",
    );
    check("x:\n- # one\n  a: b\n", "x:\n  # one\n  - a: b\n");
    let long = "a".repeat(70);
    check(
        &format!("x:\n\n  y: {{ a: {long}, b: {long} }} # said\n"),
        &format!("x:\n\n  # said\n  y:\n    a: {long}\n    b: {long}\n"),
    );
    check(
        &format!("x:\n  - y: {{ a: {long}, b: {long} }} # said\n    z: 1\n"),
        &format!("x:\n  # said\n  - y:\n      a: {long}\n      b: {long}\n    z: 1\n"),
    );
    check("x: # said\n  a: b\n", "x: # said\n  a: b\n");
    check("x: |+\n\n\ny: b\n", "x: |-\n\ny: b\n");
    check("x: |-\n\ny: b\n", "x: |-\n\ny: b\n");
}

#[test]
fn anchors_and_aliases_stay() {
    let text = "process: a\nversion: 1\nstart: a\nroles: { r: &r { people: 2 }, s: *r }\nsteps:\n  a: &end { end: {} }\n  b: *end\n";
    assert_eq!(yaml::format("test", text.as_bytes()).unwrap(), text);
}

/// The comments of a file, in the order of the alphabet.
fn comments(text: &str) -> Vec<String> {
    let mut found: Vec<String> = text
        .lines()
        .filter_map(|line| line.split_once("#~"))
        .map(|(_, comment)| comment.trim_end().to_owned())
        .collect();
    found.sort();
    found
}

/// A file in its form, which is the same the second time and says the same as before.
#[track_caller]
fn check_format(name: &str, text: &str) -> String {
    let formatted = yaml::format(name, text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"));
    let before = yaml::read(name, text.as_bytes());
    assert_eq!(yaml::read(name, formatted.as_bytes()).definition, before.definition, "{name}\n{formatted}");
    let again = yaml::format(name, formatted.as_bytes()).unwrap();
    same(&format!("{name} changes again"), &again, &formatted);
    assert_eq!(comments(&formatted), comments(text), "{name}\n{text}\n----\n{formatted}");
    formatted
}

#[test]
fn the_files_of_the_repository_are_in_their_form() {
    for (name, text) in corpus() {
        let formatted = check_format(&name, &text);
        let example = name.contains("process-templates") || name.contains("docs") || name.contains("README");
        if example {
            same(&format!("{name} is not in its form; `cargo grieta fmt` lays it out"), &formatted, &text);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(500), failure_persistence: None, max_shrink_iters: 1_000, ..ProptestConfig::default() })]

    /// Comments anywhere, indented anyhow, and empty lines.
    #[test]
    fn no_comment_is_lost(which in any::<prop::sample::Index>(), picks in prop::collection::vec((0u8..12, 0usize..9), 40..80)) {
        let corpus = corpus();
        let (name, text) = which.get(&corpus);
        let before = yaml::read(name, text.as_bytes()).definition;
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for (index, (what, indent)) in picks.iter().enumerate() {
            let at = index * lines.len() / picks.len();
            let mut changed = lines.clone();
            match what {
                0..4 => changed.insert(at, format!("{}#~ {index}", " ".repeat(*indent))),
                4..8 => changed[at].push_str(&format!("{}#~ {index}", " ".repeat(indent + 1))),
                8 => changed.insert(at, String::new()),
                9 => changed[at] = changed[at].replacen(", ", &format!(", #~ {index}\n      "), 1),
                10 => changed[at] = changed[at].replacen("{ ", &format!("{{ #~ {index}\n        "), 1),
                _ => changed[at] = changed[at].replacen(" }", &format!("\n      #~ {index}\n      }}"), 1),
            }
            // In the middle of a text a comment would be none.
            if yaml::read(name, changed.join("\n").as_bytes()).definition == before
                && changed.iter().all(|line| line.matches("#~").count() < 2)
            {
                lines = changed;
            }
        }
        check_format(name, &(lines.join("\n") + "\n"));
    }
}
