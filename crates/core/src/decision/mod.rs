//! Decision tables, ready to decide: which rules match, and what counts when several do.

mod cell;

use std::sync::Arc;

use smallvec::SmallVec;

use crate::definition::{Decision, Expression, Field, Hit, Literal, Row, Type};
use crate::diagnostic::{Code, Path, Problem, suggest_field};
use crate::expression::{Compiled, EvalError, Lookup, Part, Schema};
use crate::index::FieldIx;
use crate::time::Duration;
use crate::value::{Bounds, Decimal, Value};
use cell::Test;

/// A decision table that has been checked.
///
/// ```
/// use grieta_core::FieldIx;
/// use grieta_core::decision::Table;
/// use grieta_core::definition::{Decision, Field, Hit, Literal, Row, Type};
/// use grieta_core::diagnostic::Path;
/// use grieta_core::expression::Schema;
/// use grieta_core::value::Value;
///
/// let grade = Field::choice(["hot", "cold"]);
/// let data = [("fit".to_owned(), Field::of(Type::Integer)), ("grade".to_owned(), grade)].into_iter().collect();
/// let schema = Schema::new(&data).expect("few fields");
/// let row = |when: Option<&str>, then: &str| Row {
///     when: when.map(|test| vec![Literal(test.to_owned())]),
///     then: vec![Literal(then.to_owned())],
/// };
/// let decision = Decision {
///     inputs: vec!["fit".into()],
///     outputs: vec!["grade".to_owned()],
///     hit: Hit::Unique,
///     rules: vec![row(Some(">= 50"), "hot"), row(None, "cold")],
/// };
/// let table = Table::compile("grade", &decision, &schema, &Path::default()).expect("a table without problems");
/// let decided = table.decide(&[Value::Integer(50), Value::Absent][..]).expect("a value for the input");
/// assert_eq!(decided.sets[..], [(FieldIx(1), Value::Choice(0))]);
/// assert_eq!(decided.rules[..], [0]);
/// ```
#[derive(Debug, Clone)]
pub struct Table {
    name: Arc<str>,
    inputs: Box<[Compiled]>,
    outputs: Box<[u16]>,
    hit: Hit,
    rules: Box<[Rule]>,
    /// What counts when no rule matches.
    otherwise: Option<Box<[Value]>>,
}

/// A rule, compiled.
#[derive(Debug, Clone)]
struct Rule {
    tests: Box<[Test]>,
    then: Box<[Value]>,
}

/// What a table has decided.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decided {
    /// The fields that are set, and to what.
    pub sets: SmallVec<[(FieldIx, Value); 4]>,
    /// The rules that say so.
    pub rules: Applied,
}

/// The rules of a table that applied, by their position in the definition, ascending: with the hit policies `unique` and
/// `first` one, with the others all that matched.
pub type Applied = SmallVec<[u32; 4]>;

/// Why a table does not decide.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecisionError {
    /// An input has no value.
    #[error("the decision `{table}`: {error}")]
    Input {
        /// The table.
        table: Arc<str>,
        /// What is wrong with the input.
        error: EvalError,
    },
    /// No rule matches, and there is no `otherwise`.
    #[error("no rule of the decision `{table}` matches; add `otherwise`, or a rule for these data")]
    NoRule {
        /// The table.
        table: Arc<str>,
    },
    /// Several rules match where only one may.
    #[error("rules {one} and {other} of the decision `{table}` both match, and its hit policy is `unique`")]
    Several {
        /// The table.
        table: Arc<str>,
        /// The first of them, counted from 1.
        one: usize,
        /// Another.
        other: usize,
    },
    /// Rules that match do not agree.
    #[error("rules {one} and {other} of the decision `{table}` both match and do not agree")]
    Disagree {
        /// The table.
        table: Arc<str>,
        /// The first of them, counted from 1.
        one: usize,
        /// Another.
        other: usize,
    },
    /// A sum leaves the range of its type.
    #[error("the sum of the decision `{table}` is too large a number")]
    Overflow {
        /// The table.
        table: Arc<str>,
    },
}

