//! A change voids exactly the sign-offs of the roles it concerns: those whose page reads differently.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::collections::{BTreeMap, BTreeSet};

use grieta_core::Process;
use grieta_core::definition::{
    Allocation, Chance, Clock, Crack, Definition, Distribution, Kind, Outcome, OutcomeChance, Response, SignOff, Span,
    Step,
};
use grieta_core::review::State;

const TEMPLATES: [&str; 4] = [
    "lead-qualification/to-be.yaml",
    "telephone-reception/as-is.yaml",
    "telephone-reception/to-be.yaml",
    "order-to-service/to-be.yaml",
];

fn template(name: &str) -> Definition {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../process-templates");
    let bytes = std::fs::read(folder.join(name)).unwrap();
    Process::read(name, &bytes).unwrap_or_else(|problems| panic!("{problems}")).definition().clone()
}

/// The definition, signed by every role as it is.
fn signed(mut definition: Definition) -> Definition {
    let sign = |role: &String| {
        let hash = definition.view_of(role).unwrap().hash().short();
        SignOff { role: role.clone(), person: "ana".to_owned(), date: "2026-11-20".to_owned(), hash }
    };
    definition.sign_off = Some(definition.roles.keys().map(sign).collect());
    assert!(void(&definition).is_empty());
    definition
}

/// The roles whose sign-offs do not hold.
fn void(definition: &Definition) -> BTreeSet<String> {
    let standings = definition.standings();
    let void = standings.iter().filter(|standing| standing.state() == State::Void);
    void.map(|standing| standing.view.role.clone()).collect()
}

/// The roles whose sign-offs become void by a change of a step.
fn voided_by(definition: &Definition, step: &str, change: impl FnOnce(&mut Step)) -> BTreeSet<String> {
    let mut changed = definition.clone();
    change(&mut changed.steps[step]);
    void(&changed)
}

/// Who may come to do a step: its role, and those to whom a crack gives it.
fn doers(step: &Step) -> BTreeSet<String> {
    let Kind::Human { role, .. } = &step.kind else { return BTreeSet::new() };
    let given = step.cracks.values().filter_map(|crack| match &crack.response {
        Some(Response::Reallocate(Some(other)) | Response::Reoffer(Some(other))) => Some(other.clone()),
        _ => None,
    });
    given.chain([role.clone()]).collect()
}

/// The steps to which each step leads, by whatever way.
fn leads(definition: &Definition) -> BTreeMap<&str, BTreeSet<&str>> {
    let graph = Process::what_if(definition.clone()).unwrap().graph().clone();
    let mut leads: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for edge in graph.edge_indices() {
        let (from, to) = graph.edge_endpoints(edge).unwrap();
        let known = |name: &String| definition.steps.get_key_value(name).map(|(name, _)| name.as_str());
        if let (Some(from), Some(to)) = (known(&graph[from]), known(&graph[to])) {
            leads.entry(from).or_default().insert(to);
        }
    }
    leads
}

/// The steps at which a clock may run: for each step, whether a walk from where the clock starts comes there before it stops.
fn under<'a>(definition: &'a Definition, clock: &Clock) -> BTreeSet<&'a str> {
    let leads = leads(definition);
    let starts = |name: &str| match clock.from.as_slice() {
        [] => name == definition.start,
        from => from.iter().any(|first| first == name),
    };
    let all = || definition.steps.keys().map(String::as_str);
    let mut under: BTreeSet<&str> = all().filter(|name| starts(name)).collect();
    let leads: BTreeMap<String, BTreeSet<String>> =
        leads.into_iter().map(|(from, to)| (from.to_owned(), to.into_iter().map(str::to_owned).collect())).collect();
    for _ in all() {
        let going = under.iter().filter(|name| clock.until.iter().all(|last| last != **name));
        let next: BTreeSet<String> = going.filter_map(|name| leads.get(*name)).flatten().cloned().collect();
        under.extend(all().filter(|name| next.contains(*name)));
    }
    under
}

/// By role, which clocks run at which of its steps.
fn promises(definition: &Definition) -> BTreeMap<String, BTreeSet<(String, String)>> {
    let mut promises: BTreeMap<String, BTreeSet<(String, String)>> = BTreeMap::new();
    for (name, clock) in &definition.clocks {
        for step in under(definition, clock) {
            for role in doers(&definition.steps[step]) {
                promises.entry(role).or_default().insert((name.clone(), step.to_owned()));
            }
        }
    }
    promises
}

