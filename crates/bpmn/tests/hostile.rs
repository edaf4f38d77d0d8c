//! Whatever a file holds, reading it ends soon, with a model or with problems.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use std::fmt::Write as _;

use grieta_core::Process;
use grieta_core::diagnostic::Code;
use proptest::prelude::*;
use support::{file, process};

/// The codes of what is wrong with a file.
fn codes(bytes: &[u8]) -> Vec<Code> {
    match grieta_bpmn::read("hostile.bpmn", bytes) {
        Ok(model) => panic!("{model:?}"),
        Err(problems) => problems.list.iter().map(|problem| problem.code).collect(),
    }
}

#[test]
fn what_is_no_bpmn_is_said_so() {
    let model = "http://www.omg.org/spec/BPMN/20100524/MODEL";
    for text in [
        "",
        "process: order",
        "<a/>",
        "<definitions/>",
        "<definitions xmlns=\"http://schema.omg.org/spec/BPMN/2.0\"><process id=\"p\"><task id=\"a\"/></process></definitions>",
        &format!("<!DOCTYPE d [<!ENTITY e \"x\">]><definitions xmlns=\"{model}\"/>"),
        &format!("<definitions xmlns=\"{model}\"><process id=\"&e;\"/></definitions>"),
        &format!("<definitions xmlns=\"{model}\">&e;</definitions>"),
        &format!("<definitions xmlns=\"{model}\">&#xFFFFFFF;</definitions>"),
        &format!("<definitions xmlns=\"{model}\"><process id=\"p\" id=\"q\"/></definitions>"),
        &format!("<definitions xmlns=\"{model}\"><x:process id=\"p\"/></definitions>"),
        &format!("<definitions xmlns=\"{model}\"><process xmlns=\"\" id=\"p\"/></definitions>"),
        &format!("<definitions xmlns=\"{model}\"></process>"),
        &format!("<definitions xmlns=\"{model}\"><process id=\"p\">"),
        &format!("<definitions xmlns=\"{model}\"/><definitions xmlns=\"{model}\"/>"),
    ] {
        assert_eq!(codes(text.as_bytes()), [Code::NotBpmn], "{text}");
    }
    assert_eq!(codes(b"<definitions>\xf1</definitions>"), [Code::NotUtf8]);
    assert_eq!(codes(&[0xff, 0xfe, b'<', 0]), [Code::NotUtf8]);
}

#[test]
fn latin_1_is_read_where_the_file_says_so() {
    let mut bytes = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>".to_vec();
    let text = process("<task id=\"a\" name=\"Pr@fen\"/>");
    bytes.extend(text.bytes().map(|byte| if byte == b'@' { 0xfc } else { byte }));
    let model = grieta_bpmn::read("latin.bpmn", &bytes).unwrap();
    assert_eq!(model.processes[0].elements["pruefen"].name.as_deref(), Some("Prüfen"));
}

#[test]
fn everything_is_bounded() {
    let deep = |name: &str, levels| format!("<{name} id=\"i\">").repeat(levels) + &format!("</{name}>").repeat(levels);
    assert_eq!(codes(file(&deep("process", 300)).as_bytes()), [Code::TooLarge]);
    assert_eq!(codes(file(&format!("<extensionElements>{}", deep("x", 300))).as_bytes()), [Code::TooLarge]);
    let attributes = (0..300).fold(String::new(), |mut text, number| {
        write!(text, " a{number}=\"\"").unwrap();
        text
    });
    assert_eq!(codes(file(&format!("<process{attributes}/>")).as_bytes()), [Code::TooLarge]);
    assert_eq!(codes(&vec![b' '; (8 << 20) + 1]), [Code::TooLarge]);
}

#[test]
fn many_nodes_in_a_line_or_in_a_circle_are_read() {
    let many = 20_000;
    let mut line = String::from("<task id=\"n0\"/>");
    for at in 1..many {
        write!(line, "<exclusiveGateway id=\"n{at}\"/>").unwrap();
        write!(line, "<sequenceFlow id=\"f{at}\" sourceRef=\"n{}\" targetRef=\"n{at}\"/>", at - 1).unwrap();
    }
    let model = grieta_bpmn::read("line.bpmn", process(&line).as_bytes()).unwrap();
    assert_eq!(model.processes[0].definition.steps.len(), 2);
    write!(line, "<sequenceFlow id=\"f\" sourceRef=\"n{}\" targetRef=\"n1\"/>", many - 1).unwrap();
    let model = grieta_bpmn::read("circle.bpmn", process(&line).as_bytes()).unwrap();
    assert_eq!(model.processes[0].definition.steps.len(), 2);
}

