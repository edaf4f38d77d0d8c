//! Writes what became of scenarios as JUnit XML.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::{Report, Row};

/// The XML: a suite for each file, a case for each scenario.
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
    ];
    let attributes = attributes.iter().map(|(name, value)| (*name, value.as_str()));
    writer
        .create_element("testsuite")
        .with_attributes(attributes)
        .write_inner_content(|writer| report.scenarios.iter().try_for_each(|row| case(writer, &report.file, row)))?;
    Ok(())
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
    let (first, all) = (clean(message.lines().next().unwrap_or_default()), clean(message));
    case.write_inner_content(|writer| {
        let failure = writer.create_element("failure").with_attribute(("message", first.as_str()));
        failure.write_text_content(BytesText::new(&all))?;
        Ok(())
    })?;
    Ok(())
}

/// Without characters that XML cannot hold.
fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}
