//! Files made to overwhelm, by accident or on purpose: the answer is bounded and nothing panics. What takes minutes here
//! is a failure too.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::fmt::Write;

use grieta_core::Process;
use grieta_core::diagnostic::{Code, Problems};
use grieta_core::yaml::read;
use proptest::prelude::*;

const DOCS: &str = include_str!("../../../docs/format.md");

/// The example of the documentation.
fn example() -> &'static str {
    let (_, rest) = DOCS.split_once("```yaml\n").expect("the page has an example");
    rest.split_once("```").expect("the example ends").0
}

/// All that is found, which is not too much to be shown.
fn found(bytes: &[u8]) -> Problems {
    let problems = match Process::read("test.yaml", bytes) {
        Ok(process) => process.warnings().clone(),
        Err(problems) => problems,
    };
    let shown = problems.to_string();
    assert!(shown.len() <= 2_000 * problems.list.len(), "{} bytes", shown.len());
    assert!(!shown.contains(|c: char| c.is_control() && c != '\n'), "{shown:?}");
    problems
}

fn codes(problems: &Problems) -> Vec<Code> {
    problems.list.iter().map(|problem| problem.code).collect()
}

#[test]
fn line_ends_may_be_mixed() {
    let plain = Process::read("test.yaml", example().as_bytes()).unwrap();
    for ends in [["\r\n", "\n", "\r"], ["\r", "\r\n", "\r"], ["\r", "\r", "\n"]] {
        // Without blank lines, which would make one end of two.
        let lines = example().lines().filter(|line| !line.is_empty());
        let reached = 1 + lines.clone().position(|line| line.contains("reached:")).unwrap() as u32;
        let lines = lines.zip(ends.iter().cycle());
        let mixed: String = lines.map(|(line, end)| format!("{line}{end}")).collect();
        assert_eq!(Process::read("test.yaml", mixed.as_bytes()).unwrap().definition(), plain.definition());
        let wrong = found(mixed.replace("reached:   {", "reached: { chanc: 1,").as_bytes());
        let place = wrong.list[0].place.unwrap();
        assert_eq!((place.line, place.column, codes(&wrong)[0]), (reached, 18, Code::UnknownKey), "{wrong}");
    }
}

#[test]
fn marks_of_any_encoding_are_answered() {
    found(format!("\u{feff}\u{feff}{}", example()).as_bytes());
    found(example().replacen("start", "\u{feff}start", 1).as_bytes());
    found(b"\xef\xbb\xbf");
    found(b"\xef\xbb");
    found(b"\xff\xfep\0r\0o\0");
}

#[test]
fn null_bytes_are_no_text() {
    for text in ["process: a\0b", "pro\0cess: a", "\0", "process: \"a\\0b\"", "# \0\n"] {
        let problems = found(text.as_bytes());
        assert!(problems.has_errors(), "{text:?}");
    }
    let name = found(b"process: p\nversion: \"a\\0b\"\nstart: \"s\\0\"\nsteps: { a: { end: {} } }\n");
    assert_eq!(codes(&name), [Code::UnknownStep]);
    assert_eq!(name.list[0].message, "there is no step `s `");
}

/// A definition with a number wherever one may stand.
const NUMBERS: &str = r#"
process: numbers
version: 1.0.0
start: fan
calendar: office
roles:
  clerk: { people: «2» }
calendars:
  office: { week: { mon-fri: "«09»:«00»-«18»:«30»" }, holidays: ["«2026»-«12»-«25»"] }
data:
  amount: { type: integer, initial: «3», owner: sales }
  rate:   { type: decimal, initial: «0.5», owner: sales }
steps:
  fan: { fork: { to: work, threads: «2» } }
  work:
    human: { role: clerk, takes: "lognormal(«6» min, cv «0.7»)" }
    until: amount * «2» - «3» > «4» || rate > «0.25»
    outcomes:
      good: { to: meet, chance: «40»% }
      poor: { to: meet, chance: "«0.6»" }
    cracks:
      broken: { on: failure, chance: «4»%, do: { retry: { after: «4» bh, at-most: «3», backoff: «2» } }, then: many }
      late: { on: deadline, after: «1.5» d, do: { skip: good } }
  many: { for-each: { steps: [one, two], times: «5», enough: "«2»" }, next: done }
  one: { wait: "«1» w", next: two }
  two: { end: {} }
  meet: { join: { first: «1» }, next: tell }
  tell: { send: { message: told, keep: «2» bd }, next: gather }
  gather: { join: { threads: «1» }, next: done }
  done: { end: {} }
