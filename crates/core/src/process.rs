//! A process: a definition that was checked and has a meaning.

use petgraph::graph::DiGraph;

use crate::calendar::Calendar;
use crate::check;
use crate::definition::{CalendarSpec, Definition};
use crate::diagnostic::{Code, Path, Problem, Problems, Severity};
use crate::expression::Schema;
use crate::graph::{self, Link};
use crate::yaml;

/// A process definition that passed every check.
///
/// ```
/// use grieta_core::definition::{Chance, Definition, Role, Step};
/// use grieta_core::Process;
///
/// let process = Process::new(
///     Definition::new("follow-up", "1.0.0")
///         .role("sdr", Role::of(2))
///         .step("call", Step::human("sdr").likely("reached", Chance::percent(18), "won").rest("no-answer", "lost"))
///         .step("won", Step::end())
///         .step("lost", Step::end()),
/// )?;
/// assert_eq!(process.graph().edge_count(), 2);
/// # Ok::<(), grieta_core::diagnostic::Problems>(())
/// ```
#[derive(Debug, Clone)]
pub struct Process {
    definition: Definition,
    schema: Schema,
    graph: DiGraph<String, Link>,
    calendars: Vec<Calendar>,
    warnings: Problems,
    waived: Vec<Problem>,
}

impl Process {
    /// Checks a definition.
    ///
    /// # Errors
    /// Every error and warning that was found, when there is at least one error.
    pub fn new(definition: Definition) -> Result<Process, Problems> {
        Process::checked(definition, |found| found)
    }

    /// Reads a definition from a YAML file and checks it; `file` is the name to show in problems.
    ///
    /// # Errors
    /// Everything that was found wrong, each with its place in the file, when there is at least one error.
    ///
    /// ```
    /// use grieta_core::Process;
    ///
    /// let file = "process: hello\nversion: 1.0.0\nstart: greet\nsteps:\n  greet: { wait: 1 h, next: dnoe }\n  done: { end: {} }\n";
    /// let problems = Process::read("hello.yaml", file.as_bytes()).unwrap_err();
    /// assert!(problems.to_string().contains("hello.yaml:5:29"));
    /// assert!(problems.to_string().contains("did you mean `done`?"));
    /// ```
    pub fn read(file: &str, bytes: &[u8]) -> Result<Process, Problems> {
        let mut reading = yaml::read(file, bytes);
        let Some(definition) = reading.definition.take() else { return Err(reading.problems) };
        Process::checked(definition, |found| reading.join(found))
    }

    /// Checks a changed copy of a definition that was sound before. A step from which no end can be reached any more is
    /// only a warning: what becomes of the cases is what one asks about. A goal may be for the rate of a crack that was taken
    /// out.
    ///
    /// # Errors
    /// As [`Process::new`] otherwise.
    pub fn what_if(changed: Definition) -> Result<Process, Problems> {
        Process::checked(changed, |mut found| {
            found.list.retain(|problem| problem.code != Code::VagueGoal);
            let endless = found.list.iter_mut().filter(|problem| problem.code == Code::NoEnd);
            endless.for_each(|problem| problem.severity = Severity::Warning);
            found
        })
    }

    /// Checks a definition, and decides by all the problems there are once `join` has seen those of the checks.
    fn checked(definition: Definition, join: impl FnOnce(Problems) -> Problems) -> Result<Process, Problems> {
        let schema = Schema::new(&definition.data).map_err(|list| Problems { source: None, list })?;
        let mut problems = join(Problems { source: None, list: check::check(&definition, &schema) });
        if problems.has_errors() {
            return Err(problems);
        }
        let waived = definition.waive(&mut problems.list);
        let compile =
            |(name, spec): (&String, &CalendarSpec)| Calendar::compile(name, spec, &Path::root("calendars").key(name));
        let calendars = definition.calendars.iter().map(compile).collect::<Result<_, _>>();
        let calendars = calendars.map_err(|list| Problems { source: None, list })?;
        let graph = graph::build(&definition);
        Ok(Process { definition, schema, graph, calendars, warnings: problems, waived })
    }

    /// The definition as written.
    pub fn definition(&self) -> &Definition {
        &self.definition
    }

    /// The steps, in the order of the definition, and between them the flows and the cracks; last the process itself where
    /// it has cracks of its own.
    pub fn graph(&self) -> &DiGraph<String, Link> {
        &self.graph
    }

    /// What is probably not meant, though it has a meaning.
    pub fn warnings(&self) -> &Problems {
        &self.warnings
    }

    /// What is probably not meant either, but was looked at and left as it is.
    pub fn waived(&self) -> &[Problem] {
        &self.waived
    }

    /// The same process with further warnings, of whatever severity they were found: what keeps one reader from its work
    /// does not keep the process from running.
    #[must_use]
    pub fn warn(mut self, found: Problems) -> Process {
        let warning = |problem: Problem| Problem { severity: Severity::Warning, ..problem };
        self.warnings.list.extend(found.list.into_iter().map(warning));
        self.warnings.list.sort_by_key(|problem| problem.place);
        self.warnings.source = self.warnings.source.or(found.source);
        self
    }

    /// The types of the data fields.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The calendar of that name, or the one that is always open when there is no name.
    pub fn calendar(&self, name: Option<&str>) -> Calendar {
        name.and_then(|name| self.definition.calendars.get_index_of(name))
            .and_then(|index| self.calendars.get(index).cloned())
            .unwrap_or_else(Calendar::always)
    }

    /// The calendar that counts the business time of a role, or of the process when there is no such role.
    pub fn calendar_of(&self, role: Option<&str>) -> Calendar {
        let own = role.and_then(|role| self.definition.roles.get(role)?.calendar.as_deref());
        self.calendar(own.or(self.definition.calendar.as_deref()))
    }
}
