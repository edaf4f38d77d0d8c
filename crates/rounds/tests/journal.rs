//! The file of a journal: read strictly, written as it was read.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

use grieta_rounds::Journal;

const FILE: &str = "\
# Kept since spring.
rounds-of: desk

waves:
  # Ana asked for it.
  quick-fixes: { scope: [answer, goal/soon], expects: [share(lost) <= 2%], phase: planning, benefit: calm at lunch }

findings:
  dead-end/answer/unanswered:
    says: \"1.2 % of cases never end here: an incident\"
    figure: { value: 0.012, low: 0.01, high: 0.014, unit: share }
    scenario: the mailbox is full
    note: asked on Monday
    accepted: { reason: once in a blue moon, figure: { value: 0.001, unit: share } }
    history: [open 1, accepted 1, open 2]

rounds:
  - round: 1
    date: 2026-11-20
    version: 1.0.0
    hash: abc
    runs: { cases: 500, replications: 4, seed: 18446744073709551615 }
    figures: { mean(cycle_time): { value: 5400, low: 3600, high: 7200, unit: s } }
  - round: 2
    date: 2026-11-27
    version: 1.1.0
    hash: def
    wave: quick-fixes
    changed: [\"crack `x` of `answer` is answered\"]
    effect: { share(lost): { from: 0.02, to: 0.01, unit: share, verdict: better, says: \"−50 %, 95 % sure −60 to −40 %\" } }
    waves: { quick-fixes: planning }
    criteria: [{ wave: quick-fixes, expect: share(lost) <= 2%, verdict: not-met, found: 3 % }]
    scenarios: { run: 4, failed: [the mailbox is full] }
";

fn read(text: &str) -> Journal {
    Journal::read("desk.rounds.yaml", text.as_bytes()).unwrap_or_else(|problems| unreachable!("{problems}"))
}

fn complaint(text: &str) -> String {
    Journal::read("desk.rounds.yaml", text.as_bytes()).unwrap_err().to_string()
}

#[test]
fn what_is_written_reads_again_unchanged() {
    let journal = read(FILE);
    let written = journal.to_yaml();
    assert_eq!(read(&written), journal, "{written}");
    assert_eq!(read(&written).to_yaml(), written);
    let head = FILE.split("findings:").next().unwrap();
    assert!(written.starts_with(head), "what people wrote has changed:\n{written}");
    let empty = Journal::new("desk");
    assert_eq!(read(&empty.to_yaml()), empty);
}

#[test]
fn what_contradicts_itself_is_told_with_its_place() {
    let check = |from: &str, to: &str, parts: &[&str]| {
        assert!(FILE.contains(from), "{from}");
        let told = complaint(&FILE.replacen(from, to, 1));
        parts.iter().for_each(|part| assert!(told.contains(part), "{to}: {part}\n{told}"));
    };
    check("phase: planning", "phase: planing", &["did you mean `planning`?", "desk.rounds.yaml:6:"]);
    check("share(lost) <= 2%]", "share(lost) == 2%]", &["expected `<`, `<=`, `>`, `>=` or `in`"]);
    check("[open 1, accepted 1, open 2]", "[fixed 1]", &["expected `open` first, found `fixed 1`"]);
    check("accepted 1, open 2]", "open 2]", &["`open 2` cannot come after `open 1`", "[open 1, fixed 2, open 3]"]);
    check("accepted 1, open 2]", "fixed 2, accepted 2]", &["`accepted 2` cannot come after `fixed 2`"]);
    check("[open 1, accepted 1, open 2]", "[open 2, fixed 1]", &["`fixed 1` cannot come after `open 2`"]);
    check("open 2]", "open 3]", &["expected rounds from 1 to 2, found `open 3`"]);
    check("open 2]", "opened 2]", &["as in `fixed 2`, found `opened 2`"]);
    check("    accepted: {", "    acepted: {", &["a finding has no key `acepted`", "did you mean `accepted`?"]);
    check("round: 2", "round: 3", &["expected round 2, found round 3"]);
    check("date: 2026-11-20", "date: 2026-11-31", &["2026-11-31", "desk.rounds.yaml:19:"]);
    check("value: 5400", "value: long", &["expected a number", "found `long`"]);
    check("verdict: better", "verdict: good", &["expected one of `better`"]);
    check("    hash: abc\n", "", &["a round needs `hash`"]);
    let without_reason =
        FILE.replace("    accepted: { reason: once in a blue moon, figure: { value: 0.001, unit: share } }\n", "");
    assert!(complaint(&without_reason).contains("nothing says why"));
}

#[test]
fn what_people_write_must_stand_where_it_stays() {
    let below = "rounds-of: desk\nfindings: {}\nwaves: {}\n";
    assert!(complaint(below).contains("write it above `findings:`"), "{}", complaint(below));
    assert!(complaint("").contains("begin with `rounds-of:`"));
    assert!(complaint("- a list\n").contains("a journal as a mapping"));
    assert!(complaint("waves: {}\n").contains("a journal needs `rounds-of`"));
}

#[test]
fn the_journal_of_the_page_can_be_read() {
    let page = include_str!("../../../docs/rounds.md");
    let block = page.split("```yaml\n").nth(1).and_then(|rest| rest.split("\n```").next()).unwrap();
    assert_eq!(read(block).rounds_of, "telephone-reception");
}
