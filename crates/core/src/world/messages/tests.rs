//! Tables for each rule, and the exchange against a list that is searched from the beginning.

use std::time::Instant;

use proptest::prelude::*;

use super::*;

const NOBODY: Value = Value::Absent;
const NOW: Timestamp = Timestamp::EPOCH;

fn hours(hours: i64) -> Duration {
    Duration::from_micros(Duration::HOUR.as_micros() * hours)
}

fn to(case: u64) -> Delivery {
    Delivery::To(CaseId(case), TokenIx(0))
}

fn paid(key: Value) -> Message {
    Message { key, keep: Some(hours(2)), ..Message::named("paid") }
}

/// Lets the only token of a case wait for `paid`.
fn wait(exchange: &mut Exchange, at: Timestamp, case: u64, key: &Value) -> Option<Message> {
    exchange.subscribe(at, CaseId(case), TokenIx(0), "paid", key, false)
}

#[test]
fn a_message_goes_to_the_oldest_subscription_that_fits() {
    let check = |keys: [Value; 3], key: Value, expected| {
        let mut exchange = Exchange::default();
        for (case, own) in keys.iter().enumerate() {
            assert_eq!(wait(&mut exchange, NOW, case as u64, own), None);
        }
        assert_eq!(exchange.deliver(NOW, &Message { keep: None, ..paid(key.clone()) }), expected, "{keys:?} {key:?}");
    };
    let (a, b) = (|| Value::from(1), || Value::from(2));
    check([a(), b(), b()], b(), to(1));
    check([a(), b(), b()], NOBODY, to(0));
    check([b(), NOBODY, a()], a(), to(1));
    check([b(), a(), NOBODY], a(), to(1));
    check([a(), a(), a()], b(), Delivery::Lost);
    check([a(), a(), a()], "1".into(), Delivery::Lost);
}

#[test]
fn a_subscription_is_used_up() {
    let mut exchange = Exchange::default();
    wait(&mut exchange, NOW, 1, &NOBODY);
    wait(&mut exchange, NOW, 2, &NOBODY);
    let delivered = [0; 3].map(|_| exchange.deliver(NOW, &Message::named("paid")));
    assert_eq!(delivered, [to(1), to(2), Delivery::Lost]);
    assert_eq!(exchange.deliver(NOW, &Message::named("other")), Delivery::Lost);
}

#[test]
fn who_waits_no_longer_gets_nothing() {
    let mut exchange = Exchange::default();
    for token in [0, 1, 2] {
        exchange.subscribe(NOW, CaseId(1), TokenIx(token), "paid", &NOBODY, false);
    }
    wait(&mut exchange, NOW, 2, &NOBODY);
    assert!(exchange.unsubscribe(CaseId(1), TokenIx(0)) && !exchange.unsubscribe(CaseId(1), TokenIx(0)));
    assert_eq!(exchange.deliver(NOW, &Message::named("paid")), Delivery::To(CaseId(1), TokenIx(1)));
    exchange.unsubscribe_all(CaseId(1));
    assert_eq!(exchange.deliver(NOW, &Message::named("paid")), to(2));
    assert_eq!(exchange.waiting(), 0);
}

#[test]
fn a_token_waits_for_one_message_at_a_time() {
    let mut exchange = Exchange::default();
    exchange.subscribe(NOW, CaseId(1), TokenIx(0), "refunded", &NOBODY, false);
    wait(&mut exchange, NOW, 1, &NOBODY);
    assert_eq!(exchange.waiting(), 1);
    assert_eq!(exchange.deliver(NOW, &Message::named("refunded")), Delivery::Lost);
    assert_eq!(exchange.deliver(NOW, &Message::named("paid")), to(1));
}

#[test]
fn a_kept_message_waits_until_its_time_is_over() {
    let check = |after: i64, found: bool| {
        let mut exchange = Exchange::default();
        assert_eq!(exchange.deliver(NOW, &paid(NOBODY)), Delivery::Kept);
        let at = NOW + Duration::from_micros(after);
        assert_eq!(wait(&mut exchange, at, 1, &7.into()), found.then(|| paid(NOBODY)), "after {after}");
        assert_eq!((exchange.kept(), exchange.waiting()), (0, usize::from(!found)));
    };
    check(0, true);
    check(hours(2).as_micros(), true);
    check(hours(2).as_micros() + 1, false);
    let mut exchange = Exchange::default();
    let backwards = Message { keep: Some(hours(-1)), ..paid(NOBODY) };
    assert_eq!(exchange.deliver(NOW, &backwards), Delivery::Lost);
    assert_eq!(exchange.deliver(NOW, &Message { keep: Some(Duration::ZERO), ..backwards }), Delivery::Kept);
    exchange.expire(NOW + hours(1));
    assert_eq!(exchange.kept(), 0);
}

