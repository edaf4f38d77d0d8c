//! A file that is laid out says what it said, and stays as it is the second time.

#![no_main]

use grieta_core::{Process, yaml};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(process) = Process::read("fuzz.yaml", bytes) {
        let formatted = yaml::format("fuzz.yaml", bytes).unwrap_or_else(|problems| panic!("{problems}"));
        let again = yaml::read("formatted.yaml", formatted.as_bytes());
        let same = again.definition.as_ref() == Some(process.definition());
        assert!(same, "laid out as\n{formatted}\n{}", again.problems);
    }
    if let Ok(formatted) = yaml::format("fuzz.yaml", bytes) {
        let again = yaml::format("formatted.yaml", formatted.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(again, formatted, "laid out differently the second time");
    }
});
