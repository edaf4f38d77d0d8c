//! Decides which case gets a message, and which messages are kept until somebody waits for them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use indexmap::IndexMap;
use thiserror::Error;

use super::CaseId;
use super::channels::Channels;
use crate::index::TokenIx;
use crate::time::{Duration, Timestamp};
use crate::value::{Decimal, Value};

/// The subscriptions of all cases, the messages that are kept, and the ids of those that have come.
///
/// A subscription and a message meet when they have the same name and the same key; a side without key meets every key.
/// Who waits longest gets the message, and takes the oldest one. No call takes longer because of what waits elsewhere.
///
/// Times given must not go back. What is due at a point in time is still in time at that point.
///
/// ```
/// use grieta_core::world::{CaseId, Delivery, Exchange, Message};
/// use grieta_core::{Duration, Timestamp, TokenIx};
///
/// let mut exchange = Exchange::default();
/// let now = Timestamp::EPOCH;
/// let paid = |order: &str| Message { key: order.into(), keep: Some(Duration::DAY), ..Message::named("paid") };
///
/// let (case, token) = (CaseId(1), TokenIx(0));
/// assert!(exchange.subscribe(now, case, token, "paid", &"order 7".into(), false).is_none());
/// assert_eq!(exchange.deliver(now, &paid("order 8")), Delivery::Kept);
/// assert_eq!(exchange.deliver(now, &paid("order 7")), Delivery::To(case, token));
///
/// let kept = exchange.subscribe(now, case, token, "paid", &"order 8".into(), false);
/// assert_eq!(kept, Some(paid("order 8")));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Exchange {
    subscriptions: Channels<(CaseId, TokenIx)>,
    /// The number of each subscription among them.
    waiting: BTreeMap<(CaseId, TokenIx), u64>,
    kept: Channels<Kept>,
    /// The kept messages by the time until which they are kept.
    leaving: BTreeSet<(Timestamp, u64)>,
    /// By name and id, until when it is remembered.
    seen: IndexMap<Id, Timestamp>,
    forgetting: BTreeSet<(Timestamp, Id)>,
    limits: Limits,
}

/// The name and the id of a message.
type Id = (Arc<str>, Arc<str>);

#[derive(Debug, Clone)]
struct Kept {
    until: Timestamp,
    message: Message,
}

/// A message between cases, or from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its name.
    pub name: String,
    /// Which of those who wait is meant; `Absent` for any. A choice counts by its position, so whoever sends to other
    /// processes gives it as text.
    pub key: Value,
    /// The fields it brings, by name.
    pub data: Vec<(String, Value)>,
    /// What the sender calls it: a second message of that name with the same id is the same message.
    pub id: Option<String>,
    /// How long it is kept when nobody waits for it; lost when absent.
    pub keep: Option<Duration>,
}

impl Message {
    /// A message of that name with nothing else: for anybody, and lost when nobody waits.
    pub fn named(name: &str) -> Message {
        Message { name: name.to_owned(), key: Value::Absent, data: Vec::new(), id: None, keep: None }
    }
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Delivery {
    /// It is for this token of this case, which waits no longer.
    To(CaseId, TokenIx),
    /// Nobody waits for it; it is kept.
    Kept,
    /// Nobody waits for it, and it is not kept.
    Lost,
    /// It has come before.
    Duplicate,
    /// It was not accepted, and may be sent again later.
    Refused(Refusal),
}

/// Why a message was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Too many messages are kept.
    #[error(
        "{most} messages are kept already, and nobody waits for this one; send it again later, or keep messages for a shorter time"
    )]
    TooManyKept {
        /// The most that may be kept.
        most: usize,
    },
    /// Too many ids are remembered.
    #[error("the ids of {most} messages are remembered already; send it again later, or without an id")]
    TooManyIds {
        /// The most that may be remembered.
        most: usize,
    },
}

/// How much an exchange holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most messages that are kept at a time.
    pub kept: usize,
    /// The most ids that are remembered at a time.
    pub ids: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { kept: 100_000, ids: 1_000_000 }
    }
}

impl Exchange {
    /// Ids are remembered as long as the message would be kept, and at least for that long.
    pub const REMEMBERED: Duration = Duration::DAY;

    /// An exchange that holds no more than that.
    pub fn with_limits(limits: Limits) -> Exchange {
        Exchange { limits, ..Exchange::default() }
    }

