//! Fields that are read before they are written, or never, or written twice at once; ends that lack what was promised.

mod at_last;
mod fields;
mod guards;
mod outputs;
mod too_early;
mod twice;
mod written;

use grieta_core::diagnostic::{Code, Path, Problem};

use super::Subject;
use fields::Fields;
use written::Written;

pub(super) fn find(subject: &Subject<'_>) -> Vec<Problem> {
    let (definition, process) = (subject.plan.definition(), subject.plan.process());
    if definition.data.is_empty() {
        return Vec::new();
    }
    let fields = Fields::new(definition, process.schema());
    let mut problems = Vec::new();
    if let Some(mut written) = Written::of(&fields, process.graph()) {
        problems.extend(too_early::find(&written));
        problems.extend(outputs::find(&mut written, process));
    }
    problems.extend(fields.never_read());
    problems.extend(twice::find(&fields, process));
    problems
}

impl Fields<'_> {
    fn never_read(&self) -> Vec<Problem> {
        let mut read = self.set(self.definition.customer.iter().chain(&self.definition.outputs));
        let whole = self.definition.whole();
        for step in self.definition.steps.values().chain(&whole) {
            self.reads(step).iter().for_each(|found| read.insert(found.field));
        }
        let unread = (0..self.definition.data.len()).filter(|field| !read.contains(*field));
        let told = unread.filter_map(|field| {
            let (name, writer) = (self.name(field), *self.writers[field].first()?);
            let message = format!("nothing ever reads `{name}`");
            let problem = Problem::advice(Code::NeverRead, Path::root("data").key(name), message);
            let problem = problem.related(format!("`{}` writes it", self.step(writer)), self.path(writer));
            let help = "list it under `reads` where somebody needs it, or spare people the trouble of writing it";
            Some(problem.help(help))
        });
        told.collect()
    }
}
