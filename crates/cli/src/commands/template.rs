//! `grieta template`: which processes there are to start from, and one of them as a file of one's own.

use std::fs::File;
use std::io::{ErrorKind, Write};

use clap::{Args, Subcommand, ValueEnum};
use grieta_core::definition::Variant;
use grieta_core::diagnostic::suggest;
use grieta_report::words;
use grieta_templates::Parameter;

use crate::output::{self, Failure, Findings};

/// Processes to start from
#[derive(Debug, Subcommand)]
pub enum Template {
    /// List the templates, and what can be set in them
    List,
    New(New),
}

/// Write a template as a definition file
#[derive(Debug, Args)]
pub struct New {
    /// Which, such as `order-to-service`
    id: String,
    /// The work as it should be, or as it is often done
    #[arg(long, value_enum, default_value_t = Which::ToBe)]
    variant: Which,
    /// Set a parameter, such as `sdr=4`; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = setting)]
    set: Vec<(String, String)>,
    /// The file to write, which must not be there yet; otherwise it goes to the standard output
    #[arg(long, value_name = "FILE")]
    to: Option<String>,
}

/// A variant, as it is called on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Which {
    AsIs,
    ToBe,
}

impl Template {
    pub fn run(&self) -> Result<Findings, Failure> {
        match self {
            Template::List => output::print(&list())?,
            Template::New(new) => new.write()?,
        }
        Ok(Findings::None)
    }
}

/// Each template with its parameters, and their values in both variants.
fn list() -> String {
    let all = grieta_templates::all();
    let both = all.iter().filter(|template| template.variant() == Some(Variant::ToBe));
    let pages = both.map(|to_be| {
        let as_is = grieta_templates::find(to_be.id(), Variant::AsIs).map_or_else(Vec::new, |as_is| as_is.parameters());
        let title = format!("{}: {}, as-is and to-be\n", to_be.id(), to_be.title());
        title + &rows(&as_is, &to_be.parameters())
    });
    pages.collect::<Vec<_>>().join("\n")
}

/// A line for each parameter of either variant.
fn rows(as_is: &[Parameter], to_be: &[Parameter]) -> String {
    let value = |of: &[Parameter], name: &str| {
        of.iter().find(|found| found.name == name).map_or_else(words::dash, |found| found.value.clone())
    };
    let only_as_is = as_is.iter().filter(|one| to_be.iter().all(|other| other.name != one.name));
    let rows = to_be.iter().chain(only_as_is).map(|parameter| {
        let name = parameter.name.as_str();
        [name.to_owned(), value(as_is, name), value(to_be, name), parameter.says.clone()]
    });
    let head = ["parameter", "as-is", "to-be", "what it says"].map(str::to_owned);
    let rows: Vec<_> = std::iter::once(head).chain(rows).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let [names, before, after] = [width(0), width(1), width(2)];
    rows.iter()
        .map(|[name, one, other, says]| format!("  {name:names$}  {one:before$}  {other:after$}  {says}\n"))
        .collect()
}

impl New {
    fn write(&self) -> Result<(), Failure> {
        let variant = match self.variant {
            Which::AsIs => Variant::AsIs,
            Which::ToBe => Variant::ToBe,
        };
        let template = grieta_templates::find(&self.id, variant).ok_or_else(|| {
            let all = grieta_templates::all();
            let help = suggest(&self.id, all.iter().map(|template| template.id()).step_by(2)).unwrap_or_default();
            Failure::Usage(format!("there is no template `{}`; {help}", self.id))
        })?;
        let template = self.set.iter().try_fold(template, |template, (name, value)| template.with(name, value));
        let template = template.map_err(|error| Failure::Usage(error.to_string()))?;
        match &self.to {
            None => output::print(template.text()),
            Some(file) => {
                let written = File::create_new(file).and_then(|mut file| file.write_all(template.text().as_bytes()));
                written.map_err(|error| match error.kind() {
                    ErrorKind::AlreadyExists => {
                        Failure::Usage(format!("`{file}` is there already, and stays as it is; name another file"))
                    }
                    _ => Failure::Rewrite(file.clone(), error),
                })
            }
        }
    }
}

/// `sdr=4`
fn setting(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or_else(|| format!("expected NAME=VALUE, found `{text}`"))?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}
