//! Whatever bytes a definition file holds, reading it ends, and everything it says can be shown; what is accepted is written
//! and laid out so that it says the same, and is laid out once and for all.

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
            let formatted = yaml::format("fuzz.yaml", bytes).unwrap_or_else(|problems| panic!("{problems}"));
            let again = yaml::read("formatted.yaml", formatted.as_bytes());
            assert!(again.definition.as_ref() == Some(&definition), "laid out as\n{formatted}\n{}", again.problems);
        }
        Err(problems) => {
            assert!(!problems.to_string().is_empty());
            assert!(!problems.annotated(Colours::Never).is_empty());
        }
    }
    if let Ok(formatted) = yaml::format("fuzz.yaml", bytes) {
        let again = yaml::format("formatted.yaml", formatted.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(again, formatted, "laid out differently the second time");
    }
});
