//! Carries out the cases of a process: for the people who work, the services that answer and the timers that fall due.
//!
//! [`Engine`] keeps everything in memory. It starts no thread and waits for nothing: each verb does what follows from it
//! and returns. Due timers fire when [`Engine::advance_to`] is called, or before the next verb.

mod case_clock;
mod cases;
mod clock;
mod data;
mod drive;
mod engine;
mod error;
mod explanation;
mod item;
mod service;

pub use case_clock::CaseClock;
pub use cases::Recorded;
pub use clock::{Clock, ManualClock, SystemClock};
pub use data::Data;
pub use engine::Engine;
pub use error::EngineError;
pub use explanation::Explanation;
pub use grieta_core::world::{CaseId, Delivery, ItemId, Message};
pub use item::WorkItem;
pub use service::{CaseView, Failure, Reply};
