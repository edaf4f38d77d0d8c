//! `grieta simulate` and `grieta generate`: exit codes, the shape of the JSON, and the same bytes for the same seed.

mod support;

use support::{Desk, GOOD, cracked, finish, template};

const KEYS: &[&str] = &[
    "process",
    "seed",
    "replications",
    "cases",
    "completed",
    "stuck",
    "events",
    "stable",
    "cycle_time",
    "steps",
    "roles",
    "ends",
    "cracks",
    "bottlenecks",
    "dead_ends",
    "inputs",
    "warm_up",
    "littles_law",
];

/// A few cases, as JSON.
const FEW: &[&str] = &["--cases", "300", "--replications", "3", "--seed", "7", "--format", "json"];

fn with<'a>(command: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [command, more].concat()
}

#[test]
fn a_process_that_ends_well_has_no_findings() {
    let desk = Desk::new();
    desk.file("desk.yaml", GOOD);
    let run = desk.run(&with(&["simulate", "desk.yaml"], FEW)).expect(0);
    assert!(run.out.ends_with("}\n"));
    let json = run.json();
    for key in KEYS {
        assert!(json.get(key).is_some(), "{key}");
    }
    assert_eq!((json["cases"].as_u64(), json["events"].as_u64()), (Some(900), Some(1_800)));
    for key in ["mean_s", "ci95_s", "p50_s", "p90_s", "p95_s"] {
        assert!(json["cycle_time"].get(key).is_some(), "{key}");
    }
    assert_eq!(json["steps"][0]["id"], "answer");
}

#[test]
fn dead_ends_are_findings_and_can_be_told() {
    let desk = Desk::new();
    desk.file("desk.yaml", cracked());
    let json = desk.run(&with(&["simulate", "desk.yaml"], FEW)).expect(1).json();
    let dead_end = &json["dead_ends"][0];
    assert_eq!((dead_end["step"].as_str(), dead_end["seed"].as_u64()), (Some("answer"), Some(7)));

    let text = desk.run(&["simulate", "desk.yaml", "--cases", "300", "--replications", "3", "--seed", "7"]).expect(1);
    let command = text.out.lines().find_map(|line| line.trim().strip_prefix("$ cargo grieta ")).unwrap();
    let story = desk.run(&command.split(' ').collect::<Vec<_>>()).expect(1);
    assert!(story.out.contains("crack `hangs-up`: nobody answers: the case stops"), "{}", story.out);
    assert!(
        story.out.contains("It never ends:\n  `answer` waits for somebody to resolve an incident"),
        "{}",
        story.out
    );

    let arguments = [&command.split(' ').collect::<Vec<_>>()[..], &["--format", "json"]].concat();
    let json = desk.run(&arguments).expect(1).json();
    assert!(json["waits_for"][0].as_str().unwrap().contains("hangs-up"));
    assert!(json["events"][0]["at"].as_str().unwrap().ends_with('Z'));
    desk.run(&["simulate", "desk.yaml", "--cases", "5", "--replication", "0", "--case", "99"]).expect(2);
}

#[test]
fn more_work_than_can_be_done_is_a_finding() {
    let desk = Desk::new();
    desk.file("desk.yaml", GOOD.replace("exponential(10 min)", "exponential(5 min)"));
    let json = desk.run(&with(&["simulate", "desk.yaml"], FEW)).expect(1).json();
    assert_eq!((json["stable"].as_bool(), json["cycle_time"].is_null()), (Some(false), true));
}

#[test]
fn cracks_can_be_switched_off() {
    let desk = Desk::new();
    desk.file("desk.yaml", cracked());
    desk.run(&with(&["simulate", "desk.yaml", "--cracks", "off"], FEW)).expect(0);
    desk.run(&with(&["simulate", "desk.yaml", "--cracks", "unanswered"], FEW)).expect(1);
}

#[test]
fn a_run_may_last_for_a_time_instead() {
    let desk = Desk::new();
    desk.file("desk.yaml", GOOD);
    let run = desk.run(&["simulate", "desk.yaml", "--for", "10d", "--replications", "2", "--format", "json"]).expect(0);
    let cases = run.json()["cases"].as_u64().unwrap();
    assert!((2_500..3_300).contains(&cases), "{cases}");
}