impl Table {
    /// Checks a decision table; `path` is where it stands.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn compile(name: &str, decision: &Decision, schema: &Schema, path: &Path) -> Result<Table, Vec<Problem>> {
        let mut compiler = Compiler { schema, decision, path, problems: Vec::new() };
        let inputs = compiler.inputs();
        let outputs = compiler.outputs();
        let (rules, otherwise) = compiler.rules(&inputs, &outputs);
        if !compiler.problems.is_empty() {
            return Err(compiler.problems);
        }
        Ok(Table {
            name: name.into(),
            inputs: inputs.into_iter().flatten().map(|(compiled, _)| compiled).collect(),
            outputs: outputs.into_iter().flatten().map(|(slot, _)| slot).collect(),
            hit: decision.hit,
            rules: rules.into(),
            otherwise,
        })
    }

    /// The name of the table.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The slots of all fields that it looks at, ascending within each input.
    pub fn reads(&self) -> impl Iterator<Item = u16> {
        self.inputs.iter().flat_map(|input| input.reads().iter().copied())
    }

    /// The slots of the fields that it sets.
    pub fn sets(&self) -> &[u16] {
        &self.outputs
    }

    /// What the fields become for these data, and by which rules. An input is evaluated only where a rule asks about it.
    ///
    /// # Errors
    /// Why it does not decide.
    pub fn decide(&self, data: &(impl Lookup + ?Sized)) -> Result<Decided, DecisionError> {
        let hits = self.hits(data)?;
        let then = |index: usize| -> &[Value] { &self.rules[index].then };
        let table = || Arc::clone(&self.name);
        let first = match (hits.first(), &self.otherwise) {
            (Some(first), _) => *first,
            (None, Some(otherwise)) => return Ok(self.decided(&[self.rules.len()], otherwise.iter().cloned())),
            (None, None) if self.hit == Hit::Collect => 0,
            (None, None) => return Err(DecisionError::NoRule { table: table() }),
        };
        let other = hits.iter().copied().find(|other| match self.hit {
            Hit::Unique => *other != first,
            Hit::Any => then(*other) != then(first),
            Hit::First | Hit::Collect | Hit::Sum => false,
        });
        match (self.hit, other.map(|other| (first + 1, other + 1))) {
            (Hit::Unique, Some((one, other))) => Err(DecisionError::Several { table: table(), one, other }),
            (_, Some((one, other))) => Err(DecisionError::Disagree { table: table(), one, other }),
            (Hit::Unique | Hit::First | Hit::Any, None) => Ok(self.decided(&hits, then(first).iter().cloned())),
            (Hit::Collect, None) => {
                let column = |output: usize| Value::List(hits.iter().map(|hit| then(*hit)[output].clone()).collect());
                Ok(self.decided(&hits, (0..self.outputs.len()).map(column)))
            }
            (Hit::Sum, None) => {
                let column = |output: usize| sum(hits.iter().map(|hit| &then(*hit)[output]));
                let sums = (0..self.outputs.len()).map(column).collect::<Option<Vec<_>>>();
                sums.map(|sums| self.decided(&hits, sums)).ok_or_else(|| DecisionError::Overflow { table: table() })
            }
        }
    }

    /// What each rule but `otherwise` asks of the data: a condition that holds where it matches.
    pub fn conditions(&self) -> Vec<Part> {
        let inputs: Vec<Part> = self.inputs.iter().map(Compiled::parts).collect();
        let asked = |rule: &Rule| {
            let tests = rule.tests.iter().zip(&inputs).filter(|(test, _)| **test != Test::Any);
            Part::All(tests.map(|(test, input)| test.of(input)).collect())
        };
        self.rules.iter().map(asked).collect()
    }

    /// The rules but `otherwise` that match these data, counted from 0: all of them, or with [`Hit::First`] the first.
    ///
    /// # Errors
    /// When an input that a rule asks about has no value.
    pub fn matching(&self, data: &(impl Lookup + ?Sized)) -> Result<Vec<usize>, DecisionError> {
        self.hits(data).map(SmallVec::into_vec)
    }

    fn hits(&self, data: &(impl Lookup + ?Sized)) -> Result<SmallVec<[usize; 8]>, DecisionError> {
        let mut known: SmallVec<[Option<Value>; 8]> = self.inputs.iter().map(|_| None).collect();
        let mut hits = SmallVec::new();
        for (index, rule) in self.rules.iter().enumerate() {
            if self.matches(rule, data, &mut known)? {
                hits.push(index);
                if self.hit == Hit::First {
                    break;
                }
            }
        }
        Ok(hits)
    }

    fn matches(
        &self,
        rule: &Rule,
        data: &(impl Lookup + ?Sized),
        known: &mut [Option<Value>],
    ) -> Result<bool, DecisionError> {
        for ((test, input), known) in rule.tests.iter().zip(&self.inputs).zip(known) {
            if *test == Test::Any {
                continue;
            }
            let value = match known {
                Some(value) => &*value,
                None => {
                    let failed = |error| DecisionError::Input { table: Arc::clone(&self.name), error };
                    &*known.insert(input.eval(data).map_err(failed)?)
                }
            };
            if !test.holds(value) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn decided(&self, rules: &[usize], values: impl IntoIterator<Item = Value>) -> Decided {
        Decided {
            sets: self.outputs.iter().map(|slot| FieldIx(*slot)).zip(values).collect(),
            rules: rules.iter().filter_map(|rule| u32::try_from(*rule).ok()).collect(),
        }
    }
}

/// The sum of values of one type; `None` when it leaves the range of the type.
fn sum<'a>(mut values: impl Iterator<Item = &'a Value>) -> Option<Value> {
    let first = values.next()?.clone();
    values.try_fold(first, |sum, value| match (sum, value) {
        (Value::Integer(sum), Value::Integer(value)) => sum.checked_add(*value).map(Value::Integer),
        (Value::Decimal(sum), Value::Decimal(value)) => sum.checked_add(*value).map(Value::Decimal),
        (Value::Duration(sum), Value::Duration(value)) => {
            let sum = sum.as_micros().checked_add(value.as_micros())?;
            Some(Value::Duration(Duration::from_micros(sum)))
        }
        _ => None,
    })
}

