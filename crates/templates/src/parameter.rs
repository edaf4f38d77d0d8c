//! The values of a template that are meant to be changed: which there are, and where in its text they stand.
//!
//! They are declared in `parameters.yaml` beside the definitions: `name: { at: roles.sdr.people, says: people who call }`. A
//! variant in which nothing stands there does not have the parameter.

use grieta_core::diagnostic::{Path, Problems};
use grieta_core::yaml::Reading;
use grieta_core::yaml::decode::{self, Examples, Value, text};

/// A value of a template that is meant to be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// What it is called.
    pub name: String,
    /// What it says, in a few words.
    pub says: String,
    /// The value as it stands in the text of the template.
    pub value: String,
    /// Where in the definition it stands.
    pub at: Path,
}

/// Why a parameter cannot have a value.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ParameterError {
    /// There is none of that name.
    #[error("{template} has no parameter `{parameter}`; {help}")]
    Unknown {
        /// Which template, and which variant of it.
        template: String,
        /// The name that was asked for.
        parameter: String,
        /// The name that was probably meant, or all there are.
        help: String,
    },
    /// With that value the definition would not be sound.
    #[error("`{value}` does not fit `{name}`, {says}, which is now `{now}`\n{problems}", name = .parameter.name, says = .parameter.says, now = .parameter.value)]
    Unfit {
        /// The parameter as it is.
        parameter: Box<Parameter>,
        /// The value that does not fit.
        value: String,
        /// What would be wrong with the definition.
        problems: Problems,
    },
}

/// A parameter without a value.
#[derive(Debug, Clone)]
pub(crate) struct Declared {
    pub name: String,
    at: String,
    says: String,
}

impl Declared {
    /// With the value that stands in a definition, if there is one.
    pub fn found_in(self, reading: &Reading) -> Option<Parameter> {
        let at = self.at.split('.').fold(Path::default(), |path, key| path.key(key));
        let value = reading.scalar(&at)?.to_owned();
        Some(Parameter { name: self.name, says: self.says, value, at })
    }
}

/// What a `parameters.yaml` declares. The tests of this crate read every one without a problem.
pub(crate) fn declared(file: &str) -> Vec<Declared> {
    read(file).0
}

fn read(file: &str) -> (Vec<Declared>, Problems) {
    let (found, problems) = decode::document("parameters.yaml", file.as_bytes(), Examples::default(), |value| {
        value.map("a mapping of parameters", parameter)
    });
    (found.into_iter().flatten().map(|(_, declared)| declared).collect(), problems)
}

fn parameter(name: &str, value: Value<'_>) -> Option<Declared> {
    let mut fields = value.fields("a parameter")?;
    let (at, says) = (fields.required("at", text), fields.required("says", text));
    fields.finish();
    Some(Declared { name: name.to_owned(), at: at?, says: says? })
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn every_file_of_parameters_is_well_written_and_all_of_them_are_somewhere() {
        for template in crate::all() {
            let (declared, problems) = read(template.parameters);
            assert!(problems.is_empty() && !declared.is_empty(), "{template}\n{problems}");
            let variants = || crate::all().into_iter().filter(|other| other.id == template.id);
            for declared in declared {
                let known =
                    variants().any(|variant| variant.parameters().iter().any(|found| found.name == declared.name));
                assert!(known, "{template}: nothing stands at `{}`", declared.at);
            }
        }
    }
}