#[test]
fn many_nodes_of_one_name_at_one_gateway_are_read() {
    let mut file = String::from("<startEvent id=\"s\"/><exclusiveGateway id=\"g\"/> s>g ");
    let mut all = support::process(&file);
    file.clear();
    for at in 0..20_000 {
        write!(
            file,
            "<task id=\"t{at}\" name=\"Same\"/><sequenceFlow id=\"f{at}\" sourceRef=\"g\" targetRef=\"t{at}\"/>"
        )
        .unwrap();
    }
    all = all.replace("</process>", &format!("{file}</process>"));
    let model = grieta_bpmn::read("wide.bpmn", all.as_bytes()).unwrap();
    assert_eq!(model.processes[0].definition.steps.len(), 20_002);
}

/// Elements that mean something, in any order and wrongly connected.
fn element() -> impl Strategy<Value = String> {
    const NODES: [&str; 14] = [
        "<task id=\"?\"/>",
        "<startEvent id=\"?\"/>",
        "<endEvent id=\"?\"/>",
        "<exclusiveGateway id=\"?\"/>",
        "<parallelGateway id=\"?\"/>",
        "<inclusiveGateway id=\"?\"/>",
        "<eventBasedGateway id=\"?\"/>",
        "<receiveTask id=\"?\"/>",
        "<sendTask id=\"?\"/>",
        "<intermediateThrowEvent id=\"?\"/>",
        "<boundaryEvent id=\"?\" attachedToRef=\"n1\"><timerEventDefinition/></boundaryEvent>",
        "<subProcess id=\"?\"><task id=\"in?\"/></subProcess>",
        "<task id=\"?\"><standardLoopCharacteristics/></task>",
        "<task id=\"?\" name=\"A\"><multiInstanceLoopCharacteristics/></task>",
    ];
    (0..NODES.len()).prop_map(|kind| NODES[kind].to_owned())
}

/// Nodes n0, n1, … with flows between them.
fn connected() -> impl Strategy<Value = String> {
    let nodes = prop::collection::vec(element(), 2..9);
    (nodes, prop::collection::vec((0..9usize, 0..9usize), 0..16)).prop_map(|(nodes, flows)| {
        let count = nodes.len();
        let mut text = String::new();
        for (at, node) in nodes.iter().enumerate() {
            text += &node.replace('?', &format!("n{at}"));
        }
        for (from, to) in flows {
            write!(text, " n{}>n{} ", from % count, to % count).unwrap();
        }
        process(&text)
    })
}

proptest! {
    #[test]
    fn whatever_is_connected_is_read_or_refused_with_places(file in connected()) {
        match grieta_bpmn::read("random.bpmn", file.as_bytes()) {
            Ok(model) => for participant in model.processes {
                // An end that cannot be reached is all that may be wrong with it.
                if let Err(problems) = Process::new(participant.definition) {
                    let errors = problems.list.iter().filter(|problem| problem.severity == grieta_core::diagnostic::Severity::Error);
                    for problem in errors {
                        prop_assert_eq!(problem.code, Code::NoEnd, "{}\n{}", problems, file);
                    }
                }
            },
            Err(problems) => prop_assert!(problems.list.iter().all(|problem| problem.place.is_some())),
        }
    }

    #[test]
    fn what_is_cut_off_is_no_bpmn(file in connected(), at in 0.0..1.0f64) {
        let cut = (file.len() as f64 * at) as usize;
        prop_assert!(grieta_bpmn::read("cut.bpmn", &file.as_bytes()[..cut]).is_err());
    }

    #[test]
    fn no_byte_makes_it_panic(file in connected(), places in prop::collection::vec((0.0..1.0f64, any::<u8>()), 1..6)) {
        let mut bytes = file.into_bytes();
        for (at, byte) in places {
            let at = (bytes.len() as f64 * at) as usize;
            bytes[at] = byte;
        }
        if let Ok(model) = grieta_bpmn::read("spoilt.bpmn", &bytes) {
            model.processes.into_iter().for_each(|participant| _ = Process::new(participant.definition));
        }
    }
}