/// Checks a table part by part.
struct Compiler<'a> {
    schema: &'a Schema,
    decision: &'a Decision,
    path: &'a Path,
    problems: Vec<Problem>,
}

/// An input, and the field like which its tests are read.
type Input = Option<(Compiled, Field)>;

/// An output, and the field like which its values are read.
type Output = Option<(u16, Field)>;

impl Compiler<'_> {
    fn report(&mut self, code: Code, path: Path, message: String, help: Option<String>) {
        self.problems.push(Problem::error(code, path, message).maybe_help(help));
    }

    fn inputs(&mut self) -> Vec<Input> {
        let inputs = self.decision.inputs.iter().enumerate();
        inputs.map(|(index, input)| self.input(&self.path.key("inputs").index(index), input)).collect()
    }

    fn input(&mut self, path: &Path, input: &Expression) -> Input {
        let field = self.schema.slot(input.0.trim()).and_then(|slot| self.schema.field(slot));
        // The values of a choice are known where the input is the field itself; elsewhere it is a text.
        let compiled = match field {
            Some(_) => Expression::compile(&input.0, self.schema),
            None => Expression::compile_for_others(&input.0, self.schema),
        };
        match compiled {
            Ok(compiled) => {
                let like = field.cloned().unwrap_or_else(|| Field::of(compiled.result_type()));
                if let Type::List(_) = like.kind {
                    let message = format!("a decision looks at single values, and `{}` is a list", input.0);
                    let help = "ask about it, as in `\"urgent\" in tags` or `length(tags)`".to_owned();
                    self.report(Code::TypeMismatch, path.clone(), message, Some(help));
                    return None;
                }
                Some((compiled, like))
            }
            Err(found) => {
                self.problems.extend(found.into_iter().map(|problem| problem.at(path)));
                None
            }
        }
    }

    fn outputs(&mut self) -> Vec<Output> {
        let outputs = self.decision.outputs.iter().enumerate();
        outputs.map(|(index, output)| self.output(self.path.key("outputs").index(index), output)).collect()
    }

    fn output(&mut self, path: Path, name: &str) -> Output {
        let Some(slot) = self.schema.slot(name) else {
            let help = suggest_field(name, self.schema.likely_names());
            self.report(Code::UnknownField, path, format!("there is no data field `{name}`"), Some(help));
            return None;
        };
        let field = self.schema.field(slot)?;
        if self.decision.outputs.iter().filter(|other| *other == name).count() > 1 {
            let message = format!("`{name}` stands under `outputs` twice, and can be set to one value");
            self.report(Code::InvalidDecision, path, message, Some("name each field once".to_owned()));
            return None;
        }
        match self.decision.hit {
            Hit::Collect => {
                let element = field.element();
                if element.is_none() {
                    let message = format!("`collect` gives a list, and `{name}` is of type {}", field.kind);
                    let help = "make the field a `list`, or choose another hit policy".to_owned();
                    self.report(Code::TypeMismatch, path, message, Some(help));
                }
                element.map(|element| (slot, element))
            }
            Hit::Sum if !matches!(field.kind, Type::Integer | Type::Decimal | Type::Duration) => {
                let message = format!("`sum` adds numbers or durations, and `{name}` is of type {}", field.kind);
                self.report(Code::TypeMismatch, path, message, Some("choose another hit policy".to_owned()));
                None
            }
            _ => Some((slot, field.clone())),
        }
    }

    fn rules(&mut self, inputs: &[Input], outputs: &[Output]) -> (Vec<Rule>, Option<Box<[Value]>>) {
        let decision = self.decision;
        for (key, none) in [("inputs", inputs.is_empty()), ("outputs", outputs.is_empty())] {
            if none {
                let message = format!("a decision needs `{key}`, found none");
                self.report(Code::InvalidDecision, self.path.key(key), message, None);
            }
        }
        let (mut rules, mut otherwise) = (Vec::new(), None);
        for (index, row) in decision.rules.iter().enumerate() {
            let path = self.path.key("rules").index(index);
            if otherwise.is_some() {
                let message = "this rule comes after `otherwise`".to_owned();
                let help = "put `otherwise` last".to_owned();
                self.report(Code::InvalidDecision, path.clone(), message, Some(help));
            }
            let then = self.then(row, outputs, &path);
            match &row.when {
                Some(tests) => {
                    let tests = self.tests(tests, inputs, &path.key("when"));
                    rules.push(Rule { tests, then });
                }
                None => otherwise = Some(then),
            }
        }
        if rules.is_empty() {
            let message = "a decision needs a rule with `when`, found none".to_owned();
            let help = "write `- { when: [\">= 50\"], then: hot }` or the like".to_owned();
            self.report(Code::InvalidDecision, self.path.key("rules"), message, Some(help));
        }
        let otherwise = otherwise.map(|then: Box<[Value]>| match decision.hit {
            // What is collected is a list, also when nothing matches.
            Hit::Collect => then.iter().map(|value| Value::List([value.clone()].into())).collect(),
            _ => then,
        });
        (rules, otherwise)
    }

    fn tests(&mut self, tests: &[Literal], inputs: &[Input], path: &Path) -> Box<[Test]> {
        self.count(tests.len(), inputs.len(), "test", "input", path);
        let (mut read, mut wrong) = (Vec::new(), Vec::new());
        for (index, (Literal(test), input)) in tests.iter().zip(inputs).enumerate() {
            let Some((_, like)) = input else { continue };
            match Test::read(test, like) {
                Ok(test) => read.push(test),
                Err(message) => wrong.push((index, message)),
            }
        }
        let fits = |test: usize, column: usize| {
            let like = inputs.get(column).and_then(Option::as_ref);
            like.is_some_and(|(_, like)| Test::read(&tests[test].0, like).is_ok())
        };
        if let [(one, _), (other, _)] = wrong[..]
            && fits(one, other)
            && fits(other, one)
        {
            let (a, b) = (&self.decision.inputs[one].0, &self.decision.inputs[other].0);
            let message = format!("the tests of `{a}` and `{b}` are in each other's place");
            let help = format!("tests stand in the order of `inputs`: `{}` before `{}`", tests[other].0, tests[one].0);
            self.report(Code::InvalidDecision, path.index(one), message, Some(help));
            return read.into();
        }
        for (index, message) in wrong {
            let help = "a test is `any`, a value, `>= 50`, `10..20`, or several of them separated by commas";
            self.report(Code::InvalidDecision, path.index(index), message, Some(help.to_owned()));
        }
        read.into()
    }

    fn then(&mut self, row: &Row, outputs: &[Output], path: &Path) -> Box<[Value]> {
        let path = path.key(if row.when.is_some() { "then" } else { "otherwise" });
        self.count(row.then.len(), outputs.len(), "value", "output", &path);
        let mut read = Vec::new();
        for (index, (Literal(text), output)) in row.then.iter().zip(outputs).enumerate() {
            let Some((_, like)) = output else { continue };
            match Value::parse_unbounded(like, text) {
                Ok(value) => {
                    self.within(row, &self.decision.outputs[index], like, &value, path.index(index));
                    read.push(value);
                }
                Err(message) => {
                    let help = self.without_percent(text, like, index);
                    self.report(Code::TypeMismatch, path.index(index), message, help);
                }
            }
        }
        read.into()
    }

    /// A field cannot become what lies outside its bounds. What is added up may.
    fn within(&mut self, row: &Row, name: &str, like: &Field, value: &Value, path: Path) {
        if self.decision.hit != Hit::Sum || row.when.is_none() {
            self.problems.extend(Bounds::of(like).refuse(name, value, path));
        }
    }

    /// What to write for `15%` in a column of numbers: as the other rules do.
    fn without_percent(&self, text: &str, like: &Field, column: usize) -> Option<String> {
        let percent: Decimal = text.trim().strip_suffix('%')?.trim_end().parse().ok()?;
        let part = percent.checked_div(Decimal::from(100)).filter(|_| like.kind == Type::Decimal);
        let cells = self.decision.rules.iter().filter_map(|row| row.then.get(column)?.0.trim().parse::<Decimal>().ok());
        let largest = cells.max().filter(|largest| *largest > Decimal::ZERO);
        match (like.kind, part, largest) {
            (Type::Integer, ..) => Some(format!("a number stands without `%`: write `{percent}`")),
            (_, Some(part), Some(largest)) => {
                let meant = if largest > Decimal::from(1) { percent } else { part };
                Some(format!("a number stands without `%`: write `{meant}`, as `{largest}` stands in another rule"))
            }
            (_, Some(part), None) => Some(format!(
                "a number stands without `%`: write `{percent}` or `{part}`, the same way wherever the field is used"
            )),
            _ => None,
        }
    }

    fn count(&mut self, found: usize, expected: usize, what: &str, of: &str, path: &Path) {
        if found != expected {
            let plural = if expected == 1 { "" } else { "s" };
            let message = format!("expected {expected} {what}{plural}, one for each {of}, found {found}");
            let help = (what == "test").then(|| "where an input does not matter, write `any`".to_owned());
            self.report(Code::InvalidDecision, path.clone(), message, help);
        }
    }
}
