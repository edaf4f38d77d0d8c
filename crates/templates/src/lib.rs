//! CRM processes that can be checked, simulated and run as they stand, embedded in the program.
//!
//! ```
//! use grieta_core::Process;
//!
//! let mut definition = grieta_templates::lead_qualification();
//! definition.title = Some("Leads of our own".to_owned());
//! let process = Process::new(definition)?;
//! assert_eq!(process.definition().start, "capture-lead");
//! # Ok::<(), grieta_core::diagnostic::Problems>(())
//! ```

mod template;

pub use template::Template;

use grieta_core::definition::{Definition, Variant};

/// Every template for real work. Skeletons are not among them: see [`skeletons`].
pub fn all() -> &'static [Template] {
    template::TEMPLATES
}

/// Five flows by chance alone, whose figures are known exactly: the truth tests of the simulator.
pub fn skeletons() -> &'static [Template] {
    template::SKELETONS
}

/// The template with that identifier and variant.
pub fn find(id: &str, variant: Variant) -> Option<&'static Template> {
    all().iter().find(|template| template.id() == id && template.variant() == Some(variant))
}

/// The skeleton with that identifier, such as `case-escalation`.
pub fn skeleton(id: &str) -> Option<&'static Template> {
    skeletons().iter().find(|template| template.id() == id)
}

/// From a new lead to an opportunity in the hands of sales, as it should be.
pub fn lead_qualification() -> Definition {
    template::LEAD_QUALIFICATION.definition()
}

/// From a new lead to an opportunity in the hands of sales, as it is often done.
pub fn lead_qualification_as_is() -> Definition {
    template::LEAD_QUALIFICATION_AS_IS.definition()
}
