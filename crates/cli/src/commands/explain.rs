//! `grieta explain`: the page on a kind of problem.

use clap::Args;
use grieta_core::diagnostic::{Code, nearest};

use crate::output::{self, Failure, Findings};

/// Explain what `grieta check` reports
///
/// Prints the page on each code: what it means, an example that is wrong, the report it gets, and the example mended.
/// Without a code: every code there is.
#[derive(Debug, Args)]
pub struct Explain {
    /// What stands in brackets in a report, such as `unknown-step`
    codes: Vec<String>,
}

/// The pages of `docs/problems` by their codes.
const PAGES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/pages.rs"));

impl Explain {
    pub fn run(&self) -> Result<Findings, Failure> {
        let text = match self.codes.is_empty() {
            true => all(),
            false => self.codes.iter().map(|code| page(code)).collect::<Result<Vec<_>, _>>()?.join("\n"),
        };
        output::print(&text)?;
        Ok(Findings::None)
    }
}

fn all() -> String {
    let width = Code::ALL.iter().map(|code| code.as_str().len()).max().unwrap_or(0);
    Code::ALL.iter().map(|code| format!("{:width$}  {}\n", code.as_str(), code.summary())).collect()
}

fn page(code: &str) -> Result<&'static str, Failure> {
    let found = PAGES.iter().find(|(name, _)| *name == code).map(|(_, page)| *page);
    found.ok_or_else(|| {
        let help = match nearest(code, Code::ALL.iter().map(|code| code.as_str())) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`grieta explain` lists those there are".to_owned(),
        };
        Failure::Usage(format!("there is no code `{code}`; {help}"))
    })
}