#[test]
fn the_same_seed_gives_the_same_bytes_on_any_number_of_threads() {
    let desk = Desk::new();
    desk.file("leads.yaml", template("lead-qualification/as-is.yaml"));
    let arguments = with(&["simulate", "leads.yaml"], FEW);
    let run = |threads: &str| finish(desk.command(&arguments).env("RAYON_NUM_THREADS", threads), b"").expect(1).out;
    let first = run("1");
    assert_eq!(first, run("1"));
    assert_eq!(first, run("2"));
    let other = desk.run(&[&arguments[..], &["--seed", "8"]].concat());
    assert_eq!(other.code, 2, "an option stands twice");
}

#[test]
fn replayed_transactions_give_the_run_that_drew_them() {
    let desk = Desk::new();
    for variant in ["as-is", "to-be"] {
        desk.file("leads.yaml", template(&format!("lead-qualification/{variant}.yaml")));
        let drawn = desk.run(&["generate", "leads.yaml", "-n", "500", "--seed", "3"]).expect(0).out;
        assert_eq!(drawn.lines().count(), 500);
        assert_eq!(drawn, desk.run(&["generate", "leads.yaml", "-n", "500", "--seed", "3"]).expect(0).out);
        let replay = ["simulate", "leads.yaml", "--transactions", "-", "--seed", "3", "--format", "json"];
        let direct =
            ["simulate", "leads.yaml", "--cases", "500", "--replications", "1", "--seed", "3", "--format", "json"];
        // All but what they came from: one came from a file.
        let [replayed, direct] = [desk.run_with(&replay, drawn.as_bytes()), desk.run(&direct)].map(|run| {
            let mut json = run.json();
            json.as_object_mut().unwrap().remove("inputs");
            json
        });
        assert_eq!(replayed, direct, "{variant}");
    }
}

#[test]
fn a_comparison_shows_the_clocks_of_both_variants() {
    let desk = Desk::new();
    let with_clock = GOOD.replace("steps:", "clocks: { promise: { within: 20 min } }\nsteps:");
    desk.file("slow.yaml", &with_clock);
    desk.file("fast.yaml", with_clock.replace("exponential(8 min)", "exponential(4 min)"));
    desk.file("other.yaml", GOOD);
    let few = &FEW[..FEW.len() - 2];
    let text = desk.run(&with(&["compare", "slow.yaml", "fast.yaml"], few)).expect(0).out;
    let row = text.lines().find(|line| line.contains("clock promise runs out")).unwrap_or_else(|| panic!("{text}"));
    assert!(row.contains(" %") && row.contains("95 % sure"), "{row}");
    let json = desk.run(&with(&["compare", "slow.yaml", "fast.yaml"], FEW)).expect(0).json();
    let [name, change] = json["clocks"][0].as_array().unwrap().as_slice() else { panic!("{}", json["clocks"]) };
    assert_eq!((name.as_str(), change["verdict"].as_str()), (Some("promise"), Some("less")));
    let alone = desk.run(&with(&["compare", "slow.yaml", "other.yaml"], FEW)).expect(0).json();
    assert_eq!(alone["clocks"].as_array().map(Vec::len), Some(0));
}

#[test]
fn transactions_that_cannot_be_used_name_their_lines() {
    let desk = Desk::new();
    desk.file("desk.yaml", GOOD);
    let run = desk.run_with(&["simulate", "desk.yaml", "--transactions", "-"], b"\n{}\nhello\n").expect(2);
    assert!(run.err.contains("line 2: ") && run.err.contains("line 3: "), "{}", run.err);
    desk.run_with(&["simulate", "desk.yaml", "--transactions", "-"], b"\xff\n").expect(2);
    desk.run(&["simulate", "desk.yaml", "--transactions", "missing.jsonl"]).expect(2);
    let several = ["simulate", "desk.yaml", "--transactions", "-", "--replications", "2"];
    desk.run_with(&several, b"").expect(2);
}

#[test]
fn what_only_the_simulator_needs_is_asked_for_with_its_place() {
    let desk = Desk::new();
    desk.file(
        "desk.yaml",
        GOOD.replace("every: exponential(10 min)", "per: business-day, mean: 10, profile: { \"25-26\": 2 }"),
    );
    let run = desk.run(&["simulate", "desk.yaml"]).expect(1);
    assert!(run.err.contains("desk.yaml:1"), "{}", run.err);
    desk.file("desk.yaml", GOOD.split("simulation:").next().unwrap());
    let run = desk.run(&["simulate", "desk.yaml"]).expect(2);
    assert!(run.err.contains("does not say how cases arrive"), "{}", run.err);
}

