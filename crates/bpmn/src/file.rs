//! What a BPMN file says about control flow, as far as a definition can say it. Nothing else gets here.

use grieta_core::definition::Span;
use grieta_core::diagnostic::Place;

/// The processes of a file and what they tell each other.
#[derive(Debug, Default)]
pub(crate) struct File {
    pub pools: Vec<Pool>,
    pub message_flows: Vec<MessageFlow>,
}

/// A process with something in it.
#[derive(Debug)]
pub(crate) struct Pool {
    pub id: String,
    pub name: Option<String>,
    /// Nodes of all levels, in the order of the file.
    pub nodes: Vec<Node>,
    pub flows: Vec<Flow>,
}

/// Where messages go from one pool to another.
#[derive(Debug)]
pub(crate) struct MessageFlow {
    pub id: String,
    pub name: Option<String>,
    pub from: String,
    pub to: String,
}

/// A flow node. Nodes and flows are named by their positions in the pool.
#[derive(Debug)]
pub(crate) struct Node {
    pub id: String,
    pub name: Option<String>,
    /// The name of the element, such as `userTask`.
    pub element: String,
    pub place: Place,
    /// The subprocess that it is inside.
    pub inside: Option<usize>,
    pub what: What,
    /// The name of the lane, its own or that of the subprocess around.
    pub lane: Option<String>,
    /// The name of the message that it names.
    pub message: Option<String>,
    /// The flow taken when no condition holds.
    pub default: Option<usize>,
    pub incoming: Vec<usize>,
    pub outgoing: Vec<usize>,
    /// The events on its border.
    pub boundary: Vec<usize>,
}

impl Node {
    /// Whether messages can come to it.
    pub fn receives(&self) -> bool {
        match self.what {
            What::Start { by_message } => by_message,
            What::Catch(Catch::Message) | What::Activity { work: Work::Receive, .. } => true,
            _ => false,
        }
    }

    /// Whether a process without start events begins with it, as one with a start event does with that.
    pub fn may_begin(&self) -> bool {
        let caught_link = self.what == What::Pass && self.element == "intermediateCatchEvent";
        let boundary = matches!(self.what, What::Boundary { .. });
        self.incoming.is_empty() && !caught_link && !boundary
    }

    /// Whether it is there to send a message.
    pub fn throws(&self) -> bool {
        let throw = matches!(self.what, What::Throw(Throw::Message) | What::End(End::Throw(Throw::Message)));
        throw || matches!(self.what, What::Activity { work: Work::Send, .. })
    }
}

/// A sequence flow.
#[derive(Debug)]
pub(crate) struct Flow {
    pub id: String,
    pub name: Option<String>,
    pub place: Place,
    pub from: usize,
    pub to: usize,
    /// Whether it has a condition, whatever that says.
    pub conditional: bool,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum What {
    /// A start event; whatever triggers it, a token comes out.
    Start {
        by_message: bool,
    },
    /// Nothing happens here: a token passes.
    Pass,
    Activity {
        work: Work,
        again: Again,
    },
    Gateway(Gateway),
    Catch(Catch),
    Throw(Throw),
    End(End),
    Boundary {
        host: usize,
        trigger: Trigger,
        interrupts: bool,
    },
}

/// What goes on in an activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Work {
    Human,
    Service,
    Send,
    Receive,
    /// A process by the name that the activity gives it.
    Call(String),
    Subprocess,
}

/// How often an activity is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    Once,
    /// A loop that asks before each time.
    Before,
    /// A loop that asks after each time.
    After,
    /// Several instances.
    Each {
        times: Option<u32>,
        one_by_one: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gateway {
    Exclusive,
    Parallel,
    Inclusive,
    Event,
}

/// What an intermediate event waits for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Catch {
    Message,
    Timer(Span),
    /// A signal or condition: whoever brings it about is outside.
    Outside(String),
}

/// What an event tells others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Throw {
    Message,
    Signal(String),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum End {
    Plain,
    /// All that goes on in the same scope ends.
    Terminate,
    Throw(Throw),
}

/// What strikes an activity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Trigger {
    Timer(Span),
    Error,
    Outside,
}