#[test]
fn the_oldest_kept_message_that_fits_is_taken() {
    let mut exchange = Exchange::default();
    for (key, keep) in [(2.into(), 9), (1.into(), 1), (NOBODY, 9), (1.into(), 9)] {
        exchange.deliver(NOW, &Message { keep: Some(hours(keep)), ..paid(key) });
    }
    let later = NOW + hours(5);
    let keys = [1.into(), 1.into(), 1.into(), NOBODY, NOBODY]
        .map(|key| wait(&mut exchange, later, 1, &key).map(|message| message.key));
    assert_eq!(keys, [Some(NOBODY), Some(1.into()), None, Some(2.into()), None]);
}

#[test]
fn a_transient_subscription_takes_only_what_comes() {
    let mut exchange = Exchange::default();
    exchange.deliver(NOW, &paid(NOBODY));
    assert_eq!(exchange.subscribe(NOW, CaseId(1), TokenIx(0), "paid", &NOBODY, true), None);
    assert_eq!((exchange.deliver(NOW, &paid(NOBODY)), exchange.kept()), (to(1), 1));
}

#[test]
fn an_id_is_accepted_once_while_it_is_remembered() {
    let check = |keep: Option<Duration>, after: i64, expected| {
        let mut exchange = Exchange::default();
        let message = Message { id: Some("m1".into()), keep, ..Message::named("paid") };
        wait(&mut exchange, NOW, 1, &NOBODY);
        assert_eq!(exchange.deliver(NOW, &message), to(1));
        let at = NOW + hours(after);
        wait(&mut exchange, at, 2, &NOBODY);
        let other = Message { name: "other".into(), keep: None, ..message.clone() };
        assert_eq!(exchange.deliver(at, &other), Delivery::Lost, "an id belongs to a name");
        assert_eq!(exchange.deliver(at, &message), expected, "{keep:?} after {after} h");
    };
    check(None, 24, Delivery::Duplicate);
    check(None, 25, to(2));
    check(Some(hours(1)), 24, Delivery::Duplicate);
    check(Some(hours(48)), 48, Delivery::Duplicate);
    check(Some(hours(48)), 49, to(2));
}

#[test]
fn a_full_exchange_refuses_and_forgets_nothing() {
    let mut exchange = Exchange::with_limits(Limits { kept: 1, ids: 2 });
    let message = |id: &str| Message { id: Some(id.into()), ..paid(NOBODY) };
    assert_eq!(exchange.deliver(NOW, &message("a")), Delivery::Kept);
    let Delivery::Refused(refusal) = exchange.deliver(NOW, &message("b")) else { panic!("it is full") };
    assert_eq!(
        refusal.to_string(),
        "1 messages are kept already, and nobody waits for this one; send it again later, or keep messages for a shorter time"
    );
    assert!(wait(&mut exchange, NOW, 1, &NOBODY).is_some());
    assert_eq!(exchange.deliver(NOW, &message("b")), Delivery::Kept, "what was refused may come again");
    assert_eq!(exchange.deliver(NOW, &message("c")), Delivery::Refused(Refusal::TooManyIds { most: 2 }));
    assert_eq!(exchange.deliver(NOW, &message("a")), Delivery::Duplicate);
    assert_eq!(exchange.deliver(NOW + hours(25), &message("c")), Delivery::Kept, "the others are forgotten");
}

/// Fast enough only if nothing searches all that waits: a search would take ten thousand million steps.
#[test]
fn a_hundred_thousand_cases_may_wait() {
    let start = Instant::now();
    let mut exchange = Exchange::default();
    let cases = 100_000;
    for case in 0..cases {
        wait(&mut exchange, NOW, case, &(case as i64).into());
    }
    for case in (0..cases).rev() {
        assert_eq!(exchange.deliver(NOW, &paid((case as i64).into())), to(case));
    }
    for case in 0..cases {
        assert_eq!(exchange.deliver(NOW, &paid((case as i64).into())), Delivery::Kept);
    }
    for case in (0..cases).rev() {
        assert!(wait(&mut exchange, NOW, case, &(case as i64).into()).is_some());
    }
    assert!(start.elapsed() < std::time::Duration::from_secs(10), "took {:?}", start.elapsed());
}

/// The same rules by searching lists from the beginning.
#[derive(Default)]
struct Naive {
    waiting: Vec<(CaseId, TokenIx, String, Value)>,
    kept: Vec<(Timestamp, Message)>,
    seen: Vec<(Timestamp, String, String)>,
    limits: Limits,
}

fn meet(a: &Value, b: &Value) -> bool {
    a == b || a.is_absent() || b.is_absent()
}

impl Naive {
    fn expire(&mut self, at: Timestamp) {
        self.kept.retain(|(until, _)| *until >= at);
        self.seen.retain(|(until, ..)| *until >= at);
    }

    fn unsubscribe(&mut self, case: CaseId, token: TokenIx) -> bool {
        let before = self.waiting.len();
        self.waiting.retain(|waiting| (waiting.0, waiting.1) != (case, token));
        self.waiting.len() < before
    }

