//! Life cycles of the repository, and copies of them in which something is changed.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail like tests")]
#![allow(dead_code, reason = "each test file uses its own part")]

use std::path::{Path, PathBuf};

use grieta_lifecycle::{Diagnosis, LifeCycle, Processes, check};

/// A life cycle and its processes.
pub struct Copy {
    pub life_cycle: LifeCycle,
    pub processes: Processes,
}

/// In that file something is replaced.
pub type Edit<'a> = (&'a str, &'a str, &'a str);

pub fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)
}

impl Copy {
    /// A life cycle of the repository; `archive.yaml` is a copy of `helping.yaml`.
    pub fn of(folder: &Path, file: &str, edits: &[Edit<'_>]) -> Copy {
        let open = |name: &str| {
            let text = match name {
                "archive.yaml" => std::fs::read_to_string(folder.join("helping.yaml")).ok()?,
                _ => std::fs::read_to_string(folder.join(name)).ok()?,
            };
            let text = if name == "archive.yaml" { text.replace("process: helping", "process: archive") } else { text };
            let own = edits.iter().filter(|(file, ..)| *file == name);
            Some(own.fold(text, |text, (_, from, to)| {
                assert!(text.contains(from), "{name} has no `{from}`");
                text.replacen(from, to, 1)
            }))
        };
        let text = open(file).unwrap();
        let life_cycle = LifeCycle::read(file, text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"));
        let processes = Processes::read(&life_cycle, |name| open(name).map(String::into_bytes));
        Copy { life_cycle, processes }
    }

    pub fn shop(edits: &[Edit<'_>]) -> Copy {
        Copy::of(&folder("docs/shop"), "life-cycle.yaml", edits)
    }

    pub fn catalogue() -> Copy {
        Copy::of(&folder("process-templates"), "customer-life-cycle.yaml", &[])
    }

    pub fn check(&self) -> Diagnosis {
        check(&self.life_cycle, &self.processes)
    }
}