simulation:
  start: «2026»-«01»-«05»
  arrivals: { per: hour, mean: «6», profile: { "«10»-«12»": «1.5» }, outside: «30»% }
  sample: { rate: "triangular(«0», «0.5», «1»)", amount: { "«3»": «2» } }
  absences: { clerk: { rate: «1.5»/year, lasts: "weibull(«5» d, shape «2»)" } }
"#;

/// The numbers as they stand there, but that at one place, or all of them, replaced.
fn with_number(number: &str, place: Option<usize>) -> String {
    let mut parts = NUMBERS.split(['«', '»']);
    let mut text = parts.next().unwrap().to_owned();
    for (at, pair) in parts.collect::<Vec<_>>().chunks(2).enumerate() {
        let replaced = place.is_none_or(|place| place == at);
        text += if replaced { number } else { pair[0] };
        text += pair[1];
    }
    text
}

#[test]
fn huge_numbers_are_answered_wherever_a_number_stands() {
    assert!(found(with_number("", Some(usize::MAX)).as_bytes()).is_empty());
    let nines = "9".repeat(5_000);
    let numbers = ["0", "-0", "0.000000000000000001", "1e400", "0x7fffffff", ".inf", ".nan", "1_000", "١٢", &nines];
    let edges = ["4294967295", "4294967296", "9223372036854775807", "9223372036854775808", "-9223372036854775808"];
    for number in numbers.into_iter().chain(edges) {
        for place in 0..NUMBERS.matches('«').count() {
            found(with_number(number, Some(place)).as_bytes());
        }
        found(with_number(number, None).as_bytes());
    }
}

#[test]
fn aliases_in_circles_and_powers_are_refused() {
    for text in ["a: &a *a", "a: &a [*a, *a]", "&a a: *a", "a: &a { b: &b [*a, *b] }", "a: *b\nb: &b *a"] {
        assert!(found(text.as_bytes()).has_errors(), "{text}");
    }
    let mut steps = String::from("process: p\nversion: 1\nstart: a\nsteps: &s0 { a: { end: {} } }\n");
    for level in 1..40 {
        writeln!(steps, "x{level}: &s{level} {{ l: *s{0}, r: *s{0} }}", level - 1).unwrap();
    }
    assert!(codes(&found(steps.as_bytes())).contains(&Code::TooLarge));
}

#[test]
fn ten_thousand_steps_are_no_burden_even_when_each_is_wrong() {
    let file = |next: &dyn Fn(usize) -> String| {
        let mut text = String::from("process: p\nversion: 1\nstart: s0\nroles: { r: { people: 1 } }\nsteps:\n");
        (0..10_000).for_each(|n| writeln!(text, "  s{n}: {{ human: r, next: {} }}", next(n)).unwrap());
        text + "  s10000: { end: {} }\n"
    };
    assert!(found(file(&|n| format!("s{}", n + 1)).as_bytes()).is_empty());
    let unknown = found(file(&|n| format!("t{n}")).as_bytes());
    assert_eq!(unknown.list.len(), 10_000);
    assert!(unknown.list.iter().all(|problem| problem.code == Code::UnknownStep));
    assert!(unknown.list[0].help.is_some() && unknown.list[9_999].help.is_none());
    let endless = found(file(&|n| format!("s{}", (n + 1) % 10_000)).as_bytes());
    assert!(codes(&endless).contains(&Code::NoEnd));
    let inside = file(&|n| format!("s{}", n + 1))
        .replace("next: s1 }", "next: s1 }\n  all: { subprocess: [s1, s1, s1], next: s0 }");
    assert!(codes(&found(inside.as_bytes())).contains(&Code::Containment));
}

#[test]
fn long_names_are_cut_wherever_they_are_quoted() {
    let long = "x".repeat(100_000);
    let wide = "漢".repeat(100_000);
    for name in [long, wide] {
        let text = format!(
            "process: p\nversion: 1\nstart: \"{name}\"\ncustomer: \"{name}\"\nsteps:\n  a: {{ human: \"{name}\", until: \"{name} > 1\", next: \"{name}\" }}\n"
        );
        let problems = found(text.as_bytes());
        assert!(problems.list.len() >= 4, "{problems}");
        assert!(problems.list.iter().all(|problem| problem.message.len() < 500));
    }
}

/// Reading that is answered with one problem.
fn refused(bytes: &[u8], code: Code) {
    let reading = read("test.yaml", bytes);
    assert_eq!(reading.problems.list.iter().map(|problem| problem.code).collect::<Vec<_>>(), [code]);
    assert!(reading.definition.is_none());
}

