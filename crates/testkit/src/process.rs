//! What a test can be given as a process.

use std::fmt;
use std::sync::Arc;

use grieta_core::Process;
use grieta_core::definition::Definition;

/// A process for a test: checked, or a definition that is checked now, or the text of a YAML file, or the result of
/// reading one.
pub trait IntoProcess {
    /// The checked process.
    ///
    /// # Errors
    /// Everything that is wrong with it, in words.
    fn into_process(self) -> Result<Arc<Process>, String>;
}

impl IntoProcess for Arc<Process> {
    fn into_process(self) -> Result<Arc<Process>, String> {
        Ok(self)
    }
}

impl IntoProcess for &Arc<Process> {
    fn into_process(self) -> Result<Arc<Process>, String> {
        Ok(Arc::clone(self))
    }
}

impl IntoProcess for Process {
    fn into_process(self) -> Result<Arc<Process>, String> {
        Ok(Arc::new(self))
    }
}

impl IntoProcess for Definition {
    fn into_process(self) -> Result<Arc<Process>, String> {
        Process::new(self).into_process()
    }
}

impl IntoProcess for &str {
    fn into_process(self) -> Result<Arc<Process>, String> {
        Process::read("process.yaml", self.as_bytes()).into_process()
    }
}

impl<P: IntoProcess, E: fmt::Display> IntoProcess for Result<P, E> {
    fn into_process(self) -> Result<Arc<Process>, String> {
        self.map_err(|error| error.to_string())?.into_process()
    }
}
