//! Folders of fixtures: each holds a definition, and traces that it must accept and refuse. `docs/patterns.md` and
//! `docs/exceptions.md` say how traces are written.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail like tests")]
#![allow(dead_code, reason = "each test file uses its own part")]

use std::path::{Path, PathBuf};

use grieta_core::definition::{Span, Unit};
use grieta_core::kernel::{Command, Event, Phase, Resolution, Token};
use grieta_core::value::Value;
use grieta_core::world::{CaseId, Message, Order, Traffic};
use grieta_core::{Duration, FieldIx, FlowIx, PersonIx, Process, TokenIx};

use crate::support::Desk;

/// The cases of a process: the one that a trace speaks of, the others, and what they have to do with each other.
pub struct Stage {
    desk: Desk,
    /// The number of that one.
    current: usize,
    others: Vec<(usize, Desk)>,
    traffic: Traffic,
    people: Vec<String>,
}

/// How a token is shown where a trace says where the case is then.
pub type Show = fn(&Stage, &Token) -> String;

/// Runs every trace of every folder of a place.
pub fn check_all(place: &str, show: Show) {
    let mut failures = Vec::new();
    for folder in folders(place) {
        let name = name(&folder);
        failures.extend(check(&folder, show).into_iter().map(|failure| format!("{name}: {failure}")));
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// The folders of a place, by name.
pub fn folders(place: &str) -> Vec<PathBuf> {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(place);
    let mut folders: Vec<PathBuf> = std::fs::read_dir(all).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

/// The name of a folder.
pub fn name(folder: &Path) -> String {
    folder.file_name().unwrap().to_string_lossy().into_owned()
}

/// The sentence with which the traces of a folder begin.
pub fn sentence(folder: &Path) -> String {
    let traces = std::fs::read_to_string(folder.join("traces.txt")).unwrap();
    traces.lines().next().unwrap().trim_start_matches("# ").to_owned()
}

/// The name of the step, with a word for what stands still.
pub fn plainly(stage: &Stage, token: &Token) -> String {
    let step = stage.desk.plan.step_name(token.step);
    match token.phase {
        Phase::Gated => format!("{step} gated"),
        Phase::Incident => format!("{step} incident"),
        _ => step.to_owned(),
    }
}

fn check(folder: &Path, show: Show) -> Vec<String> {
    let definition = std::fs::read(folder.join("process.yaml")).unwrap();
    let traces = std::fs::read_to_string(folder.join("traces.txt")).unwrap();
    let process = match Process::read("process.yaml", &definition) {
        Ok(process) => process,
        Err(problems) => return vec![problems.to_string()],
    };
    let lines: Vec<&str> = traces.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()).collect();
    let failed = |line: &&str| trace(&process, line, show).err().map(|message| format!("`{line}`: {message}"));
    let mut failures: Vec<String> = lines.iter().filter_map(failed).collect();
    for kind in ["accept:", "refuse:"] {
        if !lines.iter().any(|line| line.starts_with(kind)) {
            failures.push(format!("there is no trace to {kind}"));
        }
    }
    failures
}

fn trace(process: &Process, line: &str, show: Show) -> Result<(), String> {
    let mut stage = Stage::new(process);
    let (kind, rest) = line.split_once(':').ok_or("expected `accept:` or `refuse:`")?;
    let (moves, expected) = match rest.split_once("->") {
        Some((moves, expected)) => (moves, Some(expected.trim())),
        None => (rest, None),
    };
    let mut moves: Vec<&str> = moves.split(';').map(str::trim).filter(|step| !step.is_empty()).collect();
    if !moves.first().is_some_and(|first| first.starts_with("start")) {
        moves.insert(0, "start");
    }
    let refused = if kind == "refuse" { moves.pop() } else { None };
    for step in moves {
        let case = |stage: &Stage| stage.desk.shown();
        stage.act(step).map_err(|why| format!("`{step}` was refused: {why}; the case: {}", case(&stage)))?;
        stage.desk.is_whole().map_err(|what| format!("after `{step}` {what}; the case: {}", case(&stage)))?;
    }
    match (refused, expected) {
        (Some(step), _) => match stage.act(step) {
            Ok(()) => Err(format!("`{step}` was accepted; the case: {}", stage.desk.shown())),
            Err(_) => Ok(()),
        },
        (None, Some(expected)) => stage.expect(expected, show),
        (None, None) => Err("expected `->` and where the case is then".to_owned()),
    }
}

impl Stage {
    fn new(process: &Process) -> Stage {
        let mut traffic = Traffic::default();
        traffic.opened(CaseId(1), &process.definition().process, None);
        let desk = Desk::new(process.definition().clone());
        Stage { desk, current: 1, others: Vec::new(), traffic, people: Vec::new() }
    }

    /// `step, step` where the tokens are, or the status of a case that is over; `{field: value}` what data there are.
    fn expect(&self, expected: &str, show: Show) -> Result<(), String> {
        let (place, data) = expected.split_once('{').unwrap_or((expected, ""));
        let found = self.shown(show);
        if found != place.trim() {
            return Err(format!("expected {place}, found {found}"));
        }
        for (field, value) in values(&self.desk, data)? {
            let found = &self.desk.case.data()[field.at()];
            if *found != value {
                return Err(format!("expected {data}, found {found}"));
            }
        }
        Ok(())
    }

    fn shown(&self, show: Show) -> String {
        let mut places: Vec<String> = self.desk.case.tokens().map(|(_, token)| show(self, token)).collect();
        places.sort_unstable();
        let all = self.desk.events.iter().any(|(_, event)| matches!(event, Event::AllCancelled { .. }));
        match places.is_empty() {
            true if all => "all cancelled".to_owned(),
            true => self.desk.case.status().word().to_owned(),
            false => places.join(", "),
        }
    }

    /// The name of a role or of whoever has the work, for what a token does.
    pub fn in_detail(&self, token: &Token) -> String {
        let (plan, by) = (&self.desk.plan, self.person_name(token));
        let step = plan.step_name(token.step);
        let at = |word: &str| format!("{step} {word}");
        let away = if token.away { " (away)" } else { "" };
        match token.phase {
            Phase::Created => at(&format!("created for {}", plan.role_name(token.role))),
            Phase::Offered => at(&format!("offered to {}", plan.role_name(token.role))),
            Phase::Allocated => at(&format!("allocated to {by}{away}")),
            Phase::Started => at(&format!("begun by {by}{away}")),
            Phase::Suspended => at(&format!("suspended by {by}{away}")),
            Phase::Requested => at("requested"),
            Phase::Delayed => at("delayed"),
            Phase::Compensating => at("undoing"),
            _ => plainly(self, token),
        }
    }

    fn person_name(&self, token: &Token) -> &str {
        token.person.some().and_then(|person| self.people.get(person.at())).map_or("nobody known", String::as_str)
    }

    /// The number of a person: by the order in which a trace first names them.
    fn person(&mut self, name: &str) -> PersonIx {
        let known = self.people.iter().position(|known| known == name).unwrap_or_else(|| {
            self.people.push(name.to_owned());
            self.people.len() - 1
        });
        PersonIx(known as u16)
    }

    fn act(&mut self, text: &str) -> Result<(), String> {
        let (words, data) = match text.split_once('{') {
            Some((words, data)) => (words.trim(), values(&self.desk, data)?),
            None => (text, Vec::new()),
        };
        if let Some(span) = words.strip_prefix('+') {
            let span: Span = span.parse()?;
            assert_eq!(span.unit, Unit::Elapsed, "{text}");
            self.desk.advance(Duration::from_micros(span.amount));
            return Ok(());
        }
        let words: Vec<&str> = words.split_whitespace().collect();
        let command = match *words {
            ["start"] => Command::Start { data },
            ["change"] if !data.is_empty() => Command::Change { data },
            ["cancel"] => Command::Cancel { compensate: false },
            ["cancel", "compensate"] => Command::Cancel { compensate: true },
            ["case", number] => return self.turn_to(number.parse().unwrap()),
            ["message", name] => return self.message(name, Value::Absent),
            ["message", name, key] => return self.message(name, key.into()),
            [place, "=", triple] if place.contains('!') => return self.strike(place, Some(triple)),
            [place] if place.contains('!') => return self.strike(place, None),
            [place] => return self.complete(place, data),
            [word, place, ref more @ ..] => self.command(word, place, more)?,
            [] => return Err("expected a move".to_owned()),
        };
        self.run(&command)
    }

    /// A command that one word names, for the token at a place.
    fn command(&mut self, word: &str, place: &str, more: &[&str]) -> Result<Command, String> {
        let (place, outcome) = place.split_once('/').map_or((place, None), |(place, name)| (place, Some(name)));
        let token = token(&self.desk, place)?;
        let item = *self.desk.case.token(token).unwrap();
        let resolve = |how| Command::Resolve { token, how };
        Ok(match (word, more) {
            ("begin", []) => Command::Begin { token, person: PersonIx::NONE },
            ("begin", [person]) => Command::Begin { token, person: self.person(person) },
            ("allocate", [person]) => Command::Allocate { token, person: self.person(person) },
            ("offer", []) => Command::Offer { token, role: None },
            ("offer", [role]) => {
                let role = self.desk.plan.definition().roles.get_index_of(*role).unwrap();
                Command::Offer { token, role: Some(grieta_core::RoleIx(role as u16)) }
            }
            ("suspend", []) => Command::Suspend { token },
            ("resume", []) => Command::Resume { token },
            ("away" | "back", []) => Command::Presence { token, away: word == "away" },
            ("fail", []) => Command::Fail { token, reason: "it does not work".into() },
            ("add", []) => Command::AddInstance { token },
            ("skip", []) => {
                let outcome = self.outcome(&item, outcome);
                match item.phase {
                    Phase::Incident => resolve(Resolution::Skip(outcome)),
                    _ => Command::Skip { token, outcome },
                }
            }
            ("retry", []) => resolve(Resolution::Retry),
            ("go", ["to", to]) => resolve(Resolution::GoTo(self.desk.plan.step(to).unwrap())),
            ("abandon", []) => resolve(Resolution::Cancel),
            _ => panic!("`{word} {place} {}` is no move", more.join(" ")),
        })
    }

    /// `step!crack`, and the standard triple of the response where one is expected.
    fn strike(&mut self, words: &str, triple: Option<&str>) -> Result<(), String> {
        let (place, crack) = words.split_once('!').unwrap();
        let token = token(&self.desk, place)?;
        let item = *self.desk.case.token(token).unwrap();
        let index = self.desk.plan.crack(item.step, crack).unwrap_or_else(|| panic!("no crack `{words}`"));
        self.run(&Command::Strike { token, crack: index })?;
        let declared = &self.desk.plan.declared_cracks(item.step).unwrap()[crack];
        let held = item.phase.held().unwrap_or(grieta_core::definition::Held::Started);
        match triple {
            Some(expected) if declared.triple(held) != expected => {
                panic!("`{words}` is {}, expected {expected}", declared.triple(held))
            }
            _ => Ok(()),
        }
    }

    /// `step` or `step/outcome`; whoever has the work begins it first, where nobody has.
    fn complete(&mut self, words: &str, data: Vec<(FieldIx, Value)>) -> Result<(), String> {
        let (place, outcome) = words.split_once('/').map_or((words, None), |(place, name)| (place, Some(name)));
        let token = token(&self.desk, place)?;
        let item = *self.desk.case.token(token).unwrap();
        match item.phase {
            Phase::Offered | Phase::Created => self.run(&Command::Begin { token, person: PersonIx::NONE })?,
            Phase::Allocated => self.run(&Command::Begin { token, person: item.person })?,
            _ => {}
        }
        let outcome = self.outcome(&item, outcome);
        self.run(&Command::Complete { token, outcome, data })
    }

    fn outcome(&self, item: &Token, name: Option<&str>) -> Option<FlowIx> {
        let named = |name| self.desk.plan.outcome(item.step, Some(name));
        name.map(|name| named(name).unwrap_or_else(|| panic!("no outcome `{name}`")))
    }

    fn run(&mut self, command: &Command) -> Result<(), String> {
        self.carry_out(command)?;
        let current = self.current;
        self.follow();
        self.turn_to(current)
    }

    /// Has the case of which the trace speaks carry out a command.
    fn carry_out(&mut self, command: &Command) -> Result<(), String> {
        let (id, traffic) = (CaseId(self.current as u64), &mut self.traffic);
        let heard = self.desk.command_heard(command, |plan, case, at, event| traffic.hear(at, id, plan, case, event));
        heard.map_err(|rejection| rejection.to_string())?;
        self.traffic.settle(self.desk.now, id, &self.desk.plan, &self.desk.case);
        Ok(())
    }

    /// Does what follows in other cases. Only cases of the same process are known.
    fn follow(&mut self) {
        while let Some(order) = self.traffic.next(self.desk.now) {
            if let Order::Start { process, by, caller, .. } = &order {
                let number = self.others.len() + 2;
                assert_eq!(*process, self.desk.plan.definition().process);
                self.others.push((number, Desk::new(self.desk.plan.definition().clone())));
                self.traffic.opened(CaseId(number as u64), process, caller.map(|token| (*by, token)));
                self.turn_to(number).unwrap();
                self.carry_out(&Command::Start { data: vec![] }).unwrap();
            } else {
                self.turn_to(order.case().unwrap().0 as usize).unwrap();
                let command = order.command(&self.desk.plan, &self.desk.case);
                command.into_iter().for_each(|command| self.carry_out(&command).unwrap());
            }
        }
    }

    /// From now on the trace speaks of that case, by the order in which they began.
    fn turn_to(&mut self, number: usize) -> Result<(), String> {
        if number == self.current {
            return Ok(());
        }
        let other = self.others.iter_mut().find(|(other, _)| *other == number);
        let (held, desk) = other.ok_or_else(|| format!("there is no case {number}"))?;
        std::mem::swap(&mut self.desk, desk);
        self.desk.now = desk.now;
        *held = std::mem::replace(&mut self.current, number);
        Ok(())
    }

    /// A message from outside, which is kept for a day.
    fn message(&mut self, name: &str, key: Value) -> Result<(), String> {
        let keep = Some(Duration::DAY);
        self.traffic.message(self.desk.now, &Message { key, keep, ..Message::named(name) });
        let current = self.current;
        self.follow();
        self.turn_to(current)
    }
}

/// The token at a step; `step@2` is the second one there. Whether it can act is for the kernel to say.
fn token(desk: &Desk, place: &str) -> Result<TokenIx, String> {
    let (name, position) = place.split_once('@').map_or((place, 1), |(name, at)| (name, at.parse::<usize>().unwrap()));
    let step = desk.plan.step(name).unwrap_or_else(|| panic!("there is no step `{name}`"));
    let mut here = desk.case.tokens().filter(|(_, token)| token.step == step);
    here.nth(position - 1).map(|(token, _)| token).ok_or_else(|| format!("nothing is at `{place}`"))
}

/// The values between braces.
fn values(desk: &Desk, data: &str) -> Result<Vec<(FieldIx, Value)>, String> {
    let pair = |pair: &str| {
        let (name, value) = pair.split_once(':').ok_or_else(|| format!("expected `field: value`, found `{pair}`"))?;
        let field = desk.plan.definition().data.get(name.trim()).ok_or_else(|| format!("no field `{name}`"))?;
        Ok((desk.plan.field(name.trim()).unwrap(), Value::parse(field, value.trim())?))
    };
    let data = data.trim_end().trim_end_matches('}');
    data.split(',').filter(|pair| !pair.trim().is_empty()).map(pair).collect()
}