/// The roles on whose pages the title of a step stands: who do it, who do a step that leads there, who keep a rule or a clock that
/// names it.
fn readers(definition: &Definition, step: &str) -> BTreeSet<String> {
    let names = |other: &Step| {
        let ways = other.outcomes.values().map(|way| &way.to).chain(&other.next);
        let then = other.cracks.values().filter_map(|crack| crack.then.as_ref());
        let same = match &other.kind {
            Kind::Human { allocate: Allocation::SamePersonAs(step), .. } => Some(step),
            _ => None,
        };
        ways.chain(then).chain(same).chain(&other.undo).chain(&other.only_while).any(|to| to == step)
    };
    let before = definition.steps.values().filter(|other| names(other)).flat_map(doers);
    let rules = definition.rules.iter().filter(|rule| rule.steps().iter().any(|named| named == step));
    let kept = rules.flat_map(|rule| rule.steps()).flat_map(|named| doers(&definition.steps[named]));
    let clocks = definition
        .clocks
        .values()
        .filter(|clock| clock.from.iter().chain(&clock.until).chain(&clock.pause_in).any(|named| named == step));
    let under = clocks.flat_map(|clock| under(definition, clock)).flat_map(|step| doers(&definition.steps[step]));
    // A crack of the whole process stands on every page.
    let anywhere = definition.cracks.values().any(|crack| crack.then.as_deref() == Some(step));
    let everybody = definition.steps.values().filter(|_| anywhere).flat_map(doers);
    doers(&definition.steps[step]).into_iter().chain(before).chain(kept).chain(under).chain(everybody).collect()
}

#[test]
fn each_change_of_each_step_voids_exactly_whom_it_concerns() {
    let mut tried = 0;
    for name in TEMPLATES {
        let definition = signed(template(name));
        for (step, declared) in &definition.steps {
            let check = |what: &str, change: &dyn Fn(&mut Step), expected: BTreeSet<String>| {
                let found = voided_by(&definition, step, change);
                assert_eq!(found, expected, "{name}: {what} of {step}");
            };
            let (nobody, theirs) = (BTreeSet::new(), doers(declared));
            let renamed: &dyn Fn(&mut Step) = &|step| step.name = Some("Another title".to_owned());
            check("name", renamed, readers(&definition, step));
            check("why", &|step| step.why = Some("Another reason".to_owned()), theirs.clone());
            check("reads", &|step| step.reads.push(definition.data.keys().next().unwrap().clone()), theirs.clone());
            check("crack", &|step| drop(step.cracks.insert("odd".to_owned(), Crack::failure())), theirs.clone());
            check("effort", &|step| step.effort.floors += 3, theirs.clone());
            // What is the analyst's, or the simulator's.
            check("value", &|step| step.value = None, nobody.clone());
            check("same-as", &|step| step.same_as = Some("other".to_owned()), nobody.clone());
            check("takes", &|step| slower(&mut step.kind), nobody.clone());
            check("chances", &|step| step.outcomes.values_mut().for_each(likely), nobody.clone());
            check("crack chances", &|step| step.cracks.values_mut().for_each(rare), nobody);
            tried += 1;
        }
    }
    assert!(tried > 80, "{tried}");
}

fn slower(kind: &mut Kind) {
    if let Kind::Human { takes, .. } | Kind::Service { takes, .. } | Kind::Wait { takes, .. } = kind {
        *takes = Some(Distribution::exponential(Span::minutes(77)));
    }
}

fn likely(outcome: &mut Outcome) {
    outcome.chance = Some(OutcomeChance::Share(Chance::percent(1)));
}

fn rare(crack: &mut Crack) {
    crack.chance = Some(Chance::percent(1));
}

#[test]
fn a_moved_step_voids_both_and_those_who_stand_in() {
    let mut tried = 0;
    for name in TEMPLATES {
        let definition = signed(template(name));
        for (step, declared) in &definition.steps {
            let Kind::Human { role, .. } = &declared.kind else { continue };
            for other in definition.roles.keys().filter(|other| *other != role) {
                let moved = voided_by(&definition, step, |step| {
                    if let Kind::Human { role, .. } = &mut step.kind {
                        role.clone_from(other);
                    }
                });
                let mut expected = doers(declared);
                expected.insert(other.clone());
                assert_eq!(moved, expected, "{name}: {step} to {other}");
                tried += 1;
            }
        }
    }
    assert!(tried > 60, "{tried}");
}

#[test]
fn another_target_voids_those_who_answer_and_those_who_come_under_a_clock_by_it() {
    let (mut tried, mut by_clock) = (0, 0);
    for name in TEMPLATES {
        let definition = signed(template(name));
        let before = promises(&definition);
        for (step, declared) in &definition.steps {
            for (outcome, way) in &declared.outcomes {
                let end = |(name, step): &(&String, &Step)| matches!(step.kind, Kind::End { .. }) && **name != way.to;
                let Some((other, _)) = definition.steps.iter().find(end) else { continue };
                let mut changed = definition.clone();
                changed.steps[step].outcomes[outcome].to.clone_from(other);
                let after = promises(&changed);
                let moved = |role: &&String| before.get(*role) != after.get(*role);
                let clocks: BTreeSet<String> = definition.roles.keys().filter(moved).cloned().collect();
                let expected: BTreeSet<String> = doers(declared).union(&clocks).cloned().collect();
                assert_eq!(void(&changed), expected, "{name}: {step}/{outcome} to {other}");
                tried += 1;
                by_clock += usize::from(clocks.len() > doers(declared).intersection(&clocks).count());
            }
        }
    }
    assert!(tried > 30 && by_clock > 0, "{tried} {by_clock}");
}

