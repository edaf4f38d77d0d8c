//! A template: an embedded definition, and those of its values that are meant to be changed.

use std::borrow::Cow;
use std::fmt;

use grieta_core::definition::{Definition, Variant};
use grieta_core::diagnostic::{Problems, suggest};
use grieta_core::{Process, yaml};

use crate::parameter::{self, Parameter, ParameterError};

/// An embedded process definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    pub(crate) id: &'static str,
    pub(crate) variant: Option<Variant>,
    pub(crate) title: &'static str,
    pub(crate) file: &'static str,
    pub(crate) parameters: &'static str,
    pub(crate) text: Cow<'static, str>,
}

impl Template {
    /// Its identifier, shared by its variants.
    pub fn id(&self) -> &'static str {
        self.id
    }

    /// Whether it shows the work as it is or as it should be.
    pub fn variant(&self) -> Option<Variant> {
        self.variant
    }

    /// Its name for people.
    pub fn title(&self) -> &'static str {
        self.title
    }

    /// Where its file lies, seen from the folder of the project.
    pub fn file(&self) -> &'static str {
        self.file
    }

    /// The text of its file, with the parameters that were set.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its parameters and their values, in the order of its `parameters.yaml`; those that its variant does not have are left out.
    pub fn parameters(&self) -> Vec<Parameter> {
        let reading = yaml::read(self.file, self.text.as_bytes());
        parameter::declared(self.parameters).into_iter().filter_map(|declared| declared.found_in(&reading)).collect()
    }

    /// The template with another value of a parameter; the rest of its text stays as it is, comments and all.
    ///
    /// ```
    /// let template = grieta_templates::order_to_service().with("credit-analysts", 2)?.with("orders", 40)?;
    /// assert_eq!(template.definition().roles["credit-analyst"].people.count(), 2);
    ///
    /// let error = grieta_templates::order_to_service().with("credit-analyst", 2).unwrap_err();
    /// assert!(error.to_string().contains("did you mean `credit-analysts`?"));
    /// # Ok::<(), grieta_templates::ParameterError>(())
    /// ```
    ///
    /// # Errors
    /// Where there is no such parameter; and where the definition would not be sound with that value, which says why.
    pub fn with(self, parameter: &str, value: impl fmt::Display) -> Result<Template, ParameterError> {
        let value = value.to_string();
        let reading = yaml::read(self.file, self.text.as_bytes());
        let parameters = self.parameters();
        let Some(found) = parameters.iter().find(|found| found.name == parameter) else {
            let elsewhere = parameter::declared(self.parameters).iter().any(|declared| declared.name == parameter);
            let help = suggest(parameter, parameters.iter().map(|found| found.name.as_str()));
            let help = if elsewhere { Some("it is one of the other variant".to_owned()) } else { help };
            let help = help.unwrap_or_else(|| "it has none".to_owned());
            return Err(ParameterError::Unknown { template: self.to_string(), parameter: parameter.to_owned(), help });
        };
        let text = reading.replace(&found.at, &value);
        let checked = text.map(|text| Process::read(self.file, text.as_bytes()).map(|_| text));
        match checked {
            Some(Ok(text)) => Ok(Template { text: Cow::Owned(text), ..self }),
            other => {
                let problems = other.and_then(Result::err).unwrap_or(Problems { source: None, list: Vec::new() });
                Err(ParameterError::Unfit { parameter: Box::new(found.clone()), value, problems })
            }
        }
    }

    /// Its definition, to be changed before it is used.
    pub fn definition(&self) -> Definition {
        yaml::read(self.file, self.text.as_bytes()).definition.unwrap_or_default()
    }

    /// The checked process.
    ///
    /// # Errors
    /// Never for the templates of this crate: its tests read and check every one of them, and [`Template::with`] takes nothing
    /// else.
    pub fn process(&self) -> Result<Process, Problems> {
        Process::read(self.file, self.text.as_bytes())
    }
}

/// `order-to-service, as-is`
impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)?;
        match self.variant {
            Some(Variant::AsIs) => f.write_str(", as-is"),
            Some(Variant::ToBe) => f.write_str(", to-be"),
            None => f.write_str(", skeleton"),
        }
    }
}