#[test]
fn files_made_to_overwhelm_are_refused() {
    let mut laughs = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..20 {
        let inner = format!("*a{}", level - 1);
        writeln!(laughs, "a{level}: &a{level} [{}]", vec![inner; 10].join(", ")).unwrap();
    }
    refused(laughs.as_bytes(), Code::TooLarge);
    refused(format!("a: &a \"{}\"\nb: [{}]", "x".repeat(1_000_000), "*a,".repeat(1000)).as_bytes(), Code::TooLarge);
    let mut ladder = String::from("a0: &a0 [x]\n");
    (1..1000).for_each(|level| writeln!(ladder, "a{level}: &a{level} [*a{}]", level - 1).unwrap());
    refused(ladder.as_bytes(), Code::TooLarge);
    refused(&vec![b'a'; 10_000_000], Code::TooLarge);
    refused("[".repeat(100_000).as_bytes(), Code::TooLarge);
    refused("{a: ".repeat(100_000).as_bytes(), Code::TooLarge);
    refused("- ".repeat(100_000).as_bytes(), Code::TooLarge);
    refused("? ".repeat(100_000).as_bytes(), Code::TooLarge);
}

#[test]
fn a_flood_of_problems_is_cut_off() {
    let mut text = String::from("process: p\nversion: 1\nstart: a\nsteps:\n  a: { end: {} }\n");
    (0..200_000).for_each(|n| writeln!(text, "strange-{n}: 1").unwrap());
    let reading = read("test.yaml", text.as_bytes());
    assert_eq!(reading.problems.list.len(), 10_001);
    assert_eq!(
        reading.problems.list.last().unwrap().message,
        "there are 190000 more problems than the 10000 that are listed"
    );
    assert!(reading.problems.to_string().len() > 100_000);
}

#[test]
fn a_megabyte_is_read() {
    let mut text = String::from("process: p\nversion: 1\nstart: s0\nroles: { r: { people: 1 } }\nsteps:\n");
    for n in 0..12_000 {
        writeln!(
            text,
            "  s{n}:\n    human: {{ role: r, takes: \"lognormal(6 min, cv 0.7)\" }}\n    name: Step {n}\n    next: s{}",
            n + 1
        )
        .unwrap();
    }
    writeln!(text, "  s12000: {{ end: {{}} }}").unwrap();
    let reading = read("test.yaml", text.as_bytes());
    assert!(reading.problems.is_empty(), "{}", reading.problems);
    let definition = reading.definition.unwrap();
    assert_eq!(definition.steps.len(), 12_001);
}

/// Whatever is read, every problem can be shown and lies in the file.
fn survives(bytes: &[u8]) {
    let reading = read("test.yaml", bytes);
    let text = &reading.problems.source.as_ref().unwrap().text;
    for problem in &reading.problems.list {
        let place = problem.place.expect("a place");
        let line = text.split('\n').nth(place.line as usize - 1).unwrap_or_default();
        assert!(place.column as usize <= line.chars().count() + 1, "{problem:?} in {text:?}");
    }
    assert!(reading.definition.is_some() || reading.problems.has_errors());
    let _ = reading.problems.to_string();
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        survives(&bytes);
    }

    #[test]
    fn no_text_made_of_yaml_signs_makes_it_panic(text in "([-?:,{}\\[\\]&*!|>'\"%@`#~ \n\r\ta-c0]|: |- |\n  |<<|&a|\\*a|---\n){0,120}") {
        survives(text.as_bytes());
    }

    #[test]
    fn no_change_of_a_good_file_makes_it_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0usize..12, "[-?:,{}\\[\\]&*!|>'\"~ \n\ta-z0-9é]{0,4}"), 1..6)
    ) {
        let mut text: Vec<char> = example().chars().collect();
        for (at, removed, inserted) in changes {
            let from = at.index(text.len());
            let until = (from + removed).min(text.len());
            text.splice(from..until, inserted.chars());
        }
        survives(text.into_iter().collect::<String>().as_bytes());
    }
}

#[test]
fn more_calendars_and_decisions_than_there_may_be_are_refused() {
    let file = |section: &str, entry: &str, count: usize| {
        let entries: String = (0..count).map(|n| format!("  x{n}: {entry}\n")).collect();
        format!(
            "process: p\nversion: 1\nstart: a\ndata: {{ a: {{ type: integer }} }}\n{section}:\n{entries}steps: {{ a: {{ end: {{}} }} }}\n"
        )
    };
    let calendars = file("calendars", "{ zone: Europe/Madrid, week: { mon: \"09:00-10:00\" } }", 50_000);
    assert!(codes(&found(calendars.as_bytes())).contains(&Code::TooLarge));
    let decisions = file("decisions", "{ inputs: a, outputs: a, rules: [{ when: 1, then: 1 }] }", 60_001);
    assert!(codes(&found(decisions.as_bytes())).contains(&Code::TooLarge));
}