#[test]
fn what_concerns_a_role_beside_its_steps() {
    let definition = signed(template("telephone-reception/to-be.yaml"));
    let check = |what: &str, change: &dyn Fn(&mut Definition), expected: &[&str]| {
        let mut changed = definition.clone();
        change(&mut changed);
        let expected: BTreeSet<String> = expected.iter().map(|role| (*role).to_owned()).collect();
        assert_eq!(void(&changed), expected, "{what}");
    };
    // `second-desk` stands in where it is to be done, and reads what it needs for that.
    let owns = ["receptionist"];
    check("an owned field", &|d| drop(d.data.insert("more".to_owned(), owned(d, "receptionist"))), &owns);
    let hours = |d: &mut Definition| d.roles["desk-lead"].calendar = Some("evening".to_owned());
    check("hours", &hours, &["desk-lead"]);
    check("a holiday", &|d| d.calendars["office"].holidays.push("2027-01-06".to_owned()), &[]);
    check("people", &|d| d.roles["receptionist"].people = grieta_core::definition::People::Count(9), &[]);
    check("cost", &|d| d.roles["receptionist"].cost = None, &[]);
    check("arrivals", &|d| d.simulation = None, &[]);
    let goal = |d: &mut Definition| d.goals["called-back"].by = "2028-01-01".to_owned();
    check("a goal", &goal, &["extension-owner"]);
    let within = |d: &mut Definition| d.clocks["callback"].within = Span::hours(2);
    check("a clock", &within, &["extension-owner"]);
    let table = |d: &mut Definition| drop(d.decisions["route-call"].rules.remove(1));
    check("a table that their data decide", &table, &["receptionist", "second-desk"]);
    let everybody = ["backup-manager", "extension-owner", "on-call", "receptionist", "second-desk", "desk-lead"];
    let cancels = |d: &mut Definition| drop(d.cracks.insert("withdrawn".to_owned(), Crack::external()));
    check("a crack of the process", &cancels, &everybody);
}

fn owned(definition: &Definition, role: &str) -> grieta_core::definition::Field {
    grieta_core::definition::Field { owner: Some(role.to_owned()), ..definition.data["tier"].clone() }
}

#[test]
fn a_sign_off_holds_by_its_first_digits_and_not_by_fewer_or_others() {
    let mut definition = signed(template("telephone-reception/to-be.yaml"));
    let hash = definition.view_of("desk-lead").unwrap().hash().to_string();
    let mut check = |hash: &str, expected| {
        let others = definition.sign_off.take().unwrap_or_default();
        let changed = others.into_iter().map(|sign_off| match sign_off.role.as_str() {
            "desk-lead" => SignOff { hash: hash.to_owned(), ..sign_off },
            _ => sign_off,
        });
        definition.sign_off = Some(changed.collect());
        let standings = definition.standings();
        let found = standings.iter().find(|standing| standing.view.role == "desk-lead").unwrap().state();
        assert_eq!(found, expected, "{hash}");
    };
    check(&hash, State::Signed);
    check(&hash[..12], State::Signed);
    check(&hash[..20].to_uppercase(), State::Signed);
    check(&hash[..11], State::Void);
    check(&hash[1..13], State::Void);
}

#[test]
fn signatures_and_notes_name_what_is_there() {
    let file = "process: desk\nversion: 1\nstart: ask\nroles: { desk: { people: 1 } }\nsteps:\n  ask: { human: desk, next: done }\n  done: { end: {} }\n";
    let check = |more: &str, expected: &[&str]| {
        let text = format!("{file}{more}");
        let found = Process::read("desk.yaml", text.as_bytes());
        let found = found.err().map_or_else(Vec::new, |problems| problems.list);
        let codes: Vec<String> = found.iter().map(|problem| format!("{} {}", problem.code, problem.path)).collect();
        assert_eq!(codes, expected, "{more}");
        assert!(found.iter().all(|problem| problem.place.is_some_and(|place| place.line > 7)), "{more}");
    };
    check("sign-off: [{ role: desk, person: ana, date: 2026-11-20, hash: 0123456789ab }]\n", &[]);
    check(
        "sign-off: [{ role: dekc, person: ana, date: 2026-11-20, hash: 0123456789ab }]\n",
        &["unknown-role sign-off[0].role"],
    );
    check(
        "sign-off: [{ role: desk, person: ana, date: today, hash: 0123 }]\n",
        &["invalid-review sign-off[0].date", "invalid-review sign-off[0].hash"],
    );
    check(
        "sign-off: [{ role: desk }]\n",
        &["missing-key sign-off[0]", "missing-key sign-off[0]", "missing-key sign-off[0]"],
    );
    check(
        "notes: [{ step: ask, by: ana, date: 2026-11-20, says: no, answer: why }]\n",
        &["ambiguous-scalar notes[0].says"],
    );
    check(
        "notes: [{ step: aks, by: ana, role: dekc, date: 2026-11-20, says: never }]\n",
        &["unknown-step notes[0].step", "unknown-role notes[0].role"],
    );
    check(
        "notes: [{ step: ask, by: \"\", date: 2026-11-20, says: \" \", answer: \"\" }]\n",
        &["invalid-review notes[0].by", "invalid-review notes[0].says", "invalid-review notes[0].answer"],
    );
}
