//! Whatever bytes a definition file holds, reading it ends, and everything it says can be shown; what is accepted is written
//! so that it says the same.

#![no_main]

use std::sync::Arc;

use grieta_core::diagnostic::Colours;
use grieta_core::{Plan, Process, yaml};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    match Process::read("fuzz.yaml", bytes) {
        Ok(process) => {
            let _ = process.warnings().to_string();
            let definition = process.definition().clone();
            if let Err(problems) = Plan::new(Arc::new(process)) {
                assert!(!problems.to_string().is_empty());
            }
            let written = definition.to_yaml();
            let again = yaml::read("written.yaml", written.as_bytes());
            assert!(again.definition.as_ref() == Some(&definition), "written as\n{written}\n{}", again.problems);
        }
        Err(problems) => {
            assert!(!problems.to_string().is_empty());
            assert!(!problems.annotated(Colours::Never).is_empty());
        }
    }
});
