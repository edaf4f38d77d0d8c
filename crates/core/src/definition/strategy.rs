//! How a response is called by those who wrote down the exception patterns: Russell, van der Aalst and ter Hofstede,
//! "Workflow exception patterns" (CAiSE 2006).

use super::{Crack, Recovery, Response};

/// How far a work item had got when a crack struck it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Held {
    /// Nobody had it yet.
    Offered,
    /// Somebody had it, and had not begun.
    Allocated,
    /// Somebody, or a system, was at work.
    Started,
}

impl Crack {
    /// The standard triple of the response to this crack, such as `SRA-CWC-NIL`: what becomes of the work item, of the
    /// case, and what is undone.
    pub fn triple(&self, held: Held) -> String {
        let item = strategy(self.response.as_ref(), self.interrupts(), held);
        let case = match self.response {
            Some(Response::CancelCase) => "RCC",
            Some(Response::CancelAll) => "RAC",
            _ => "CWC",
        };
        let recovery = match self.recover {
            Recovery::Nothing => "NIL",
            Recovery::RollBack => "RBK",
            Recovery::Compensate => "COM",
        };
        format!("{item}-{case}-{recovery}")
    }
}

/// What becomes of the work item. Work that nobody holds cannot be taken from anybody: it is offered anew.
fn strategy(response: Option<&Response>, interrupts: bool, held: Held) -> &'static str {
    let of = |offered, allocated, started| match held {
        Held::Offered => offered,
        Held::Allocated => allocated,
        Held::Started => started,
    };
    match response {
        Some(Response::Continue) => of("OCO", "ACA", "SCE"),
        Some(Response::Restart) => of("OCO", "ACA", "SRS"),
        Some(Response::Retry { .. } | Response::Reoffer(_)) => of("ORO", "ARO", "SRO"),
        Some(Response::Reallocate(_)) => of("ORO", "ARA", "SRA"),
        Some(Response::Skip(_)) => of("OFC", "AFC", "SFC"),
        Some(Response::Fail | Response::CancelCase | Response::CancelAll) => of("OFF", "AFF", "SFF"),
        None if interrupts => of("OFF", "AFF", "SFF"),
        None => of("OCO", "ACA", "SCE"),
    }
}
