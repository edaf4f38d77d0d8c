//! Writes what became of scenarios as JUnit XML.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::{Report, Row};

/// The XML: a suite for each file, a case for each scenario. A file that could not be run is an error.
pub(super) fn write(reports: &[Report]) -> io::Result<Vec<u8>> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer
        .create_element("testsuites")
        .write_inner_content(|writer| reports.iter().try_for_each(|report| suite(writer, report)))?;
    Ok(writer.into_inner())
}

fn suite(writer: &mut Writer<Vec<u8>>, report: &Report) -> io::Result<()> {
    let failed = report.scenarios.iter().filter(|row| !row.passed).count();
    let attributes = [
        ("name", clean(&report.file)),
        ("tests", report.scenarios.len().to_string()),
        ("failures", failed.to_string()),
        ("errors", usize::from(report.unreadable.is_some()).to_string()),
    ];
    let attributes = attributes.iter().map(|(name, value)| (*name, value.as_str()));
    writer.create_element("testsuite").with_attributes(attributes).write_inner_content(|writer| {
        report.unreadable.iter().try_for_each(|why| unreadable(writer, &report.file, why))?;
        report.scenarios.iter().try_for_each(|row| case(writer, &report.file, row))
    })?;
    Ok(())
}

/// A case in the place of those that could not be run.
fn unreadable(writer: &mut Writer<Vec<u8>>, file: &str, why: &str) -> io::Result<()> {
    let file = clean(file);
    let names = [("name", "the file can be run"), ("classname", file.as_str()), ("file", file.as_str())];
    writer
        .create_element("testcase")
        .with_attributes(names)
        .write_inner_content(|writer| what(writer, "error", why))?;
    Ok(())
}

/// What went wrong: in short, and in full.
fn what(writer: &mut Writer<Vec<u8>>, element: &str, text: &str) -> io::Result<()> {
    let (short, full) = (clean(&in_short(text)), clean(text));
    let element = writer.create_element(element).with_attribute(("message", short.as_str()));
    element.write_text_content(BytesText::new(&full))?;
    Ok(())
}

/// What was expected and found; where that is not said, the first line.
fn in_short(text: &str) -> String {
    let said =
        text.lines().map(str::trim).filter(|line| ["expected: ", "found: "].iter().any(|word| line.starts_with(word)));
    let said: Vec<&str> = said.take(2).collect();
    if said.is_empty() { text.lines().next().unwrap_or_default().to_owned() } else { said.join(", ") }
}

fn case(writer: &mut Writer<Vec<u8>>, file: &str, row: &Row) -> io::Result<()> {
    let (name, file, line) = (clean(&row.name), clean(file), row.line.to_string());
    let case = writer.create_element("testcase").with_attributes([
        ("name", name.as_str()),
        ("classname", file.as_str()),
        ("file", file.as_str()),
        ("line", line.as_str()),
    ]);
    let Some(message) = &row.message else {
        case.write_empty()?;
        return Ok(());
    };
    case.write_inner_content(|writer| what(writer, "failure", message))?;
    Ok(())
}

/// Without characters that XML cannot hold.
fn clean(text: &str) -> String {
    let is_allowed = |c: &char| matches!(c, '\n' | '\t') || !(c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}'));
    text.chars().filter(is_allowed).collect()
}
