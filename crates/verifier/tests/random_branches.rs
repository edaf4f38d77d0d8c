//! What is said of random guards and tables, against all values of a small world: nothing that is said is false, and
//! nothing is missed where it is not said to be undecided.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use grieta_core::Process;
use grieta_core::decision::Table;
use grieta_core::definition::{Expression, Kind};
use grieta_core::diagnostic::{Code, Path};
use grieta_core::expression::{Compiled, Schema};
use grieta_core::value::Value;
use grieta_verifier::branches::{Findings, analyse};

/// How many choices, and as many tables, are tried.
const CASES: u64 = 3_500;

/// The fields, each with the values it has in the small world, in their order where they have one. A field that may be
/// absent is so there too.
const FIELDS: [(&str, &str, &[&str]); 11] = [
    ("a", "{ type: integer, required: true }", &["-3", "-2", "-1", "0", "1", "2", "3"]),
    ("b", "{ type: integer }", &["absent", "-2", "-1", "0", "1", "2"]),
    ("c", "{ type: integer, required: true }", &["-5", "-1", "0", "1", "4"]),
    ("d", "{ type: decimal, required: true }", &["-1", "-0.5", "0", "0.000000001", "0.4", "0.5", "1", "2"]),
    ("t", "{ type: choice, of: [x, m, z], required: true }", &["x", "m", "z"]),
    ("s", "{ type: choice, of: [x, m, z] }", &["absent", "x", "m", "z"]),
    ("u", "{ type: text, required: true }", &["", "a", "ab", "b", "m", "x", "zz"]),
    ("f", "{ type: boolean, required: true }", &["true", "false"]),
    ("g", "{ type: boolean }", &["absent", "true", "false"]),
    ("day", "{ type: date, required: true }", &["2025-12-31", "2026-01-01", "2026-01-02", "2026-01-04"]),
    ("w", "{ type: duration, required: true }", &["-1 d", "0 s", "12 h", "1 d", "36 h", "3 d"]),
];

/// The fields that have no other values than those.
const FINITE: [&str; 4] = ["t", "s", "f", "g"];

/// The fields that may have bounds.
const ORDERED: [&str; 6] = ["a", "b", "c", "d", "day", "w"];

/// Those whose values in the small world are all that lie between two of them.
const WITHOUT_GAPS: [&str; 2] = ["a", "b"];

/// Draws from a seed.
struct Draw(u64);

impl Draw {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % count as u64) as usize
    }

    fn of<'a>(&mut self, among: &[&'a str]) -> &'a str {
        among[self.below(among.len())]
    }
}

/// Random conditions over some fields.
struct Guards<'a> {
    draw: Draw,
    fields: &'a [&'static str],
}

