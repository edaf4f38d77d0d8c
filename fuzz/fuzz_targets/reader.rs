//! Whatever bytes a definition file holds, reading it ends, and everything it says can be shown.

#![no_main]

use std::sync::Arc;

use grieta_core::{Plan, Process};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    match Process::read("fuzz.yaml", bytes) {
        Ok(process) => {
            let _ = process.warnings().to_string();
            if let Err(problems) = Plan::new(Arc::new(process)) {
                assert!(!problems.to_string().is_empty());
            }
        }
        Err(problems) => assert!(!problems.to_string().is_empty()),
    }
});
