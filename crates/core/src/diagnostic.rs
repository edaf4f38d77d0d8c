//! What is wrong with a definition: problems with a stable code, a place and a remedy, all of them at once.

#[cfg(feature = "annotate")]
mod annotate;
mod nearest;
mod show;

use std::fmt;
use std::sync::Arc;

#[cfg(feature = "annotate")]
pub use annotate::Colours;
pub(crate) use nearest::suggest_field;
pub use nearest::{nearest, suggest};

/// How grave a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The definition has no meaning as it stands, or its cases do not come to their end.
    Error,
    /// The definition can run, but probably says something else than was meant.
    Warning,
    /// Nothing is wrong; there is something to think about.
    Advice,
}

macro_rules! codes {
    ($($variant:ident = $name:literal, $doc:literal;)*) => {
        /// The stable name of a kind of problem.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code { $(#[doc = $doc] $variant,)* }

        impl Code {
            /// Every code there is.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            /// The name as users see it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// One sentence on what the code stands for.
            pub const fn summary(self) -> &'static str {
                match self { $(Code::$variant => $doc,)* }
            }
        }
    };
}

codes! {
    NotUtf8 = "not-utf8", "The file is not UTF-8 text.";
    NotYaml = "not-yaml", "The file is not well-formed YAML.";
    TooLarge = "too-large", "The file or definition is larger than is accepted.";
    Empty = "empty", "The file holds no process definition.";
    SeveralDocuments = "several-documents", "The file holds more than one YAML document.";
    DuplicateKey = "duplicate-key", "The same key stands twice in one mapping, or the same person in one role.";
    UnknownKey = "unknown-key", "A key that has no meaning here.";
    StepKind = "step-kind", "A step of no kind, or of several at once.";
    MissingKey = "missing-key", "A key that is required here is missing.";
    WrongType = "wrong-type", "A value is of another kind than expected here.";
    ExplicitTag = "explicit-tag", "A YAML tag, often a guard that begins with `!` and needs quotes.";
    AmbiguousScalar = "ambiguous-scalar", "A value that YAML readers understand in different ways.";
    InvalidName = "invalid-name", "An identifier with characters that are not allowed.";
    InvalidDuration = "invalid-duration", "A duration that cannot be read or is negative.";
    InvalidChance = "invalid-chance", "A chance that cannot be read or lies outside 0 to 100 %.";
    InvalidDistribution = "invalid-distribution", "A distribution that cannot be read or has impossible parameters.";
    InvalidCalendar = "invalid-calendar", "A calendar that cannot be read or never opens.";
    InvalidExpression = "invalid-expression", "An expression that cannot be read.";
    TypeMismatch = "type-mismatch", "An expression or value whose type does not fit.";
    OutOfBounds = "out-of-bounds", "A value outside the bounds of its field, or bounds between which there is none.";
    UnknownStep = "unknown-step", "A reference to a step that does not exist.";
    UnknownRole = "unknown-role", "A reference to a role that does not exist.";
    UnknownCalendar = "unknown-calendar", "A reference to a calendar that does not exist.";
    UnknownDecision = "unknown-decision", "A reference to a decision that does not exist.";
    UnknownClock = "unknown-clock", "A reference to a clock that does not exist.";
    UnknownField = "unknown-field", "A reference to a data field that does not exist.";
    UnknownOutcome = "unknown-outcome", "A reference to an outcome that the step does not have.";
    InvalidArrivals = "invalid-arrivals", "Arrivals that cannot be understood, or that are missing.";
    InvalidWhatIf = "invalid-what-if", "A change of what is not there, or one that changes nothing.";
    NoSuccessor = "no-successor", "A step from which no flow leads on.";
    TooManySuccessors = "too-many-successors", "A step that names its successor in two ways.";
    ChanceSum = "chance-sum", "The chances of a step's outcomes do not add up to 1.";
    ChanceOnGuard = "chance-on-guard", "A guard and a chance on the same flow.";
    MissingOtherwise = "missing-otherwise", "A choice that may find no branch to take.";
    BranchAfterOtherwise = "branch-after-otherwise", "A branch that is never reached.";
    Containment = "containment", "A step that is inside two steps, inside itself, or inside nothing that could begin.";
    CrossesScope = "crosses-scope", "A flow that leads into or out of a step that contains others.";
    ImpossibleCount = "impossible-count", "A count that can never be reached.";
    RaceBranch = "race-branch", "A branch of a race that begins where nothing can happen.";
    EmptyRole = "empty-role", "A role that nobody fills.";
    UnknownPerson = "unknown-person", "A person who is in no role.";
    MissingSkill = "missing-skill", "Work for which nobody of its role has the skills.";
    Deputy = "deputy", "A deputy who is not among the people of the role.";
    InvalidQueue = "invalid-queue", "A queue that says what has no meaning, or that may be full without an answer.";
    InvalidCost = "invalid-cost", "A cost that cannot be read, or that is in another currency than the others.";
    VagueGoal = "vague-goal", "A goal of which nobody could tell whether it is met.";
    NotHuman = "not-human", "A step that no person does, where a person is meant.";
    FourEyes = "four-eyes", "A rule of four eyes that cannot be kept.";
    InvalidRule = "invalid-rule", "A rule that says nothing, or several things at once.";
    RuleBroken = "rule-broken", "A rule that a case can break.";
    InvalidDecision = "invalid-decision", "A decision table that cannot be read, or whose rules do not fit its columns.";
    InvalidClock = "invalid-clock", "A clock that cannot be kept, or whose marks do not fit it.";
    CrackTrigger = "crack-trigger", "A crack whose keys do not fit its trigger.";
    CrackResponse = "crack-response", "A response that is impossible at this step.";
    UnreachableStep = "unreachable-step", "A step that no flow or crack leads to.";
    UndoPath = "undo-path", "A path that undoes a step, and is also on the way of the case.";
    NoEnd = "no-end", "A step from which no end can be reached.";
    Gap = "gap", "Values for which no branch of a choice is taken, or no rule of a decision matches.";
    Overlap = "overlap", "Values for which two rules of a decision match that must not.";
    NeverTaken = "never-taken", "A branch or a rule that no values lead to.";
    ConstantCondition = "constant-condition", "A condition of a loop or a crack that always holds, or never.";
    UnusedField = "unused-field", "A data field that nothing reads or writes.";
    MissingSample = "missing-sample", "A required field for which the simulator has no sample.";
    InvalidWaiver = "invalid-waiver", "A finding is waived that does not exist, or without a reason.";
    InvalidReview = "invalid-review", "A sign-off or a note that does not say who, when or what.";
    Stuck = "stuck", "A case can come to where nothing can happen any more.";
    Livelock = "livelock", "A case can go on for ever without an end in reach.";
    Endless = "endless", "The tokens of a case can become more and more.";
    EndAgain = "end-again", "An end can be reached twice by the same case.";
    UnansweredCrack = "unanswered-crack", "A crack can stop a case, and nothing says what to do then.";
    DeadStep = "dead-step", "A step at which no case ever comes.";
    IdleCrack = "idle-crack", "A crack that can never strike.";
    TooLargeToProve = "too-large-to-prove", "There is more to explore than the limits allow, so nothing is proved.";
    ReadBeforeWritten = "read-before-written", "A step may read a field that nothing has written by then.";
    OutputMissing = "output-missing", "A case may end without a field that the process declares as its output.";
    NeverRead = "never-read", "A field that is written, and that nothing ever reads.";
    WrittenTwice = "written-twice", "Branches that go on at the same time write the same field.";
    NoHappyPath = "no-happy-path", "No end can be reached unless something goes wrong.";
    LateClock = "late-clock", "A clock that runs out even if nobody ever waits.";
    IdleClock = "idle-clock", "A clock of which nobody takes notice.";
    UnevenAnswers = "uneven-answers", "The same crack is answered in different ways.";
    HandOff = "hand-off", "Work goes from one department to another without an agreement.";
    TwoOwners = "two-owners", "Two departments answer for the same thing.";
    OnePage = "one-page", "More steps than can be taken in at a glance.";
    Unexplained = "unexplained", "Steps that do not say what they are worth, or why they exist.";
    Unowned = "unowned", "Nobody answers for the process, or for some of its fields.";
    UnusedDecision = "unused-decision", "A decision table that no step asks.";
    OpenQuestion = "open-question", "A step that says nothing about what often goes wrong.";
    VoidSignOff = "void-sign-off", "A role has signed what reads differently now.";
    MissingSignOff = "missing-sign-off", "Nobody of a role has signed what it does.";
    OpenNote = "open-note", "A note of somebody who does the work, without an answer.";
    IdleWaiver = "idle-waiver", "A waiver for which there is no finding.";
    UnknownPart = "unknown-part", "A reference to a stage, department, touchpoint or process that the life cycle does not have.";
    UntouchedStage = "untouched-stage", "A stage of the life cycle in which nobody meets the customer.";
    LostStage = "lost-stage", "A stage of the life cycle to which no way leads, or from which none leads on.";
    MissingProcess = "missing-process", "A touchpoint behind which there is no process, or a process without a definition.";
    IdleProcess = "idle-process", "A process of the life cycle that no touchpoint needs.";
    UnsoundProcess = "unsound-process", "A process of the life cycle that cannot be relied on by itself.";
    EmptyDepartment = "empty-department", "A department of the life cycle in which nobody works.";
    InvalidHandOff = "invalid-hand-off", "A hand-off that cannot take place as it is described.";
    LostField = "lost-field", "A field that the receiver of a hand-off needs and does not surely get.";
    OneSidedAgreement = "one-sided-agreement", "An agreement in which only one of two departments promises something.";
    ParallelChannels = "parallel-channels", "Two departments can have a case of the same customer open and not know of each other.";
    LostConsent = "lost-consent", "A process that may contact customers without knowing what they have agreed to.";
    DifferingPeople = "differing-people", "The same people are described differently by two processes of a life cycle.";
    NotBpmn = "not-bpmn", "The file is not well-formed XML, or not BPMN 2.0.";
    UnsupportedElement = "unsupported-element", "A BPMN element that takes part in the control flow and that a definition cannot say.";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One part of a [`Path`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Segment {
    /// The value of a key.
    Key(String),
    /// A key itself, the last of a path: a name that is wrong.
    Name(String),
    /// An element of a list, counted from 0.
    Index(usize),
}

/// Where in a definition something stands, independent of the file it came from: `steps.call.cracks.no-answer.chance`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Path(pub Vec<Segment>);

impl Path {
    /// The path of a key below the root.
    pub fn root(key: &str) -> Path {
        Path::default().key(key)
    }

    /// This path, continued into the value of a key.
    #[must_use]
    pub fn key(&self, key: &str) -> Path {
        let mut parts = self.0.clone();
        parts.push(Segment::Key(key.to_owned()));
        Path(parts)
    }

    /// This path, ended by a key that is meant itself.
    #[must_use]
    pub fn name(&self, key: &str) -> Path {
        let mut parts = self.0.clone();
        parts.push(Segment::Name(key.to_owned()));
        Path(parts)
    }

    /// This path, continued into an element of a list.
    #[must_use]
    pub fn index(&self, index: usize) -> Path {
        let mut parts = self.0.clone();
        parts.push(Segment::Index(index));
        Path(parts)
    }

    /// The step that the path leads into, if it does.
    pub fn step(&self) -> Option<&str> {
        match self.0.as_slice() {
            [Segment::Key(section), Segment::Key(step), ..] if section == "steps" => Some(step),
            _ => None,
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Key(key) | Segment::Name(key) if position == 0 => f.write_str(key)?,
                Segment::Key(key) | Segment::Name(key) => write!(f, ".{key}")?,
                Segment::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// A place in a source text: line and column counted from 1, columns and length in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
    /// How many characters of the line are meant; at least 1.
    pub length: u32,
}

/// Something wrong with a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What kind of problem it is.
    pub code: Code,
    /// How grave it is.
    pub severity: Severity,
    /// What was expected and what was found.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Where it stands in the definition.
    pub path: Path,
    /// Which characters of the value at the path are meant, when not all of it.
    pub range: Option<std::ops::Range<usize>>,
    /// Where it stands in the file; `None` for definitions built in Rust.
    pub place: Option<Place>,
    /// Other places that one must see to understand it; a few at the most.
    pub related: Vec<Related>,
    /// How a case comes to it, told in order; empty where there is nothing to tell.
    pub story: Vec<String>,
}

/// A place that explains a problem found elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// What is there, such as `first defined here`.
    pub label: String,
    /// Where it stands in the definition.
    pub path: Path,
    /// Where it stands in the file; `None` for definitions built in Rust.
    pub place: Option<Place>,
}

impl Problem {
    /// An error without a place in a file. A message of more than 400 bytes is cut.
    pub fn error(code: Code, path: Path, message: impl Into<String>) -> Problem {
        Problem {
            code,
            severity: Severity::Error,
            message: presentable(message.into()),
            help: None,
            path,
            range: None,
            place: None,
            related: Vec::new(),
            story: Vec::new(),
        }
    }

    /// A warning without a place in a file.
    pub fn warning(code: Code, path: Path, message: impl Into<String>) -> Problem {
        Problem { severity: Severity::Warning, ..Problem::error(code, path, message) }
    }

    /// A piece of advice without a place in a file.
    pub fn advice(code: Code, path: Path, message: impl Into<String>) -> Problem {
        Problem { severity: Severity::Advice, ..Problem::error(code, path, message) }
    }

    /// The same problem with the story of a case that comes to it.
    #[must_use]
    pub fn told(self, story: Vec<String>) -> Problem {
        Problem { story: story.into_iter().map(presentable).collect(), ..self }
    }

    /// The same problem with a remedy.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Problem {
        self.help = Some(presentable(help.into()));
        self
    }

    /// The same problem with a remedy if there is one to name.
    #[must_use]
    pub fn maybe_help(self, help: Option<String>) -> Problem {
        match help {
            Some(help) => self.help(help),
            None => self,
        }
    }

    /// The same problem with another place that explains it.
    #[must_use]
    pub fn related(mut self, label: impl Into<String>, path: Path) -> Problem {
        self.related.push(Related { label: presentable(label.into()), path, place: None });
        self
    }

    /// The same problem with the place where a data field is declared.
    #[must_use]
    pub(crate) fn declared(self, field: &str) -> Problem {
        self.related(format!("`{field}` is declared here"), Path::root("data").key(field).key("type"))
    }

    /// The same problem with another place of the file that explains it.
    #[must_use]
    pub(crate) fn related_at(self, label: impl Into<String>, path: Path, place: Place) -> Problem {
        let mut problem = self.related(label, path);
        problem.related.iter_mut().rev().take(1).for_each(|last| last.place = Some(place));
        problem
    }
}

/// A message is cut to about this many bytes.
const LONGEST_MESSAGE: usize = 400;

/// A text as it can be shown anywhere: what it quotes from a file is neither endless nor does it command the terminal.
fn presentable(mut text: String) -> String {
    if text.len() > LONGEST_MESSAGE {
        text.truncate(boundary(&text, LONGEST_MESSAGE));
        text.push('…');
    }
    if text.chars().any(|c| visible(c) != c) { text.chars().map(visible).collect() } else { text }
}

/// The last place up to `at` where a text can be cut.
pub(crate) fn boundary(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// A space in place of a character that moves the cursor, colours the screen or turns the direction of writing.
pub(crate) fn visible(c: char) -> char {
    let turns = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if c.is_control() || turns { ' ' } else { c }
}

/// The text that a definition was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The name of the file as the user gave it.
    pub file: String,
    /// The whole text.
    pub text: Arc<str>,
}

/// Everything that was found wrong, in the order of the file, with the text it was found in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problems {
    /// The text, when the definition came from one.
    pub source: Option<Source>,
    /// The problems; empty when all is well.
    pub list: Vec<Problem>,
}

impl Problems {
    /// True when nothing at all was found.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// True when at least one problem is an error.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|problem| problem.severity == Severity::Error)
    }
}

impl std::error::Error for Problems {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_distinct_names() {
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
    }
}