    fn subscribe(&mut self, case: CaseId, token: TokenIx, name: &str, key: &Value, transient: bool) -> Option<Message> {
        self.unsubscribe(case, token);
        let fits = |(_, message): &(Timestamp, Message)| message.name == name && meet(&message.key, key);
        match self.kept.iter().position(fits).filter(|_| !transient) {
            Some(position) => Some(self.kept.remove(position).1),
            None => {
                self.waiting.push((case, token, name.to_owned(), key.clone()));
                None
            }
        }
    }

    fn deliver(&mut self, at: Timestamp, message: &Message) -> Delivery {
        if let Some(id) = &message.id {
            if self.seen.iter().any(|(_, name, seen)| *name == message.name && seen == id) {
                return Delivery::Duplicate;
            }
            if self.seen.len() >= self.limits.ids {
                return Delivery::Refused(Refusal::TooManyIds { most: self.limits.ids });
            }
        }
        let fits =
            |waiting: &(CaseId, TokenIx, String, Value)| waiting.2 == message.name && meet(&waiting.3, &message.key);
        let delivery = match (self.waiting.iter().position(fits), message.keep) {
            (Some(position), _) => {
                let (case, token, ..) = self.waiting.remove(position);
                Delivery::To(case, token)
            }
            (None, None) => Delivery::Lost,
            (None, Some(_)) if self.kept.len() >= self.limits.kept => {
                return Delivery::Refused(Refusal::TooManyKept { most: self.limits.kept });
            }
            (None, Some(keep)) => {
                self.kept.push((at + keep, message.clone()));
                Delivery::Kept
            }
        };
        if let Some(id) = &message.id {
            let until = at + message.keep.unwrap_or_default().max(Duration::DAY);
            self.seen.push((until, message.name.clone(), id.clone()));
        }
        delivery
    }
}

#[derive(Debug, Clone)]
enum Operation {
    Subscribe { case: CaseId, token: TokenIx, name: &'static str, key: Value, transient: bool },
    Unsubscribe(CaseId, TokenIx),
    UnsubscribeAll(CaseId),
    Deliver(Message),
    Pass(Duration),
}

fn operation() -> impl Strategy<Value = Operation> {
    let name = || prop::sample::select(vec!["paid", "sent"]);
    let key = || prop::sample::select(vec![Value::Absent, 1.into(), 2.into(), "1".into()]);
    let case = || (0u64..4).prop_map(CaseId);
    let token = || (0u16..3).prop_map(TokenIx);
    let id = prop::option::weighted(0.4, prop::sample::select(vec!["x", "y", "z"]));
    let keep = prop::option::of(prop::sample::select(vec![0, 1, 30]));
    let message = (name(), key(), id, keep, any::<i64>()).prop_map(|(name, key, id, keep, content)| Message {
        name: name.to_owned(),
        key,
        data: vec![("content".to_owned(), content.into())],
        id: id.map(str::to_owned),
        keep: keep.map(hours),
    });
    prop_oneof![
        4 => (case(), token(), name(), key(), any::<bool>()).prop_map(|(case, token, name, key, transient)| {
            Operation::Subscribe { case, token, name, key, transient }
        }),
        1 => (case(), token()).prop_map(|(case, token)| Operation::Unsubscribe(case, token)),
        1 => case().prop_map(Operation::UnsubscribeAll),
        6 => message.prop_map(Operation::Deliver),
        2 => prop::sample::select(vec![0, 1, 10, 25]).prop_map(|after| Operation::Pass(hours(after))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn it_does_what_a_search_from_the_beginning_does(operations in prop::collection::vec(operation(), 0..80)) {
        let limits = Limits { kept: 4, ids: 4 };
        let (mut exchange, mut naive) = (Exchange::with_limits(limits), Naive { limits, ..Naive::default() });
        let mut at = NOW;
        for operation in operations {
            naive.expire(at);
            match &operation {
                Operation::Subscribe { case, token, name, key, transient } => prop_assert_eq!(
                    exchange.subscribe(at, *case, *token, name, key, *transient),
                    naive.subscribe(*case, *token, name, key, *transient)
                ),
                Operation::Unsubscribe(case, token) => {
                    prop_assert_eq!(exchange.unsubscribe(*case, *token), naive.unsubscribe(*case, *token));
                }
                Operation::UnsubscribeAll(case) => {
                    exchange.unsubscribe_all(*case);
                    naive.waiting.retain(|waiting| waiting.0 != *case);
                }
                Operation::Deliver(message) => {
                    prop_assert_eq!(exchange.deliver(at, message), naive.deliver(at, message));
                }
                Operation::Pass(time) => at = at + *time,
            }
            prop_assert_eq!(exchange.waiting(), naive.waiting.len());
        }
        exchange.expire(at);
        naive.expire(at);
        prop_assert_eq!(exchange.kept(), naive.kept.len());
        prop_assert_eq!(exchange.seen.len(), naive.seen.len());
        prop_assert_eq!(exchange.leaving.len(), exchange.kept());
        prop_assert_eq!(exchange.forgetting.len(), exchange.seen.len());
        prop_assert_eq!(exchange.waiting.len(), exchange.waiting());
    }
}
