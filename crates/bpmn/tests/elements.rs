//! What becomes of each kind of element: the process in BPMN, and the definition as it is written.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use insta::assert_snapshot;
use support::{file, problems, process, yaml};

#[test]
fn tasks_become_work_of_the_lane_or_of_the_system() {
    assert_snapshot!(yaml(
        r#"<laneSet><lane id="l" name="Sales desk"><flowNodeRef>a</flowNodeRef></lane></laneSet>
        <startEvent id="s"/><task id="a" name="Call the lead"/><manualTask id="b"/><userTask id="c"/>
        <serviceTask id="d"/><scriptTask id="e"/><businessRuleTask id="f"/><endEvent id="g" name="Done"/>
        s>a a>b b>c c>d d>e e>f f>g"#
    ));
}

#[test]
fn what_sends_and_waits() {
    assert_snapshot!(yaml(
        r#"<startEvent id="s"/><sendTask id="offer" messageRef="m1"/><receiveTask id="answer" messageRef="m2"/>
        <intermediateThrowEvent id="confirm"><messageEventDefinition/></intermediateThrowEvent>
        <intermediateCatchEvent id="later" name="Later"><timerEventDefinition><timeDuration>P2DT3H</timeDuration></timerEventDefinition></intermediateCatchEvent>
        <intermediateCatchEvent id="some-day"><timerEventDefinition><timeDate>${date}</timeDate></timerEventDefinition></intermediateCatchEvent>
        <intermediateCatchEvent id="payment"><messageEventDefinition/></intermediateCatchEvent>
        <intermediateCatchEvent id="go"><signalEventDefinition signalRef="sig"/></intermediateCatchEvent>
        <intermediateCatchEvent id="in-stock" name="In stock"><conditionalEventDefinition><condition/></conditionalEventDefinition></intermediateCatchEvent>
        <intermediateThrowEvent id="shout"><signalEventDefinition signalRef="other"/></intermediateThrowEvent>
        <endEvent id="e"><messageEventDefinition messageRef="m1"/></endEvent>
        s>offer offer>answer answer>confirm confirm>later later>some-day some-day>payment payment>go go>in-stock in-stock>shout shout>e"#
    ));
}

#[test]
fn an_exclusive_gateway_behind_work_becomes_its_outcomes() {
    assert_snapshot!(yaml(
        r#"<startEvent id="s"/><task id="a"/><exclusiveGateway id="x" name="Good?"/><task id="b" name="Pack"/><endEvent id="e"/>
        s>a a>x x>b x>e:No x>a b>e"#
    ));
}

#[test]
fn an_exclusive_gateway_behind_anything_else_becomes_a_choice() {
    assert_snapshot!(yaml(
        r#"<startEvent id="s"/><exclusiveGateway id="x" name="Good?" default="x-b"/><task id="b"/><task id="c"/>
        <exclusiveGateway id="merge"/><endEvent id="e"/>
        s>x x>b x>c:No x>merge:Perhaps b>merge c>merge merge>e"#
    ));
}

#[test]
fn parallel_gateways_become_fork_and_join() {
    assert_snapshot!(yaml(
        r#"<startEvent id="s"/><parallelGateway id="f"/><task id="a"/><task id="b"/><parallelGateway id="mixed"/>
        <parallelGateway id="nothing"/><task id="c"/><task id="d"/><parallelGateway id="j"/><endEvent id="e"/>
        s>f f>a f>b a>mixed b>mixed mixed>nothing nothing>c mixed>d c>j d>j j>e"#
    ));
}

#[test]
fn inclusive_gateways_become_some_and_join_live() {
    assert_snapshot!(yaml(
        r#"<startEvent id="s"/><inclusiveGateway id="f" default="f-c"/><task id="a"/><task id="b"/><task id="c"/>
        <inclusiveGateway id="j"/><endEvent id="e"/>
        s>f f>a:Gift f>b f>c a>j b>j c>j j>e"#
    ));
}