impl Guards<'_> {
    /// One of these whose fields are among ours; the last needs none.
    fn fitting(&mut self, among: &[(&str, &'static str)]) -> String {
        let fits = |needs: &str| needs.split_whitespace().all(|field| self.fields.contains(&field));
        let fitting: Vec<&str> = among.iter().filter(|(needs, _)| fits(needs)).map(|(_, text)| *text).collect();
        self.draw.of(&fitting).to_owned()
    }

    fn integer(&mut self, depth: usize) -> String {
        let leaf =
            [("a", "a"), ("a", "a"), ("b", "b"), ("b", "b"), ("c", "c"), ("c", "c"), ("", "1"), ("", "-2"), ("", "3")];
        if depth == 0 || self.draw.below(2) == 0 {
            return self.fitting(&leaf);
        }
        let (one, other) = (self.integer(depth - 1), self.integer(depth - 1));
        match self.draw.below(9) {
            0 | 1 => format!("({one} + {other})"),
            2 | 3 => format!("({one} - {other})"),
            4 => format!("(-({one}))"),
            5 => format!("{} * {one}", self.draw.of(&["2", "-3", "5"])),
            6 => format!("{one} {} {}", self.draw.of(&["/", "%"]), self.draw.of(&["2", "-3", "0"])),
            7 => format!("{}({one}, {other})", self.draw.of(&["min", "max"])),
            _ => format!("({} ? {one} : {other})", self.condition(0)),
        }
    }

    fn atom(&mut self) -> String {
        let sign = self.draw.of(&["==", "!=", "<", "<=", ">", ">="]);
        let same = self.draw.of(&["==", "!="]);
        let whole = self.draw.of(&["-1", "0", "1", "2"]);
        let fixed: &[(&str, &str)] = &[
            ("d", "d # 0.5"),
            ("d", "d * 0.5 # 0.25"),
            ("d", "d / 3 # 0.1"),
            ("d a", "d + a # 1.5"),
            ("d c", "d * 2 # c - 0.4"),
            ("d", "d * 0.1 # 0"),
            ("d b", "min(d, b) # b"),
            ("d", "-d # 0.4"),
            ("t", "t = \"x\""),
            ("t", "t in [\"x\", \"m\"]"),
            ("t s", "t = s"),
            ("s", "s = \"z\""),
            ("s", "has(s)"),
            ("s", "s in [\"z\"]"),
            ("t f", "(f ? t : \"m\") = \"x\""),
            ("b", "has(b)"),
            ("g", "has(g)"),
            ("g", "g"),
            ("f", "f"),
            ("f g", "f = g"),
            ("f", "f = true"),
            ("u", "u # \"ab\""),
            ("u", "u # \"b\""),
            ("u", "u in [\"a\", \"m\"]"),
            ("u t", "u = t"),
            ("u", "u # (u < \"b\" ? \"a\" : \"m\")"),
            ("u", "contains(u, \"a\")"),
            ("u", "length(u) # 1"),
            ("day", "day # \"2026-01-01\""),
            ("day", "day + \"2 d\" # \"2026-01-04\""),
            ("day w", "day + w # \"2026-01-02\""),
            ("day w", "day - w # day"),
            ("day", "day - \"2026-01-01\" # \"24 h\""),
            ("day a", "days_between(\"2026-01-01\", day) # a"),
            ("w", "w # \"12 h\""),
            ("w", "w * 2 # \"2 d\""),
            ("w", "w / 2 # \"12 h\""),
            ("w", "-w + \"1 d\" # \"0 s\""),
            ("w a", "\"1 d\" + w # \"1 d\""),
            ("a b", "a * b # 1"),
            ("a", "a in [1, 2, 3]"),
            ("a c", "a in [c, 0]"),
        ];
        let has_integers = ["a", "b", "c"].iter().any(|field| self.fields.contains(field));
        let others = fixed.iter().any(|(needs, _)| needs.split_whitespace().all(|field| self.fields.contains(&field)));
        if has_integers && (!others || self.draw.below(2) == 0) {
            let other = if self.draw.below(2) == 0 { whole.to_owned() } else { self.integer(1) };
            return format!("{} {sign} {other}", self.integer(2));
        }
        let text = self.fitting(fixed);
        // Only the sign between spaces is one to fill in.
        text.replace(" # ", &format!(" {sign} ")).replace(" = ", &format!(" {same} "))
    }

    fn condition(&mut self, depth: usize) -> String {
        if depth == 0 || self.draw.below(3) == 0 {
            return self.atom();
        }
        let (one, other) = (self.condition(depth - 1), self.condition(depth - 1));
        match self.draw.below(6) {
            0 | 1 => format!("{one} && {other}"),
            2 | 3 => format!("({one} || {other})"),
            4 => format!("!({one})"),
            _ => format!("(({one}) ? ({other}) : {})", self.atom()),
        }
    }
}

fn drawn_fields(draw: &mut Draw) -> Vec<&'static str> {
    let finite = draw.below(4) == 0;
    let among: Vec<&str> =
        FIELDS.iter().map(|(name, ..)| *name).filter(|name| !finite || FINITE.contains(name)).collect();
    let mut fields: Vec<&str> = (0..1 + draw.below(3)).map(|_| draw.of(&among)).collect();
    fields.sort_unstable();
    fields.dedup();
    fields
}

