//! Coverage, counted by hand: every kind of element, on small processes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use grieta_core::{Duration, Plan, Process};
use grieta_runtime::{CaseId, Data, Engine, ItemId};
use grieta_testkit::coverage::{Count, Coverage, CoverageReport, ElementKind, Mark};

/// A case under way.
struct Run {
    engine: Engine,
    case: CaseId,
}

impl Run {
    fn of(file: &str, data: Data) -> Run {
        let process = Process::read("p.yaml", file.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"));
        let mut engine = Engine::in_memory().person("ana", ["clerk"]).deploy(process).unwrap();
        let case = engine.start("p", "1", data).unwrap();
        Run { engine, case }
    }

    fn item(&self, step: &str) -> ItemId {
        let items = self.engine.items(self.case).unwrap();
        items.iter().find(|item| item.step() == step).unwrap_or_else(|| panic!("nothing at {step}: {items:?}")).id()
    }

    fn complete<'a>(mut self, step: &str, outcome: impl Into<Option<&'a str>>) -> Run {
        let item = self.item(step);
        self.engine.complete(item, outcome, Data::new()).unwrap();
        self
    }

    fn strike(mut self, step: &str, crack: &str) -> Run {
        let item = self.item(step);
        self.engine.strike(item, crack).unwrap();
        self
    }

    fn skip<'a>(mut self, step: &str, outcome: impl Into<Option<&'a str>>) -> Run {
        let item = self.item(step);
        self.engine.skip(item, outcome).unwrap();
        self
    }

    fn claim(mut self, step: &str) -> Run {
        let item = self.item(step);
        self.engine.claim(item, "ana").unwrap();
        self
    }

    fn hours(mut self, hours: i64) -> Run {
        self.engine.advance(Duration::from_micros(hours * Duration::HOUR.as_micros())).unwrap();
        self
    }

    fn plan(&self) -> &Plan {
        self.engine.plan(self.case).unwrap()
    }

    fn coverage(&self) -> Coverage {
        let mut coverage = Coverage::of(self.plan());
        coverage.add(self.plan(), self.engine.history(self.case).unwrap()).unwrap();
        coverage
    }

    fn missed(&self) -> Vec<String> {
        missed(&self.coverage())
    }
}

fn missed(coverage: &Coverage) -> Vec<String> {
    coverage.missed().map(|element| element.id.clone()).collect()
}

fn count(coverage: &Coverage, kind: ElementKind) -> (usize, usize) {
    let Count { covered, total } = coverage.count(kind);
    (covered, total)
}

const PLAIN: &str = "
process: p
version: 1.0.0
start: route
data: { size: { type: integer, required: true }, grade: { type: text } }
decisions:
  grade: { inputs: size, outputs: grade, hit: first, rules: [{ when: '> 9', then: big }, { when: '> 4', then: middling }, { otherwise: small }] }
  idle:  { inputs: size, outputs: grade, rules: [{ when: any, then: never }] }
steps:
  route: { choose: [{ when: size > 0, to: look }, { otherwise: nothing }] }
  look: { decide: grade, next: ask }
  ask:
    wait: { for: customer }
    outcomes: { yes: both, no: lost }
    cracks:
      gone: { on: external, interrupts: true, then: lost }
      quiet: { on: external, name: Nobody answers }
  both: { fork: [left, right] }
  left: { assign: {}, next: together }
  right: { assign: {}, next: together }
  together: { join: all, next: sold }
  sold: { end: {} }
  lost: { end: {} }
  nothing: { end: {} }
";

#[test]
fn every_kind_of_element_is_counted_once() {
    let run = Run::of(PLAIN, Data::new().with("size", 12)).complete("ask", "yes");
    let coverage = run.coverage();
    assert_eq!(count(&coverage, ElementKind::Step), (7, 7));
    // look to ask, both to left and right, left and right to together, together to sold.
    assert_eq!(count(&coverage, ElementKind::Flow), (6, 6));
    assert_eq!(count(&coverage, ElementKind::Branch), (1, 2));
    assert_eq!(count(&coverage, ElementKind::DecisionRule), (1, 3), "no step decides by `idle`");
    assert_eq!(count(&coverage, ElementKind::Outcome), (1, 2));
    assert_eq!(count(&coverage, ElementKind::Crack), (0, 2));
    assert_eq!(count(&coverage, ElementKind::Response), (0, 1));
    assert_eq!(count(&coverage, ElementKind::End), (1, 3));
    assert_eq!(coverage.total(), Count { covered: 17, total: 26 });
    assert_eq!(coverage.share(), 17.0 / 26.0);
    assert_eq!(
        missed(&coverage),
        [
            "route#1",
            "ask/no",
            "ask!gone",
            "ask!gone/then",
            "ask!quiet",
            "lost",
            "nothing",
            "decisions/grade#1",
            "decisions/grade#2"
        ]
    );
    let cracks: Vec<&str> = coverage.cracks_not_entered().map(|crack| crack.name.as_str()).collect();
    assert_eq!(cracks, ["`gone` at `ask`", "`quiet` at `ask`: Nobody answers"]);
    let marks = coverage.marks();
    assert_eq!((marks["ask"], marks["look"], marks["lost"]), (Mark::Partly, Mark::Covered, Mark::Missed));
    assert_eq!((marks["ask/yes"], marks["ask/no"]), (Mark::Covered, Mark::Missed));
}

