//! Which templates there are. Adding one is a folder and a row here.

use std::borrow::Cow;

use grieta_core::definition::Variant;

use crate::Template;

/// The text of a file of `process-templates/`.
macro_rules! file {
    ($($name:expr),+) => { include_str!(concat!("../process-templates/", $($name),+)) };
}

/// The functions of the templates, and the list of them all.
macro_rules! templates {
    ($($(#[$doc:meta])+ $to_be:ident, $as_is:ident: $id:literal, $title:literal;)+) => {
        $(
            $(#[$doc])+
            /// As it should be.
            pub fn $to_be() -> Template {
                templates!(@of $id, $title, Variant::ToBe, "/to-be.yaml")
            }

            $(#[$doc])+
            /// As it is often done.
            pub fn $as_is() -> Template {
                templates!(@of $id, $title, Variant::AsIs, "/as-is.yaml")
            }
        )+

        /// Every template for real work, as it is and as it should be. Skeletons are not among them: see [`skeletons`].
        pub fn all() -> Vec<Template> {
            vec![$($as_is(), $to_be()),+]
        }
    };
    (@of $id:literal, $title:literal, $variant:expr, $file:literal) => {
        Template {
            id: $id,
            variant: Some($variant),
            title: $title,
            file: concat!("process-templates/", $id, $file),
            parameters: file!($id, "/parameters.yaml"),
            text: Cow::Borrowed(file!($id, $file)),
        }
    };
}

templates! {
    /// From a new lead to an opportunity in the hands of sales.
    lead_qualification, lead_qualification_as_is: "lead-qualification", "Lead qualification";

    /// From the call or e-mail that opens a case to the day it is closed for good.
    case_escalation, case_escalation_as_is: "case-escalation", "Case escalation";

    /// From the moment an order comes in until the customer uses what was ordered.
    order_to_service, order_to_service_as_is: "order-to-service", "Order to service";

    /// From a signal of a customer until they buy again, stay, go, or are left in peace.
    customer_reentry, customer_reentry_as_is: "customer-reentry", "Customer re-entry";

    /// From the first ring until what it was about is done, or somebody has called back.
    telephone_reception, telephone_reception_as_is: "telephone-reception", "Telephone reception";
}

/// The life cycle of a customer across the templates as they should be. The files that it names are found by [`file`](crate::file).
pub const CUSTOMER_LIFE_CYCLE: &str = file!("customer-life-cycle.yaml");

/// The relationship with a customer who has bought: the part of the life cycle that is no template of its own.
pub fn in_use() -> Template {
    Template {
        id: "in-use",
        variant: Some(Variant::ToBe),
        title: "In use",
        file: "process-templates/customer-life-cycle/in-use.yaml",
        parameters: "",
        text: Cow::Borrowed(file!("customer-life-cycle/in-use.yaml")),
    }
}

macro_rules! skeleton {
    ($id:literal, $title:literal) => {
        Template {
            id: $id,
            variant: None,
            title: $title,
            file: concat!("process-templates/skeletons/", $id, ".yaml"),
            parameters: "",
            text: Cow::Borrowed(file!("skeletons/", $id, ".yaml")),
        }
    };
}

/// Five flows by chance alone, whose figures are known exactly: the truth tests of the simulator.
pub fn skeletons() -> Vec<Template> {
    vec![
        skeleton!("lead-qualification", "Lead qualification, skeleton"),
        skeleton!("case-escalation", "Case escalation, skeleton"),
        skeleton!("order-to-service", "Order to service, skeleton"),
        skeleton!("customer-reentry", "Customer reentry, skeleton"),
        skeleton!("telephone-reception", "Telephone reception, skeleton"),
    ]
}
