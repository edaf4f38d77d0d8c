//! The life cycle of a customer across processes: the stages they come through, where they and the house meet, and what one
//! department hands to the next.
//!
//! A [`LifeCycle`] is read from a file beside the definitions it names. [`check`] says what is missing in it and what is lost
//! between departments; [`united`] makes of its definitions one network of processes with the same people.
//!
//! ```
//! use grieta_lifecycle::{LifeCycle, Processes, check};
//!
//! let file = "life-cycle: shop\nversion: 1.0.0\ncustomer: customer_id\ndepartments: { sales: { owner: ana } }\n\
//!             stages: { lead: { department: sales, last: true } }\n";
//! let life_cycle = LifeCycle::read("shop.yaml", file.as_bytes())?;
//! let found = check(&life_cycle, &Processes::new());
//! assert_eq!(found.problems[0].message, "nobody of `sales` is in any role: no process has one of it");
//! # Ok::<(), grieta_core::diagnostic::Problems>(())
//! ```

mod check;
mod connections;
mod definition;
mod journey;
mod processes;
mod read;
mod readiness;
mod show;
mod stubs;
mod united;

pub use check::{Diagnosis, check};
pub use connections::{Connection, connections};
pub use definition::{
    Consent, Contact, Department, Direction, Entry, HandOff, LifeCycle, Maturity, Place, Promise, Stage, Touchpoint,
    Volume,
};
pub use journey::{
    Cohort, ContactRule, Contacts, FunnelRow, History, Journey, Milestone, Overlap, Passage, PromiseResult, Promised,
    Route, Way,
};
pub use processes::Processes;
pub use readiness::{MaturityRow, Readiness};
pub use stubs::{Stub, stubs};
pub use united::united;
