//! The names by which those who send find those who receive.
//!
//! A message goes to one receiver, so each receiver that message flows lead to has a name of its own, whoever sends;
//! without message flows, those that name the same message meet.

use std::collections::HashMap;

use crate::file::{File, MessageFlow, Node};
use crate::names::Names;

/// What each node sends and receives, by its identifier.
#[derive(Debug, Default)]
pub(crate) struct Messages<'a> {
    received: HashMap<&'a str, String>,
    sent: HashMap<&'a str, Vec<String>>,
}

impl<'a> Messages<'a> {
    pub fn of(file: &'a File) -> Messages<'a> {
        let mut messages = Messages::default();
        let mut names = Names::default();
        let nodes: HashMap<&str, &Node> =
            file.pools.iter().flat_map(|pool| &pool.nodes).map(|node| (node.id.as_str(), node)).collect();
        for flow in &file.message_flows {
            let name = messages.along(flow, &nodes, &mut names);
            if let Some(sender) = nodes.get(flow.from.as_str()) {
                messages.sent.entry(&sender.id).or_default().extend(name);
            }
        }
        messages.without_flows(file, &mut names);
        messages
    }

    /// The name of what goes along a message flow; none where nobody receives it and nobody throws it.
    fn along(&mut self, flow: &'a MessageFlow, nodes: &HashMap<&str, &Node>, names: &mut Names) -> Option<String> {
        let receiver = nodes.get(flow.to.as_str()).filter(|node| node.receives());
        let thrown = nodes.get(flow.from.as_str()).is_some_and(|node| node.throws());
        if let Some(known) = self.received.get(flow.to.as_str()) {
            return Some(known.clone());
        }
        if receiver.is_none() && !thrown {
            return None;
        }
        let message = receiver.and_then(|node| node.message.as_deref());
        let name = names.take([flow.name.as_deref(), message, Some(&flow.id)].into_iter().flatten(), "message");
        if receiver.is_some() {
            self.received.insert(&flow.to, name.clone());
        }
        Some(name)
    }

    /// Names for the nodes that no message flow touches: that of their message, or one of their own.
    fn without_flows(&mut self, file: &'a File, names: &mut Names) {
        let mut known: HashMap<&str, String> = HashMap::new();
        for node in file.pools.iter().flat_map(|pool| &pool.nodes) {
            let receives = node.receives() && !self.received.contains_key(node.id.as_str());
            let sends = node.throws() && !self.sent.contains_key(node.id.as_str());
            if !receives && !sends {
                continue;
            }
            let own = || [node.name.as_deref(), Some(&node.id)].into_iter().flatten();
            let name = match &node.message {
                Some(message) => {
                    known.entry(message).or_insert_with(|| names.take([message.as_str()], "message")).clone()
                }
                None => names.take(own(), "message"),
            };
            match receives {
                true => _ = self.received.insert(&node.id, name),
                false => _ = self.sent.insert(&node.id, vec![name]),
            }
        }
    }

    /// The message that a node waits for.
    pub fn received(&self, node: &Node) -> String {
        self.received.get(node.id.as_str()).cloned().unwrap_or_default()
    }

    /// The messages that a node sends, in the order of the file.
    pub fn sent(&self, node: &Node) -> &[String] {
        self.sent.get(node.id.as_str()).map_or(&[], Vec::as_slice)
    }
}