/// The declarations of fields, some of them with bounds, and whether none has other values than in the small world.
fn declared(draw: &mut Draw, fields: &[&str]) -> (String, bool) {
    let (mut data, mut finite) = (String::new(), true);
    for (name, declaration, values) in FIELDS.iter().filter(|(name, ..)| fields.contains(name)) {
        let values: Vec<&str> = values.iter().filter(|value| **value != "absent").copied().collect();
        let (one, other) = (draw.below(values.len()), draw.below(values.len()));
        let (low, high) = (one.min(other), one.max(other));
        let which = if ORDERED.contains(name) { draw.below(8) } else { 0 };
        let mut bounds = String::new();
        if matches!(which, 4 | 6 | 7) {
            bounds += &format!(", at-least: {}", values[low]);
        }
        if matches!(which, 5..=7) {
            bounds += &format!(", at-most: {}", values[high]);
        }
        data += &format!("  {name}: {}{bounds} }}\n", declaration.trim_end_matches(" }"));
        finite &= FINITE.contains(name) || which >= 6 && (low == high || WITHOUT_GAPS.contains(name));
    }
    (data, finite)
}

/// All data of the small world.
fn world(schema: &Schema) -> Vec<Vec<Value>> {
    let mut world = vec![Vec::new()];
    for slot in 0..schema.len() as u16 {
        let field = schema.field(slot).unwrap();
        let values =
            FIELDS.iter().find(|(name, ..)| *name == schema.name(slot).unwrap().as_ref()).map(|(.., values)| *values);
        let values = values.unwrap_or(&["absent"]).iter();
        let values: Vec<Value> = values
            .map(|text| if *text == "absent" { Value::Absent } else { Value::parse_unbounded(field, text).unwrap() })
            .filter(|value| value.fits(field))
            .collect();
        world = world
            .iter()
            .flat_map(|row| values.iter().map(move |value| [&row[..], std::slice::from_ref(value)].concat()))
            .collect();
    }
    world
}

/// Whether the fields may hold these values.
fn may_be(schema: &Schema, data: &[Value]) -> bool {
    data.iter().enumerate().all(|(slot, value)| value.fits(schema.field(slot as u16).unwrap()))
}

fn process(data: &str, rest: &str) -> Process {
    let file = format!("process: p\nversion: 1.0.0\nstart: start\ndata:\n{data}{rest}");
    Process::read("p.yaml", file.as_bytes()).unwrap_or_else(|problems| panic!("{problems}\n{file}"))
}

fn reported(findings: &Findings, code: Code, path: &Path) -> bool {
    findings.found.iter().any(|found| found.problem.code == code && found.problem.path == *path)
}

/// Counts what was undecided of how many.
#[derive(Default, Debug)]
struct Count {
    asked: usize,
    undecided: usize,
    said: usize,
}

impl Count {
    fn add(&mut self, findings: &Findings) {
        self.asked += findings.asked;
        self.undecided += findings.undecided.len();
        self.said += findings.found.len();
    }
}

#[test]
fn nothing_false_is_said_of_random_choices_and_nothing_is_missed() {
    let mut count = Count::default();
    for seed in 0..CASES {
        let mut draw = Draw(seed << 20);
        let fields = drawn_fields(&mut draw);
        let (data, finite) = declared(&mut draw, &fields);
        let (in_order, otherwise) = (draw.below(3) > 0, draw.below(2) == 0);
        let mut guards = Guards { draw, fields: &fields };
        let guards: Vec<String> = (0..1 + guards.draw.below(3)).map(|_| guards.condition(2)).collect();
        let kind = if in_order { "choose" } else { "some" };
        let branches: String =
            guards.iter().map(|guard| format!("      - {{ when: '{guard}', to: done }}\n")).collect();
        let last = if otherwise { "      - { otherwise: done }\n" } else { "" };
        let rest = format!("steps:\n  start:\n    {kind}:\n{branches}{last}  done: {{ end: {{}} }}\n");
        let process = process(&data, &rest);
        let findings = analyse(&process);
        count.add(&findings);
        let context = format!("seed {seed}: {data} {guards:?} {findings:#?}");
        check_choice(&process, &findings, finite, &context);
    }
    println!("{count:?}");
    assert!(count.undecided * 30 < count.asked, "too much is undecided: {count:?}");
    assert!(count.said * 20 > count.asked, "next to nothing was said: {count:?}");
}