#[cfg(unix)]
#[test]
fn whoever_stops_reading_is_not_told_about_it() {
    use std::io::Read;
    use std::process::Stdio;
    let desk = Desk::new();
    desk.file("desk.yaml", GOOD);
    let mut child = desk.command(&["generate", "desk.yaml", "-n", "20000"]);
    let mut child = child.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut begun = [0; 100];
    child.stdout.take().unwrap().read_exact(&mut begun).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
}

#[test]
fn the_effects_of_single_changes_are_told_to_people_and_programs() {
    let desk = Desk::new();
    desk.file("desk.yaml", cracked());
    let run = desk.run(&["effects", "desk.yaml", "--cases", "500", "--replications", "4"]).expect(0);
    assert!(run.out.starts_with("As it is, cases wait most at `answer`."), "{}", run.out);
    assert!(run.out.contains("one more agent") && run.out.contains("no hangs-up at answer"), "{}", run.out);
    let run = desk.run(&["effects", "desk.yaml", "--cases", "500", "--replications", "4", "--format", "json"]);
    let json = run.expect(0).json();
    assert_eq!(json["effects"].as_array().unwrap().len(), 2, "{json}");
    assert_eq!(json["bottleneck"], "answer");
    let run = desk.run(&["effects", "desk.yaml", "--replications", "1"]).expect(2);
    assert!(run.err.contains("expected at least 2 replications"), "{}", run.err);
}

const WHAT_IF: &str = "what-if: { two: { people: { agent: 2 } }, rush: { arrivals: 400% } }";

#[test]
fn what_would_be_is_simulated_by_the_name_of_the_change() {
    let desk = Desk::new();
    desk.file("desk.yaml", format!("{GOOD}  {WHAT_IF}\n"));
    let rush = desk.run(&with(&["simulate", "desk.yaml", "--what-if", "rush"], FEW)).expect(1).json();
    assert_eq!(rush["stable"].as_bool(), Some(false));
    let unknown = desk.run(&with(&["simulate", "desk.yaml", "--what-if", "rsh"], FEW)).expect(2);
    assert!(unknown.err.contains("did you mean `rush`?"), "{}", unknown.err);

    desk.file("more.yaml", "what-if: { rush: { people: { agent: 3 } } }");
    let overlaid = ["simulate", "desk.yaml", "--what-if", "rush", "--overlay", "more.yaml"];
    assert_eq!(desk.run(&with(&overlaid, FEW)).expect(0).json()["roles"][0]["people"], 3);
    desk.file("more.yaml", "what-if:\n  rush: { people: { agnet: 3 } }\n");
    let wrong = desk.run(&with(&overlaid, FEW)).expect(1);
    assert!(wrong.err.contains("more.yaml:2:21") && wrong.err.contains("did you mean `agent`?"), "{}", wrong.err);
}

#[test]
fn a_change_is_compared_with_what_is() {
    let desk = Desk::new();
    desk.file("desk.yaml", format!("{GOOD}  {WHAT_IF}\n"));
    let json = desk.run(&with(&["compare", "desk.yaml", "--what-if", "two"], FEW)).expect(0).json();
    assert!(json["cycle_time"]["to"].as_f64() < json["cycle_time"]["from"].as_f64(), "{json}");
    let few = ["--cases", "300", "--replications", "3"];
    let text = desk.run(&with(&["compare", "desk.yaml", "--what-if", "two"], &few)).expect(0);
    assert!(text.out.contains("as it is") && text.out.contains("two"), "{}", text.out);
    desk.run(&["compare", "desk.yaml"]).expect(2);
    desk.run(&["compare", "desk.yaml", "desk.yaml", "--overlay", "desk.yaml"]).expect(2);
    desk.run(&["compare", "desk.yaml", "desk.yaml", "--what-if", "two"]).expect(2);
}