    /// Lets a token wait for a message, unless one is kept for it: that is then given, kept no longer, and the token does
    /// not wait. A transient subscription takes only what comes from now on. A token waits for one message at a time; what
    /// it waited for before is forgotten.
    pub fn subscribe(
        &mut self,
        at: Timestamp,
        case: CaseId,
        token: TokenIx,
        name: &str,
        key: &Value,
        transient: bool,
    ) -> Option<Message> {
        self.expire(at);
        self.unsubscribe(case, token);
        let key = &known_by(key);
        if !transient && let Some((number, _)) = self.kept.oldest(name, key) {
            return self.take(number).map(|kept| kept.message);
        }
        let number = self.subscriptions.insert(name, key, (case, token));
        self.waiting.insert((case, token), number);
        None
    }

    /// Whether a message is kept that a subscription would be given.
    pub(super) fn keeps(&mut self, at: Timestamp, name: &str, key: &Value) -> bool {
        self.expire(at);
        self.kept.oldest(name, &known_by(key)).is_some()
    }

    /// Lets a token wait no longer. True when it did.
    pub fn unsubscribe(&mut self, case: CaseId, token: TokenIx) -> bool {
        let number = self.waiting.remove(&(case, token));
        number.and_then(|number| self.subscriptions.remove(number)).is_some()
    }

    /// Lets no token of a case wait any longer.
    pub fn unsubscribe_all(&mut self, case: CaseId) {
        let of_case = self.waiting.range((case, TokenIx(0))..=(case, TokenIx::NONE));
        let tokens: Vec<TokenIx> = of_case.map(|((_, token), _)| *token).collect();
        for token in tokens {
            self.unsubscribe(case, token);
        }
    }

    /// Decides what becomes of a message that comes at that time.
    pub fn deliver(&mut self, at: Timestamp, message: &Message) -> Delivery {
        self.expire(at);
        let id = message.id.as_deref().map(|id| (Arc::from(message.name.as_str()), Arc::from(id)));
        if id.as_ref().is_some_and(|id| self.seen.contains_key(id)) {
            return Delivery::Duplicate;
        }
        if id.is_some() && self.seen.len() >= self.limits.ids {
            return Delivery::Refused(Refusal::TooManyIds { most: self.limits.ids });
        }
        let delivery = self.route(at, message);
        if let (Some(id), false) = (id, matches!(delivery, Delivery::Refused(_))) {
            let until = at + message.keep.unwrap_or_default().max(Exchange::REMEMBERED);
            self.forgetting.insert((until, id.clone()));
            self.seen.insert(id, until);
        }
        delivery
    }

    /// Forgets the messages and ids whose time is over.
    pub fn expire(&mut self, at: Timestamp) {
        while self.leaving.first().is_some_and(|(until, _)| *until < at) {
            if let Some((_, number)) = self.leaving.pop_first() {
                self.kept.remove(number);
            }
        }
        while self.forgetting.first().is_some_and(|(until, _)| *until < at) {
            if let Some((_, id)) = self.forgetting.pop_first() {
                self.seen.swap_remove(&id);
            }
        }
    }

    /// How many tokens wait.
    pub fn waiting(&self) -> usize {
        self.subscriptions.len()
    }

    /// How many messages are kept; those whose time is over are counted until [`Exchange::expire`] or any other call that
    /// knows the time.
    pub fn kept(&self) -> usize {
        self.kept.len()
    }

    fn route(&mut self, at: Timestamp, message: &Message) -> Delivery {
        if let Some((_, (case, token))) = self.subscriptions.oldest(&message.name, &known_by(&message.key)) {
            let (case, token) = (*case, *token);
            self.unsubscribe(case, token);
            return Delivery::To(case, token);
        }
        let Some(until) = message.keep.map(|keep| at + keep).filter(|until| *until >= at) else {
            return Delivery::Lost;
        };
        if self.kept.len() >= self.limits.kept {
            return Delivery::Refused(Refusal::TooManyKept { most: self.limits.kept });
        }
        let number = self.kept.insert(&message.name, &known_by(&message.key), Kept { until, message: message.clone() });
        self.leaving.insert((until, number));
        Delivery::Kept
    }

    /// Takes a message from those that are kept.
    fn take(&mut self, number: u64) -> Option<Kept> {
        let kept = self.kept.remove(number)?;
        self.leaving.remove(&(kept.until, number));
        Some(kept)
    }
}

/// The key as it is compared: an integer meets a decimal as a decimal.
fn known_by(key: &Value) -> Value {
    match key {
        Value::Integer(whole) => Value::Decimal(Decimal::from(*whole)),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests;