fn check_choice(process: &Process, findings: &Findings, finite: bool, context: &str) {
    let schema = process.schema();
    let (Kind::Choose(branches) | Kind::Some(branches)) = &process.definition().steps["start"].kind else { panic!() };
    let in_order = matches!(process.definition().steps["start"].kind, Kind::Choose(_));
    let guards = branches.iter().filter_map(|branch| branch.when.as_ref());
    let guards: Vec<Compiled> = guards.map(|guard| Expression::compile_guard(&guard.0, schema).unwrap()).collect();
    let path = Path::root("steps").key("start").key(if in_order { "choose" } else { "some" });
    let (mut taken, mut gap) = (vec![false; guards.len()], false);
    for data in world(schema) {
        let mut left = true;
        for (index, guard) in guards.iter().enumerate() {
            let holds = guard.holds(&data[..]);
            taken[index] |= (left || !in_order) && holds == Ok(true);
            left &= holds == Ok(false);
        }
        gap |= left;
    }
    for (index, taken) in taken.into_iter().enumerate() {
        let at = path.index(index).key("when");
        let never = reported(findings, Code::NeverTaken, &at);
        assert!(!(never && taken), "branch {index} is taken\n{context}");
        assert!(
            never || taken || !finite || findings.undecided.contains(&at),
            "branch {index} is never taken\n{context}"
        );
    }
    let undecided = findings.undecided.contains(&path);
    let said = reported(findings, Code::Gap, &path);
    if guards.len() < branches.len() {
        let never = reported(findings, Code::NeverTaken, &path.index(guards.len()).key("to"));
        assert!(!(never && gap), "something is left\n{context}");
        assert!(never || gap || undecided || !finite, "nothing is left\n{context}");
    } else {
        assert!(said || undecided || !gap, "there is a gap\n{context}");
        assert!(!(said && finite && !gap), "there is no gap\n{context}");
    }
    for found in &findings.found {
        let Some(example) = &found.example else { continue };
        assert!(guards.iter().all(|guard| guard.holds(&example[..]) == Ok(false)), "no gap at {example:?}\n{context}");
        assert!(may_be(schema, example), "no field may hold {example:?}\n{context}");
    }
}

#[test]
fn nothing_false_is_said_of_random_tables_and_nothing_is_missed() {
    let mut count = Count::default();
    for seed in 0..CASES {
        let mut draw = Draw(!seed << 20);
        let fields = drawn_fields(&mut draw);
        let (data, finite) = declared(&mut draw, &fields);
        let hit = draw.of(&["unique", "unique", "any", "first", "sum"]);
        let rules = 1 + draw.below(4);
        let rule = |draw: &mut Draw| {
            let cells: Vec<String> = fields.iter().map(|field| format!("'{}'", cell(draw, field))).collect();
            format!("      - {{ when: [{}], then: {} }}\n", cells.join(", "), draw.below(2))
        };
        let rules: String = (0..rules).map(|_| rule(&mut draw)).collect();
        let last = if draw.below(2) == 0 { "      - { otherwise: 9 }\n" } else { "" };
        let rest = format!(
            "  out: {{ type: integer }}\ndecisions:\n  grade:\n    inputs: [{}]\n    outputs: out\n    hit: {hit}\n    rules:\n{rules}{last}steps:\n  start: {{ decide: grade, next: done }}\n  done: {{ end: {{}} }}\n",
            fields.join(", ")
        );
        let process = process(&data, &rest);
        let findings = analyse(&process);
        count.add(&findings);
        let context = format!("seed {seed}: {data}{rest} {findings:#?}");
        check_table(&process, &findings, finite, &context);
    }
    println!("{count:?}");
    assert_eq!(count.undecided, 0, "{count:?}");
    assert!(count.said * 20 > count.asked, "next to nothing was said: {count:?}");
}