#[test]
fn every_element_says_where_it_stands() {
    let coverage = Run::of(PLAIN, Data::new().with("size", 0)).coverage();
    let path = |id: &str| coverage.elements().find(|(element, _)| element.id == id).unwrap().0.path.to_string();
    assert_eq!(path("ask"), "steps.ask");
    assert_eq!(path("route#1"), "steps.route.choose[1]");
    assert_eq!(path("both#1"), "steps.both.fork[1]");
    assert_eq!(path("look#0"), "steps.look.next");
    assert_eq!(path("ask/no"), "steps.ask.outcomes.no");
    assert_eq!(path("ask!gone"), "steps.ask.cracks.gone");
    assert_eq!(path("ask!gone/then"), "steps.ask.cracks.gone.then");
    assert_eq!(path("decisions/grade#2"), "decisions.grade.rules[2]");
    let mut ids: Vec<&str> = coverage.elements().map(|(element, _)| element.id.as_str()).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "a name stands for one thing");
}

#[test]
fn several_cases_together_cover_everything() {
    let runs = [
        Run::of(PLAIN, Data::new().with("size", 12)).complete("ask", "yes"),
        Run::of(PLAIN, Data::new().with("size", 5)).complete("ask", "no"),
        Run::of(PLAIN, Data::new().with("size", 1)).strike("ask", "quiet").strike("ask", "gone"),
        Run::of(PLAIN, Data::new().with("size", 0)),
    ];
    let mut all = Coverage::of(runs[0].plan());
    let shares: Vec<usize> = runs
        .iter()
        .map(|run| {
            all.merge(&run.coverage()).unwrap();
            all.total().covered
        })
        .collect();
    assert_eq!(shares, [17, 20, 24, 26]);
    assert_eq!((missed(&all), all.share()), (vec![], 1.0));
    assert_eq!(missed(&all.emptied()).len(), 26);
}

#[test]
fn coverage_of_one_process_takes_no_other() {
    let run = Run::of(PLAIN, Data::new().with("size", 0));
    let other = Run::of(&PLAIN.replace("1.0.0", "2.0.0"), Data::new().with("size", 0));
    let mut coverage = run.coverage();
    assert!(coverage.add(other.plan(), &[]).is_err());
    let error = coverage.merge(&other.coverage()).unwrap_err().to_string();
    assert!(error.contains("`p`, or of another version"), "{error}");
    let again = Run::of(PLAIN, Data::new().with("size", 0));
    coverage.merge(&again.coverage()).expect("the same definition, read again");
}

const CRACKS: &str = "
process: p
version: 1.0.0
start: call
roles: { clerk: { people: 2 }, boss: { people: 1 } }
data: { size: { type: integer, initial: 1 } }
steps:
  call:
    human: clerk
    outcomes: { reached: done, silent: done }
    cracks:
      full: { on: failure, do: { retry: { after: 1 h, at-most: 1 } }, then: done }
      late: { on: external, do: { reallocate: boss } }
      ill: { on: external, do: restart }
      noise: { on: external, do: continue }
      known: { on: external, do: { skip: reached } }
      angry: { on: external, do: cancel-case }
      wrong: { on: external, do: fail, then: done }
  done: { end: {} }
";

#[test]
fn a_retry_and_what_comes_when_it_is_used_up_are_two_responses() {
    let responses = |run: &Run| {
        let coverage = run.coverage();
        let found = coverage.elements().filter(|(element, covered)| *covered && element.kind == ElementKind::Response);
        found.map(|(element, _)| element.id.clone()).collect::<Vec<_>>()
    };
    let once = Run::of(CRACKS, Data::new()).claim("call").strike("call", "full");
    assert_eq!(responses(&once), ["call!full/do"]);
    let twice = once.hours(1).claim("call").strike("call", "full");
    assert_eq!(responses(&twice), ["call!full/do", "call!full/then"]);
}