#[test]
fn an_event_based_gateway_becomes_a_race() {
    assert_snapshot!(yaml(
        r#"<startEvent id="s"/><eventBasedGateway id="g"/><receiveTask id="answer"/>
        <intermediateCatchEvent id="late"><timerEventDefinition><timeDuration>PT5M</timeDuration></timerEventDefinition></intermediateCatchEvent>
        <endEvent id="e"/><endEvent id="gone"><terminateEventDefinition/></endEvent>
        s>g g>answer g>late answer>e late>gone"#
    ));
}

#[test]
fn several_flows_on_from_an_activity() {
    assert_snapshot!(yaml(
        r#"<startEvent id="s"/><task id="all"/><task id="a"/><task id="some" default="some-e"/><task id="both"/><endEvent id="e"/>
        s>all all>a all>some all>some a>e some>e some>a? some>both? both>e both>a both>s2? <task id="s2"/>"#
    ));
}

#[test]
fn paths_that_stop_end() {
    assert_snapshot!(yaml(r#"<task id="a"/><task id="b"/><task id="c"/> a>b a>c"#));
}

#[test]
fn several_beginnings() {
    assert_snapshot!(
        "start_events",
        yaml(
            r#"<startEvent id="web" name="From the web"/><startEvent id="phone"><messageEventDefinition/></startEvent>
        <task id="a"/><task id="b"/> web>a phone>b a>b"#
        )
    );
    assert_snapshot!(
        "no_start_event",
        yaml(r#"<task id="a"/><task id="b"/><parallelGateway id="j"/><endEvent id="e"/> a>j b>j j>e"#)
    );
}

#[test]
fn boundary_events_become_cracks() {
    assert_snapshot!(yaml(
        r#"<startEvent id="s"/><task id="a"/><endEvent id="e"/><task id="b"/><task id="c"/>
        <boundaryEvent id="late" name="Too late" attachedToRef="a"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></boundaryEvent>
        <boundaryEvent id="remind" attachedToRef="a" cancelActivity="false"><timerEventDefinition/></boundaryEvent>
        <boundaryEvent id="broken" attachedToRef="a"><errorEventDefinition/></boundaryEvent>
        <boundaryEvent id="cancelled" attachedToRef="a"><messageEventDefinition/></boundaryEvent>
        <boundaryEvent id="asked" attachedToRef="a" cancelActivity="false"><signalEventDefinition/></boundaryEvent>
        <boundaryEvent id="again" attachedToRef="a" cancelActivity="false"><conditionalEventDefinition/></boundaryEvent>
        s>a a>e late>b late>c broken>e cancelled>b asked>c again>a remind>b b>e c>e"#
    ));
}

#[test]
fn a_send_task_with_a_boundary_event_is_work_before_it_sends() {
    assert_snapshot!(yaml(
        r#"<startEvent id="s"/><sendTask id="a" messageRef="m1"/><endEvent id="e"/>
        <boundaryEvent id="broken" attachedToRef="a"><errorEventDefinition/></boundaryEvent> s>a a>e broken>e"#
    ));
}

#[test]
fn subprocesses_contain_their_steps() {
    assert_snapshot!(yaml(
        r#"<laneSet><lane name="Desk"><flowNodeRef>p</flowNodeRef></lane></laneSet><startEvent id="s"/>
        <subProcess id="p" name="Prepare"><task id="b"/><startEvent id="in"/><task id="a"/><endEvent id="out"/>
          <subProcess id="q"><task id="deep"/></subProcess>
          in>a a>b b>q q>out</subProcess>
        <subProcess id="collapsed"/><boundaryEvent id="late" attachedToRef="p"><timerEventDefinition/></boundaryEvent>
        <endEvent id="e"/> s>p p>collapsed collapsed>e late>e"#
    ));
}

#[test]
fn activities_that_are_done_again() {
    assert_snapshot!(yaml(
        r#"<startEvent id="s"/>
        <task id="after"><standardLoopCharacteristics/></task>
        <task id="before"><standardLoopCharacteristics testBefore="true"/></task>
        <subProcess id="whole"><standardLoopCharacteristics/><task id="w"/></subProcess>
        <task id="each"><multiInstanceLoopCharacteristics isSequential="true"><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics></task>
        <subProcess id="every"><multiInstanceLoopCharacteristics/><task id="x"/></subProcess>
        s>after after>before before>whole whole>each each>every"#
    ));
}

#[test]
fn calls_name_a_process_of_the_file_or_another() {
    let file = file(
        r#"<globalUserTask id="g"/><process id="one"><callActivity id="a" calledElement="two"/><callActivity id="b" calledElement="Archive_It"/>
        <callActivity id="c" calledElement="g"/> a>b b>c</process>
        <process id="two" name="Second"><task id="t"/></process>"#,
    );
    assert_snapshot!(support::written(&file));
}

#[test]
fn links_are_flows() {
    assert_snapshot!(yaml(
        r#"<startEvent id="s"/><task id="a"/><intermediateThrowEvent id="to"><linkEventDefinition name="L"/></intermediateThrowEvent>
        <intermediateCatchEvent id="from"><linkEventDefinition name="L"/></intermediateCatchEvent><task id="b"/>
        s>a a>to from>b"#
    ));
}

#[test]
fn each_flow_to_a_join_is_one_of_its_inputs() {
    assert_snapshot!(yaml(
        r#"<startEvent id="s"/><parallelGateway id="j"/><exclusiveGateway id="x"/><exclusiveGateway id="merge"/>
        <task id="a"/><boundaryEvent id="late" attachedToRef="a"><timerEventDefinition/></boundaryEvent><task id="b"/><endEvent id="e"/>
        s>j j>x x>j:One x>j:Two x>merge x>a a>merge merge>j a>b late>j b>j x>e"#
    ));
}

#[test]
fn pools_tell_each_other() {
    let file = file(
        r#"<collaboration id="c"><participant id="p1" name="Customer" processRef="one"/><participant id="p2" processRef="two"/>
        <participant id="p3" name="Bank"/>
        <messageFlow id="f1" name="Order" sourceRef="order" targetRef="ordered"/>
        <messageFlow id="f2" sourceRef="ask" targetRef="answer"/><messageFlow id="f3" sourceRef="remind" targetRef="answer"/>
        <messageFlow id="f4" sourceRef="ask" targetRef="p3"/><messageFlow id="f5" sourceRef="work" targetRef="paid"/>
        <messageFlow id="f6" sourceRef="p3" targetRef="work"/></collaboration>
        <process id="one"><sendTask id="order"/><receiveTask id="answer"/><task id="work"/> order>answer answer>work</process>
        <process id="two" name="Shop"><startEvent id="ordered"><messageEventDefinition/></startEvent><sendTask id="ask"/>
        <sendTask id="remind"/><receiveTask id="paid"/> ordered>ask ask>remind remind>paid</process>
        <process id="empty"/>"#,
    );
    let model = grieta_bpmn::read("pools.bpmn", file.as_bytes()).unwrap();
    assert_eq!(model.processes[0].started_by, [""; 0]);
    assert_eq!(model.processes[1].started_by, ["order"]);
    assert_snapshot!(support::written(&file));
}

#[test]
fn what_carries_no_token_is_read_past() {
    let with = process(
        r#"<documentation>Text</documentation><dataObject id="d"/><textAnnotation id="t"><text>Hi</text></textAnnotation>
        <association id="as" sourceRef="a" targetRef="t"/><group id="gr"/><property id="pr"/><ioSpecification/>
        <task id="a" name="A &amp; B"><extensionElements><x:y xmlns:x="urn:x"><z xmlns=""/></x:y></extensionElements><incoming>f</incoming>
        <dataInputAssociation><sourceRef>d</sourceRef></dataInputAssociation><potentialOwner/></task>"#,
    );
    let prefixed = with.replace('<', "<w:").replace("<w:/", "</w:").replace("<w:x:", "<x:").replace("</w:x:", "</x:");
    let prefixed = prefixed.replace("xmlns=\"http", "xmlns:w=\"http");
    let without = support::written(&process(r#"<task id="a" name="A &amp; B"/>"#));
    assert_eq!(support::written(&with), without);
    assert_eq!(support::written(&prefixed), without);
}

#[test]
fn elements_are_found_by_the_names_of_their_steps() {
    let file = process(
        r#"<startEvent id="s"/><task id="T1" name="Größe prüfen"/><boundaryEvent id="B1" name="Late" attachedToRef="T1"><timerEventDefinition/></boundaryEvent>
        <exclusiveGateway id="G1"/><task id="T2" name="Größe prüfen"/> s>T1 T1>G1 G1>T2 G1>T1 B1>T2"#,
    );
    let model = grieta_bpmn::read("names.bpmn", file.as_bytes()).unwrap();
    let found: Vec<String> = model.processes[0]
        .elements
        .iter()
        .map(|(step, element)| {
            format!("{step}: {} {} {:?} {}", element.kind, element.id, element.name, element.place.line)
        })
        .collect();
    assert_eq!(
        found,
        [
            "groesse-pruefen: task T1 Some(\"Größe prüfen\") 2",
            "groesse-pruefen-2: task T2 Some(\"Größe prüfen\") 3",
            "end: process p None 1",
            "groesse-pruefen!late: boundaryEvent B1 Some(\"Late\") 2",
        ]
    );
}

#[test]
fn all_that_cannot_be_said_is_named_at_once() {
    assert_snapshot!(problems(&process(
        r#"<startEvent id="s"/>
        <complexGateway id="c" name="Two of three"/>
        <transaction id="t"/>
        <adHocSubProcess id="h"/>
        <subProcess id="es" triggeredByEvent="true"/>
        <subProcess id="p"><task id="in"/><endEvent id="err"><errorEventDefinition/></endEvent>
          <intermediateThrowEvent id="esc"><escalationEventDefinition/></intermediateThrowEvent> in>err</subProcess>
        <task id="two" startQuantity="2"/>
        <task id="undo" isForCompensation="true"/>
        <callActivity id="call"/>
        <task id="until"><multiInstanceLoopCharacteristics><completionCondition/></multiInstanceLoopCharacteristics></task>
        <boundaryEvent id="undone" attachedToRef="two"><compensateEventDefinition/></boundaryEvent>
        <boundaryEvent id="daily" attachedToRef="two" cancelActivity="false"><timerEventDefinition><timeCycle>R/P1D</timeCycle></timerEventDefinition></boundaryEvent>
        <intermediateCatchEvent id="both"><messageEventDefinition/><timerEventDefinition/></intermediateCatchEvent>
        <intermediateCatchEvent id="none"/>
        <intermediateThrowEvent id="lost"><linkEventDefinition name="L"/></intermediateThrowEvent>
        <eventBasedGateway id="eg"/>
        <strangeTask id="strange"/>
        <task id="odd"><somethingNew id="n"/></task>
        s>c c>two eg>two eg>until two>eg"#
    )));
    assert_snapshot!(
        "choreography",
        problems(&file(r#"<choreography id="ch"/><process id="p"><task id="a"/></process>"#))
    );
}

#[test]
fn what_is_wrong_in_bpmn_too_is_said() {
    assert_snapshot!(problems(&process(
        r#"<startEvent id="s"/><task id="a" default="nowhere"/><task id="a"/><endEvent id="e"/><task/>
        <subProcess id="p"><task id="b"/><task id="c"/> b>c c>b</subProcess>
        <boundaryEvent id="late" attachedToRef="nothing"><timerEventDefinition/></boundaryEvent>
        s>nowhere a>b e>a a>s"#
    )));
    assert_snapshot!("nothing_to_begin_with", problems(&process(r#"<task id="a"/><task id="b"/> a>b b>a"#)));
    assert_snapshot!("empty", problems(&file(r#"<process id="p"/>"#)));
}