#[test]
fn a_comparison_says_which_variant_cannot_keep_up() {
    let desk = Desk::new();
    desk.file("desk.yaml", GOOD);
    desk.file("busy.yaml", GOOD.replace("exponential(10 min)", "exponential(5 min)"));
    let run = desk.run(&["compare", "desk.yaml", "busy.yaml", "--cases", "300", "--replications", "3"]).expect(0);
    assert!(run.out.contains("  busy: `agent` gets more work than it can do"), "{}", run.out);
    assert!(!run.out.contains("from arrival to end"), "{}", run.out);
}

#[test]
fn a_process_is_stressed_until_it_breaks() {
    let desk = Desk::new();
    desk.file("desk.yaml", GOOD);
    let json = desk.run(&with(&["stress", "desk.yaml"], FEW)).expect(0).json();
    assert_eq!((json["raised"].as_str(), json["first"]["role"].as_str()), (Some("arrivals"), Some("agent")));
    let (factor, bound) = (json["margin"]["factor"].as_f64().unwrap(), json["bound"]["factor"].as_f64().unwrap());
    assert!((factor / bound - 1.0).abs() < 0.2, "{factor} {bound}");
    let few = ["--cases", "300", "--replications", "3", "--cycle", "p90<=4h"];
    let text = desk.run(&with(&["stress", "desk.yaml"], &few)).expect(0);
    assert!(text.out.contains("It holds up to ×") && text.out.contains("By formula agent"), "{}", text.out);
    let nothing = desk.run(&["stress", "desk.yaml", "--raise", "absences"]).expect(2);
    assert!(nothing.err.contains("no role has absences to change"), "{}", nothing.err);
    assert!(!nothing.err.contains("desk.yaml:1"), "{}", nothing.err);
    let few = desk.run(&["stress", "desk.yaml", "--cases", "5", "--replications", "2"]).expect(2);
    assert!(few.err.contains("at least 200 cases over all replications, found 10"), "{}", few.err);
    desk.run(&["stress", "desk.yaml", "--raise", "people"]).expect(2);
    desk.run(&["stress", "desk.yaml", "--clock", "quick", "--at-least", "95%"]).expect(2);
}

/// A desk with costs and a goal: a call every ten minutes takes eight, so one agent is not enough to be quick.
const COSTLY: &str = r#"
process: desk
version: 1.0.0
start: answer
roles: { agent: { people: 4, cost: 30 EUR/h } }
steps:
  answer: { human: { role: agent, takes: exponential(8 min) }, next: done }
  done: { end: {} }
goals:
  quick: { expect: mean(cycle_time) < 15 min, by: 2027-06-30, owner: ana }
  never: { expect: p90(cycle_time) > 3 d, by: 2027-06-30, owner: ana }
simulation: { arrivals: { every: exponential(10 min) } }
"#;

#[test]
fn goals_are_judged_by_every_simulation() {
    let desk = Desk::new();
    desk.file("desk.yaml", COSTLY);
    let json = desk.run(&with(&["simulate", "desk.yaml"], FEW)).expect(0).json();
    let verdicts: Vec<_> = json["goals"].as_array().unwrap().iter().map(|goal| goal["verdict"].clone()).collect();
    assert_eq!(verdicts, ["met", "not-met"], "{json}");
    assert!(json["goals"][0]["interval"][1].as_f64().unwrap() < 900.0, "{json}");
    let run = desk.run(&["simulate", "desk.yaml", "--cases", "300", "--replications", "3"]).expect(0);
    assert!(run.out.contains("\nGoals\n") && run.out.contains("not met"), "{}", run.out);
    desk.file("desk.yaml", COSTLY.replace("mean(cycle_time) < 15 min, by: 2027-06-30", "improve satisfaction"));
    let run = desk.run(&with(&["simulate", "desk.yaml"], FEW)).expect(1);
    assert!(run.err.contains("no day by which it is to be reached (`by`)"), "{}", run.err);
}