#[test]
fn a_response_is_covered_when_it_is_carried_out() {
    let check = |crack: &str, claims: bool, covers: &[&str]| {
        let run = Run::of(CRACKS, Data::new());
        let run = if claims { run.claim("call") } else { run };
        let mut run = run.strike("call", crack);
        // What happens afterwards by a command answers nothing.
        let _ = run.item_if("call").map(|item| run.engine.skip(item, "silent"));
        let coverage = run.coverage();
        let found = coverage.elements().filter(|(element, covered)| *covered && element.id.contains('!'));
        let found: Vec<&str> = found.map(|(element, _)| element.id.as_str()).collect();
        assert_eq!(found, covers, "{crack}");
    };
    check("late", false, &["call!late", "call!late/do"]);
    check("noise", false, &["call!noise", "call!noise/do"]);
    check("known", false, &["call!known", "call!known/do"]);
    check("angry", true, &["call!angry", "call!angry/do"]);
    check("wrong", true, &["call!wrong", "call!wrong/do", "call!wrong/then"]);
    check("ill", false, &["call!ill"]);
}

#[test]
fn work_that_is_begun_begins_anew() {
    let mut run = Run::of(CRACKS, Data::new()).claim("call");
    run.engine.begin(run.item("call")).unwrap();
    let missed = run.strike("call", "ill").missed();
    assert!(!missed.iter().any(|id| id.starts_with("call!ill")), "{missed:?}");
}

#[test]
fn a_step_that_is_skipped_has_no_outcome() {
    let skipped = Run::of(CRACKS, Data::new()).skip("call", "reached");
    assert_eq!(count(&skipped.coverage(), ElementKind::Outcome), (0, 2));
    assert_eq!(count(&skipped.coverage(), ElementKind::End), (1, 1));
    let answered = Run::of(CRACKS, Data::new()).claim("call").complete("call", "reached");
    assert_eq!(count(&answered.coverage(), ElementKind::Outcome), (1, 2));
}

#[test]
fn all_that_is_inside_other_steps_is_counted() {
    let file = "
process: p
version: 1.0.0
start: all
steps:
  all: { for-each: { steps: [each, last], times: 2 }, next: part }
  each: { wait: { for: customer }, outcomes: { yes: last, no: last }, cracks: { odd: { on: failure } } }
  last: { end: {} }
  part:
    subprocess: [within, over]
    next: done
    cracks: { broken: { on: failure, then: done } }
  within: { wait: { for: bank }, next: over }
  over: { end: {} }
  done: { end: {} }
";
    let run = Run::of(file, Data::new()).complete("each", "yes");
    assert_eq!(
        run.missed(),
        [
            "all#0",
            "each/no",
            "each!odd",
            "part",
            "part#0",
            "part!broken",
            "part!broken/then",
            "within",
            "within#0",
            "over",
            "done"
        ]
    );
    let run = run.complete("each", "no").complete("within", None);
    assert_eq!(run.missed(), ["each!odd", "part!broken", "part!broken/then"]);
    // What strikes inside and is answered around: both cracks have struck.
    let file = file.replace("next: over }", "next: over, cracks: { down: { on: failure } } }");
    let run = Run::of(&file, Data::new()).complete("each", "yes").complete("each", "no").strike("within", "down");
    assert_eq!(run.missed(), ["each!odd", "part#0", "within#0", "over"]);
}

#[test]
fn cracks_of_the_process_count() {
    let file = "
process: p
version: 1.0.0
start: ask
steps:
  ask: { wait: { for: customer }, next: done }
  done: { end: {} }
  gone: { end: {} }
cracks:
  stop: { on: external, interrupts: true, then: gone }
";
    let run = Run::of(file, Data::new());
    assert_eq!(run.missed(), ["ask#0", "done", "gone", "p!stop", "p!stop/then"]);
    let coverage = run.coverage();
    let crack = coverage.cracks_not_entered().next().unwrap();
    assert_eq!((crack.path.to_string().as_str(), crack.step.as_deref()), ("cracks.stop", None));
    assert_eq!((coverage.marks()["p"], coverage.marks()["ask"]), (Mark::Partly, Mark::Partly));
    let run = run.strike("p", "stop");
    assert_eq!(run.missed(), ["ask#0", "done"]);
    assert_eq!(run.coverage().marks()["p"], Mark::Covered);
}

