//! CRM processes that can be checked, simulated and run as they stand, embedded in the program.
//!
//! What is meant to be changed has a name, so that nobody has to look for it in the file; the rest is a definition like any
//! other:
//!
//! ```
//! let template = grieta_templates::lead_qualification().with("sdr", 4)?.with("leads", 90)?;
//! assert!(template.text().contains("people: 4"));
//!
//! let mut definition = template.definition();
//! definition.title = Some("Leads of our own".to_owned());
//! let process = grieta_core::Process::new(definition)?;
//! assert_eq!(process.definition().start, "capture-lead");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod catalogue;
mod parameter;
mod template;

pub use catalogue::*;
pub use parameter::{Parameter, ParameterError};
pub use template::Template;

use grieta_core::definition::Variant;

/// The template with that identifier and variant.
pub fn find(id: &str, variant: Variant) -> Option<Template> {
    all().into_iter().find(|template| template.id() == id && template.variant() == Some(variant))
}

/// The template in that file of `process-templates`, such as `lead-qualification/to-be.yaml`: what a life cycle names.
pub fn file(name: &str) -> Option<Template> {
    let is_it = |template: &Template| template.file().strip_prefix("process-templates/") == Some(name);
    all().into_iter().chain([in_use()]).find(is_it)
}

/// The skeleton with that identifier, such as `case-escalation`.
pub fn skeleton(id: &str) -> Option<Template> {
    skeletons().into_iter().find(|template| template.id() == id)
}