#[test]
fn the_least_staff_that_meets_the_goals_is_told_to_people_and_programs() {
    let desk = Desk::new();
    let few = ["--cases", "500", "--replications", "4"];
    desk.file(
        "desk.yaml",
        COSTLY.replace("  never: { expect: p90(cycle_time) > 3 d, by: 2027-06-30, owner: ana }\n", ""),
    );
    let run = desk.run(&with(&["staff", "desk.yaml"], &few)).expect(0);
    assert!(run.out.starts_with("The goals are met for 10,080 EUR a week at the least."), "{}", run.out);
    let json = desk.run(&with(&["staff", "desk.yaml", "--format", "json"], &few)).expect(0).json();
    assert_eq!((&json["best"]["staff"][0]["people"], &json["best"]["cost_per_week"]), (&2.into(), &"10080".into()));
    assert_eq!(json["proof"], "exhausted");
    let run = desk.run(&with(&["staff", "desk.yaml", "--people", "agent=1..1"], &few)).expect(1);
    assert!(run.out.starts_with("No allocation that was simulated meets the goals"), "{}", run.out);
    let run = desk.run(&["staff", "desk.yaml", "--people", "agent=some"]).expect(2);
    assert!(run.err.contains("as in `clerk=1..6`"), "{}", run.err);
    let run = desk.run(&["staff", "desk.yaml", "--people", "agent=1..4000000000"]).expect(2);
    assert!(run.err.contains("at most 60000 people, found 4000000000 for `agent`"), "{}", run.err);
    let run = desk.run(&["staff", "desk.yaml", "--people", "agent=1..2", "--people", "agent=3..4"]).expect(2);
    assert!(run.err.contains("`agent` is named twice"), "{}", run.err);
    desk.run(&["staff", "desk.yaml", "--evaluations", "0"]).expect(2);
    desk.file("desk.yaml", GOOD);
    let run = desk.run(&["staff", "desk.yaml"]).expect(2);
    assert!(run.err.contains("the process has no goals"), "{}", run.err);
}

#[test]
fn replications_go_on_until_the_figure_is_precise_or_there_are_enough() {
    let desk = Desk::new();
    desk.file("desk.yaml", GOOD);
    let few = ["simulate", "desk.yaml", "--cases", "100", "--format", "json"];
    let reached = desk.run(&with(&few, &["--precision", "20%", "--warm-up", "10"])).expect(0).json();
    assert_eq!(reached["precision"]["reached"], true);
    assert_eq!(reached["precision"]["replications"], reached["replications"]);
    assert_eq!(reached["warm_up"]["left_out_cases"].as_u64().unwrap_or(10), 10);
    assert_eq!(reached["cases"].as_u64(), reached["replications"].as_u64().map(|replications| 90 * replications));
    let compare = ["compare", "desk.yaml", "desk.yaml", "--cases", "100", "--format", "json", "--precision", "20%"];
    let compared = desk.run(&compare).expect(0).json();
    assert_eq!((compared["precision"]["reached"].as_bool(), compared["replications"].as_u64()), (Some(true), Some(10)));
    let wrong = desk.run(&with(&few, &["--precision", "20%", "--precision-of", "speed"])).expect(2);
    assert!(
        wrong.err.contains("expected `cycle-time`, `cycle-p90`, `wait:STEP` or `until:STEP`, found `speed`"),
        "{}",
        wrong.err
    );
    let too_much = desk.run(&with(&few, &["--warm-up", "60"])).expect(2);
    assert!(too_much.err.contains("60 of 100 cases are left out as warm-up"), "{}", too_much.err);
}

#[test]
fn the_records_of_a_replication_go_where_they_are_wanted() {
    let desk = Desk::new();
    desk.file("desk.yaml", GOOD);
    let records = |to: &str| desk.run(&["simulate", "desk.yaml", "--cases", "20", "--records", to]).expect(0);
    let shown = records("-").out;
    assert!(shown.starts_with(r#"{"records":1,"grieta":""#), "{shown}");
    assert_eq!(shown.lines().filter(|line| line.contains(r#""event":"case-completed""#)).count(), 20);
    let run = records("records.jsonl");
    assert!(run.out.is_empty() && run.err.ends_with("records written\n"), "{}", run.err);
    let itself = desk.run(&["simulate", "./desk.yaml", "--cases", "20", "--records", "desk.yaml"]).expect(2);
    assert!(itself.err.contains("the records would overwrite `./desk.yaml`"), "{}", itself.err);
    let nowhere = desk.run(&["simulate", "desk.yaml", "--cases", "20", "--records", "no/such/folder"]).expect(2);
    assert!(nowhere.err.contains("cannot write `no/such/folder`"), "{}", nowhere.err);
}