#[test]
fn every_rule_that_a_table_collects_by_is_covered() {
    let file = "
process: p
version: 1.0.0
start: tag
data: { size: { type: integer, required: true }, tags: { type: list, of: text } }
decisions:
  tags: { inputs: size, outputs: tags, hit: collect, rules: [{ when: '> 1', then: a }, { when: '> 2', then: b }, { when: '> 3', then: c }] }
steps:
  tag: { decide: tags, next: again }
  again: { decide: tags, next: done }
  done: { end: {} }
";
    assert_eq!(Run::of(file, Data::new().with("size", 3)).missed(), ["decisions/tags#2"]);
    assert_eq!(Run::of(file, Data::new().with("size", 4)).missed(), Vec::<String>::new());
    let none = Run::of(file, Data::new().with("size", 0));
    assert_eq!(count(&none.coverage(), ElementKind::DecisionRule), (0, 3), "two steps decide by one table");
}

#[test]
fn what_is_undone_first_does_not_hide_the_response() {
    let file = "
process: p
version: 1.0.0
start: book
roles: { clerk: { people: 2 } }
steps:
  book: { human: clerk, next: ask, undo: unbook }
  ask:
    human: clerk
    next: done
    cracks:
      off: { on: external, do: cancel-case, recover: compensate }
      back: { on: external, do: fail, recover: compensate, then: done }
  unbook: { human: clerk, next: unbooked }
  unbooked: { end: {} }
  done: { end: {} }
";
    let check = |crack: &str, before: &[&str], after: &[&str]| {
        let run = Run::of(file, Data::new()).claim("book").complete("book", None).claim("ask").strike("ask", crack);
        let of_crack = |run: &Run| {
            let coverage = run.coverage();
            let found = coverage.elements().filter(|(element, covered)| *covered && element.id.contains('!'));
            found.map(|(element, _)| element.id.clone()).collect::<Vec<_>>()
        };
        assert_eq!(of_crack(&run), before);
        assert_eq!(of_crack(&run.claim("unbook").complete("unbook", None)), after);
    };
    check("off", &["ask!off"], &["ask!off", "ask!off/do"]);
    check("back", &["ask!back"], &["ask!back", "ask!back/do", "ask!back/then"]);
}

#[test]
fn a_report_shows_each_scenario_and_all_together() {
    let runs = [
        Run::of(PLAIN, Data::new().with("size", 0)),
        Run::of(PLAIN, Data::new().with("size", 5)).complete("ask", "no"),
    ];
    let mut report = CoverageReport::of([runs[0].plan()]);
    assert_eq!((report.total(), report.share()), (Count { covered: 0, total: 26 }, 0.0));
    for (name, run) in ["nothing", "a no"].iter().zip(&runs) {
        report.add(name, [(run.plan(), run.engine.history(run.case).unwrap())]);
    }
    // A scenario that does the same adds nothing.
    let same = &runs[0];
    report.add("again", [(same.plan(), same.engine.history(same.case).unwrap()); 2]);
    assert_eq!(report.processes().len(), 1);
    assert_eq!(report.total(), Count { covered: 10, total: 26 });
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!((json["covered"].as_u64(), json["total"].as_u64()), (Some(10), Some(26)));
    assert_eq!(json["scenarios"][0]["name"], "nothing");
    assert_eq!(json["scenarios"][0]["processes"][0]["elements"], serde_json::json!(["route", "route#1", "nothing"]));
    assert_eq!(json["scenarios"][2]["processes"][0]["covered"], 3);
    assert_eq!(json["processes"][0]["kinds"][0], serde_json::json!({ "kind": "step", "covered": 3, "total": 7 }));
    assert_eq!(json["processes"][0]["cracks_not_entered"], serde_json::json!(["ask!gone", "ask!quiet"]));
    let missed = serde_json::json!(
        { "kind": "branch", "id": "route#0", "name": "`route`: size > 0", "path": "steps.route.choose[0]", "step": "route" });
    assert!(!json["processes"][0]["missed"].as_array().unwrap().contains(&missed), "the second has taken it");
    assert_eq!(json["processes"][0]["missed"][0]["id"], "ask/yes");
}

impl Run {
    fn item_if(&self, step: &str) -> Option<ItemId> {
        let items = self.engine.items(self.case).unwrap();
        items.iter().find(|item| item.step() == step).map(|item| item.id())
    }
}
