//! Fields that are read before they are written, or never, or written twice at once; ends that lack what was promised.

mod fields;
mod lacking;
mod twice;
mod unwritten;

use grieta_core::diagnostic::{Code, Path, Problem};

use super::Subject;
use fields::Fields;
pub use lacking::{Lacking, lacking};

pub(super) fn find(subject: &Subject<'_>) -> Vec<Problem> {
    let (definition, process) = (subject.plan.definition(), subject.plan.process());
    if definition.data.is_empty() {
        return Vec::new();
    }
    let whole = subject.plan.root().and_then(|root| subject.plan.step_definition(root));
    let fields = Fields::new(definition, process.schema(), whole);
    let mut problems = unwritten::find(subject, &fields);
    problems.extend(fields.never_read());
    problems.extend(twice::find(&fields, process));
    problems
}

impl Fields<'_> {
    fn never_read(&self) -> Vec<Problem> {
        let mut known = self.set(self.definition.customer.iter().chain(&self.definition.outputs));
        known.union_with(&self.ranking);
        let unread = (0..self.readers.len()).filter(|at| self.readers[*at].is_empty() && !known.contains(*at));
        let told = unread.filter_map(|field| {
            let name = self.name(field);
            let writer = *self.writers[field].first()?;
            let message = format!("nothing ever reads `{name}`");
            let problem = Problem::advice(Code::NeverRead, Path::root("data").key(name), message);
            let problem = problem.related(format!("`{}` writes it", self.step(writer)), self.path(writer));
            let help = "list it under `reads` where somebody needs it, or spare people the trouble of writing it";
            Some(problem.help(help))
        });
        told.collect()
    }
}