/// A test of that field, of values that the small world has, and values around them.
fn cell(draw: &mut Draw, field: &str) -> String {
    let values = FIELDS.iter().find(|(name, ..)| *name == field).unwrap().2;
    let values: Vec<&str> = values.iter().filter(|value| **value != "absent").copied().collect();
    let ordered = !matches!(field, "t" | "s" | "f" | "g");
    let (one, other) = (draw.below(values.len()), draw.below(values.len()));
    let (low, high) = (one.min(other), one.max(other));
    let quoted = |index: usize| format!("\"{}\"", values[index]);
    match draw.below(if ordered { 8 } else { 5 }) {
        0 => "any".to_owned(),
        1 => quoted(one),
        2 => format!("not({}, {})", quoted(one), quoted(other)),
        3 => format!("{}, {}", quoted(one), quoted(other)),
        4 => format!("!= {}", quoted(one)),
        5 => format!("{}..{}", quoted(low), quoted(high)),
        6 => format!("{} {}", draw.of(&["<", "<=", ">", ">="]), quoted(one)),
        _ => format!("< {}, > {}", quoted(low), quoted(high)),
    }
}

fn check_table(process: &Process, findings: &Findings, finite: bool, context: &str) {
    let decision = &process.definition().decisions["grade"];
    let path = Path::root("decisions").key("grade");
    let table = Table::compile("grade", decision, process.schema(), &path).unwrap();
    let path = path.key("rules");
    let count = decision.rules.iter().filter(|rule| rule.when.is_some()).count();
    let must_differ = |one: usize, other: usize| match decision.hit {
        grieta_core::definition::Hit::Unique => true,
        grieta_core::definition::Hit::Any => decision.rules[one].then != decision.rules[other].then,
        _ => false,
    };
    let (mut taken, mut overlap, mut gap) = (vec![false; count], vec![false; count], false);
    for data in world(process.schema()) {
        let Ok(matching) = table.matching(&data[..]) else { continue };
        gap |= matching.is_empty();
        for (position, rule) in matching.iter().enumerate() {
            taken[*rule] = true;
            overlap[*rule] |= matching[..position].iter().any(|before| must_differ(*before, *rule));
        }
    }
    for rule in 0..count {
        let at = path.index(rule).key("when");
        let never = reported(findings, Code::NeverTaken, &at);
        assert!(!(never && taken[rule]), "rule {rule} is taken\n{context}");
        assert!(never || taken[rule] || !finite, "rule {rule} is never taken\n{context}");
        let said = reported(findings, Code::Overlap, &at);
        assert!(said || !overlap[rule], "rule {rule} overlaps\n{context}");
        assert!(overlap[rule] || !said || !finite, "rule {rule} does not overlap\n{context}");
    }
    let (said, otherwise) = (reported(findings, Code::Gap, &path), decision.rules.len() > count);
    let never = reported(findings, Code::NeverTaken, &path.index(count).key("otherwise"));
    assert!(!(never && gap), "something is left\n{context}");
    assert!(said || otherwise || !gap, "there is a gap\n{context}");
    assert!(!finite || (gap || !said) && (gap || never || !otherwise), "nothing is left\n{context}");
    for found in &findings.found {
        let Some(example) = &found.example else { continue };
        assert!(may_be(process.schema(), example), "no field may hold {example:?}\n{context}");
        let matching = table.matching(&example[..]).unwrap();
        match found.problem.code {
            Code::Gap => assert!(matching.is_empty(), "{context}"),
            _ => assert!(matching.len() > 1, "{context}"),
        }
    }
}
