//! What a template is, and which there are. Adding one is a file, a constant here, and a place in a list.

use grieta_core::definition::{Definition, Variant};
use grieta_core::diagnostic::Problems;
use grieta_core::{Process, yaml};

/// An embedded process definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    id: &'static str,
    variant: Option<Variant>,
    title: &'static str,
    file: &'static str,
    source: &'static str,
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

    /// The text of its file.
    pub fn source(&self) -> &'static str {
        self.source
    }

    /// Its definition, to be changed before it is used.
    pub fn definition(&self) -> Definition {
        yaml::read(self.file, self.source.as_bytes()).definition.unwrap_or_default()
    }

    /// The checked process, as it stands.
    ///
    /// # Errors
    /// Never for the templates of this crate: its tests read and check every one of them.
    pub fn process(&self) -> Result<Process, Problems> {
        Process::read(self.file, self.source.as_bytes())
    }
}

macro_rules! template {
    ($id:literal, $variant:expr, $title:literal, $file:literal) => {
        Template {
            id: $id,
            variant: $variant,
            title: $title,
            file: concat!("process-templates/", $file),
            source: include_str!(concat!("../process-templates/", $file)),
        }
    };
}

/// The work as it should be.
pub(crate) const LEAD_QUALIFICATION: Template =
    template!("lead-qualification", Some(Variant::ToBe), "Lead qualification", "lead-qualification/to-be.yaml");

/// The same work as it is often done.
pub(crate) const LEAD_QUALIFICATION_AS_IS: Template =
    template!("lead-qualification", Some(Variant::AsIs), "Lead qualification", "lead-qualification/as-is.yaml");

/// Every template for real work.
pub(crate) const TEMPLATES: &[Template] = &[LEAD_QUALIFICATION_AS_IS, LEAD_QUALIFICATION];

/// Five flows by chance alone.
pub(crate) const SKELETONS: &[Template] = &[
    template!("lead-qualification", None, "Lead qualification, skeleton", "skeletons/lead-qualification.yaml"),
    template!("case-escalation", None, "Case escalation, skeleton", "skeletons/case-escalation.yaml"),
    template!("order-to-service", None, "Order to service, skeleton", "skeletons/order-to-service.yaml"),
    template!("customer-reentry", None, "Customer reentry, skeleton", "skeletons/customer-reentry.yaml"),
    template!("telephone-reception", None, "Telephone reception, skeleton", "skeletons/telephone-reception.yaml"),
];
