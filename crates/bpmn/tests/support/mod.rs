//! Short ways to write BPMN and to see what becomes of it.

use grieta_core::Process;

/// A file with these elements.
pub fn file(elements: &str) -> String {
    let messages =
        r#"<message id="m1" name="Offer"/><message id="m2" name="Answer"/><signal id="sig" name="Go ahead"/>"#;
    let model = "http://www.omg.org/spec/BPMN/20100524/MODEL";
    format!("<definitions xmlns=\"{model}\">{messages}\n{}</definitions>", with_flows(elements))
}

/// A file with one process.
pub fn process(elements: &str) -> String {
    file(&format!("<process id=\"p\" name=\"Order\">{elements}</process>"))
}

/// Words such as `a>b:Name`, outside of tags, as sequence flows with the identifier `a-b` (`a-bi` the second time); a question mark gives them a
/// condition.
fn with_flows(elements: &str) -> String {
    let mut written = String::new();
    let mut rest = elements;
    while let Some(begin) = rest.find(['<', '>']) {
        if rest[begin..].starts_with('<') {
            let end = begin + rest[begin..].find('>').unwrap() + 1;
            written.push_str(&rest[..end]);
            rest = &rest[end..];
            continue;
        }
        let from = rest[..begin].rfind(char::is_whitespace).map_or(0, |space| space + 1);
        let end = rest[begin..].find(|c: char| c.is_whitespace() || c == '<').map_or(rest.len(), |end| begin + end);
        let (to, name) = rest[begin + 1..end].split_once(':').unwrap_or((&rest[begin + 1..end], ""));
        let (to, condition) = match to.strip_suffix('?') {
            Some(to) => (to, "<conditionExpression/>"),
            None => (to, ""),
        };
        let source = &rest[from..begin];
        let mut id = format!("{source}-{to}");
        while written.contains(&format!("id=\"{id}\"")) {
            id.push('i');
        }
        written.push_str(&rest[..from]);
        written.push_str(&format!(
            "<sequenceFlow id=\"{id}\" name=\"{name}\" sourceRef=\"{source}\" targetRef=\"{to}\">{condition}</sequenceFlow>"
        ));
        rest = &rest[end..];
    }
    written + rest
}

/// The definitions of a file as they are written, each of which makes a process.
pub fn written(file: &str) -> String {
    let model = grieta_bpmn::read("model.bpmn", file.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"));
    let written = model.processes.into_iter().map(|participant| {
        let yaml = participant.definition.to_yaml();
        assert!(participant.elements.keys().filter(|name| !name.contains('!')).eq(participant.definition.steps.keys()));
        let process = Process::new(participant.definition).unwrap_or_else(|problems| panic!("{yaml}\n{problems}"));
        let read =
            Process::read("written.yaml", yaml.as_bytes()).unwrap_or_else(|problems| panic!("{yaml}\n{problems}"));
        assert_eq!(read.definition(), process.definition());
        yaml
    });
    written.collect::<Vec<_>>().join("---\n")
}

/// The same of a process with these elements.
#[allow(dead_code, reason = "not all tests need it")]
pub fn yaml(elements: &str) -> String {
    written(&process(elements))
}

/// What is wrong with a file.
#[allow(dead_code, reason = "not all tests need it")]
pub fn problems(file: &str) -> String {
    grieta_bpmn::read("model.bpmn", file.as_bytes()).map(|model| panic!("{model:?}")).unwrap_err().to_string()
}
