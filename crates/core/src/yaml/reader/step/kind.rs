//! Reads what a step is: one function for each kind.

use indexmap::IndexMap;

use crate::definition::{Branch, Call, ForEach, Incoming, JoinRule, Kind, Late, Outgoing, Pause};
use crate::diagnostic::Code;
use crate::yaml::decode::{Value, boolean, text, whole, word_meaning};
use crate::yaml::reader::quantity::{span, time};
use crate::yaml::reader::rules::allocation;
use crate::yaml::reader::{expression, given, inside, names, sets, way};

type ReadKind = fn(Value<'_>) -> Option<Kind>;

/// The keys that say what a step is, and how each is read.
pub(super) const KINDS: [(&str, ReadKind); 17] = [
    ("human", human),
    ("service", service),
    ("assign", |_| Some(Kind::Assign)),
    ("decide", decide),
    ("choose", |value| branches(value).map(Kind::Choose)),
    ("some", |value| branches(value).map(Kind::Some)),
    ("fork", fork),
    ("race", |value| names(value).map(Kind::Race)),
    ("join", join),
    ("wait", wait),
    ("subprocess", |value| inside(value).map(Kind::Subprocess)),
    ("for-each", for_each),
    ("cancel", |value| names(value).map(Kind::Cancel)),
    ("receive", receive),
    ("send", send),
    ("call", |value| call(value, "`call`").map(Kind::Call)),
    ("end", end),
];

const LATE: &[(&str, Late)] = &[("ignore", Late::Ignore), ("cancel", Late::Cancel), ("block", Late::Block)];

const AFTERWARDS: &str =
    "branches that come later: `ignore` lets them end, `block` has them wait, `cancel` withdraws them before";

const REST: &str = "the other instances: `ignore` lets them go on, `cancel` withdraws them";

/// `human: sdr` or `human: { role: sdr, takes: …, allocate: …, needs: […] }`.
fn human(value: Value<'_>) -> Option<Kind> {
    if !value.is_mapping() {
        return text(value).map(Kind::human);
    }
    let mut fields = value.fields("`human`")?;
    let role = fields.required("role", text);
    let takes = fields.optional("takes", time);
    let allocate = fields.optional("allocate", allocation).unwrap_or_default();
    let needs = fields.optional("needs", names).unwrap_or_default();
    let (set_up, take_over) = (fields.optional("set-up", time), fields.optional("take-over", time));
    fields.finish();
    Some(Kind::Human { role: role?, takes, allocate, needs, set_up, take_over })
}

fn decide(value: Value<'_>) -> Option<Kind> {
    if value.scalar().is_none() {
        let help = "`decide` names a table under `decisions`; to branch on conditions write `choose`";
        return value.expected_with("the name of a decision", Some(help));
    }
    text(value).map(Kind::Decide)
}

fn service(value: Value<'_>) -> Option<Kind> {
    if let Some((handler, _)) = value.scalar() {
        let help = format!("write `service: {{ handler: {handler} }}`, or `service: {{}}`");
        return value.expected_with("`service` as a mapping", Some(&help));
    }
    let mut fields = value.fields("`service`")?;
    let kind = Kind::Service { handler: fields.optional("handler", text), takes: fields.optional("takes", time) };
    fields.finish();
    Some(kind)
}

fn branches(value: Value<'_>) -> Option<Vec<Branch>> {
    value.list("a list of branches, as in `- { when: attempts >= 6, to: given-up }`", branch)
}

fn branch(value: Value<'_>) -> Option<Branch> {
    let mut fields = value.fields("a branch")?;
    let help = "remove it; what the world decides by chance are the `outcomes` of a step";
    fields.misplaced("chance", Code::ChanceOnGuard, "a branch has no chance, because the data decide here", help);
    let (when, to) = if fields.has("otherwise") {
        let help = "`otherwise` is for when no guard holds; keep one of them";
        fields.contradicts("when", "otherwise", Code::UnknownKey, "a branch has either `when` or `otherwise`", help);
        let help = "write `{ otherwise: step }`";
        fields.contradicts("to", "otherwise", Code::UnknownKey, "`otherwise` itself names the step", help);
        (Some(None), fields.optional("otherwise", way))
    } else {
        fields.alike(&["when", "to", "sets"]);
        if fields.misspelt(&["otherwise"]) {
            fields.alike(&["otherwise"]);
            fields.finish();
            return None;
        }
        (fields.required("when", expression).map(Some), fields.required("to", way))
    };
    fields.optional("otherwise", |_| None::<()>);
    let sets = fields.optional("sets", sets).unwrap_or_default();
    fields.finish();
    Some(Branch { when: when?, to: to?, sets })
}

/// A list of steps, or `{ to: step, threads: 3 }`.
fn fork(value: Value<'_>) -> Option<Kind> {
    if !value.is_mapping() {
        return names(value).map(Kind::Fork);
    }
    let mut fields = value.fields("`fork`")?;
    let (to, threads) = (fields.required("to", way), fields.required("threads", threads));
    fields.finish();
    Some(Kind::Fork(vec![to?; threads? as usize]))
}

fn threads(value: Value<'_>) -> Option<u32> {
    let count = whole(value)?;
    if (1..=1_000).contains(&count) { Some(count) } else { value.expected("a number of threads from 1 to 1000") }
}

/// `all`, `live`, `{ first: 2, then: cancel }` or `{ threads: 3 }`.
fn join(value: Value<'_>) -> Option<Kind> {
    if !value.is_mapping() {
        let meanings = "`all` waits for every branch, `live` for every branch that can still come; branches are not named, they lead here";
        return word_meaning(value, &[("all", JoinRule::All), ("live", JoinRule::Live)], meanings).map(Kind::Join);
    }
    let mut fields = value.fields("`join`")?;
    if !fields.has("first") {
        let help = "only `first` leaves branches behind";
        fields.misplaced("then", Code::UnknownKey, "`then` has no meaning without `first`", help);
    }
    let several = fields.has("first") == fields.has("threads");
    let count = fields.optional("first", whole);
    let then = fields.optional("then", |value| word_meaning(value, LATE, AFTERWARDS)).unwrap_or(Late::Ignore);
    let threads = fields.optional("threads", threads);
    fields.finish();
    match (count, threads) {
        (Some(count), None) => Some(Kind::Join(JoinRule::First { count, then })),
        (None, Some(threads)) => Some(Kind::Join(JoinRule::Threads(threads))),
        _ if several => {
            value.expected_with("either `first` or `threads`", Some("write `join: { first: 1, then: cancel }`"))
        }
        _ => None,
    }
}

fn for_each(value: Value<'_>) -> Option<Kind> {
    let mut fields = value.fields("`for-each`")?;
    let steps = fields.required("steps", inside);
    let times = fields.required("times", expression);
    let one_by_one = fields.optional("one-by-one", boolean).unwrap_or_default();
    let growing = fields.optional("growing", boolean).unwrap_or_default();
    let enough = fields.optional("enough", expression);
    let rest = fields.optional("rest", |value| word_meaning(value, &LATE[..2], REST)).unwrap_or(Late::Ignore);
    fields.finish();
    Some(Kind::ForEach(ForEach { steps: steps?, times: times?, one_by_one, growing, enough, rest }))
}

/// `receive: paid` or `receive: { message: paid, key: order_id, transient: true }`.
fn receive(value: Value<'_>) -> Option<Kind> {
    if !value.is_mapping() {
        return text(value).map(|message| Kind::Receive(Incoming { message, key: None, transient: false }));
    }
    let mut fields = value.fields("`receive`")?;
    let message = fields.required("message", text);
    let key = fields.optional("key", text);
    let transient = fields.optional("transient", boolean).unwrap_or_default();
    fields.finish();
    Some(Kind::Receive(Incoming { message: message?, key, transient }))
}

/// `send: { message: paid, key: order_id, keep: 2 d, with: { field: expression } }`, or `transient: true` for `keep`.
fn send(value: Value<'_>) -> Option<Kind> {
    const HELP: &str =
        "write `keep: 3 d` to keep it that long for whoever waits later, or `transient: true` to lose it";
    if let Some((message, _)) = value.scalar() {
        let help = format!("write `send: {{ message: {message}, keep: 2 d }}`");
        return value.expected_with("`send` as a mapping", Some(&help));
    }
    let mut fields = value.fields("`send`")?;
    let message = fields.required("message", text);
    let key = fields.optional("key", text);
    let transient = match fields.has("transient") {
        true => fields.optional("transient", boolean),
        false => Some(false),
    };
    if transient == Some(true) {
        let help = "remove one of the two keys";
        fields.contradicts("keep", "transient", Code::UnknownKey, "a `transient` message is not kept", help);
    } else if transient == Some(false) && !fields.has("keep") && !fields.misspelt(&["keep"]) {
        let problem = value.problem(Code::MissingKey, "`send` needs `keep`");
        value.refuse::<()>(problem.help(HELP));
    }
    let keep = fields.optional("keep", span);
    let with = fields.optional("with", given).unwrap_or_default();
    fields.finish();
    Some(Kind::Send(Outgoing { message: message?, key, keep, with }))
}

/// `call: process` or `call: { process: other, with: { field: expression } }`; `what` is the key it stands under.
fn call(value: Value<'_>, what: &'static str) -> Option<Call> {
    if !value.is_mapping() {
        return text(value).map(|process| Call { process, with: IndexMap::new() });
    }
    let mut fields = value.fields(what)?;
    let process = fields.required("process", text);
    let with = fields.optional("with", given).unwrap_or_default();
    fields.finish();
    Some(Call { process: process?, with })
}

/// A length of time, `{ until: due }`, or an outside party, `{ for: customer, takes: … }`.
fn wait(value: Value<'_>) -> Option<Kind> {
    if !value.is_mapping() {
        return span(value).map(Pause::For).map(Kind::Pause);
    }
    let mut fields = value.fields("`wait`")?;
    if fields.has("until") || (!fields.has("for") && fields.misspelt(&["until"])) {
        let help = "the date says when it is over; keep `until`, or `for` with `takes`";
        for other in ["for", "takes"] {
            let message = format!("a `wait` until a date has no `{other}`");
            fields.contradicts(other, "until", Code::UnknownKey, &message, help);
        }
        let date = fields.optional("until", expression);
        fields.finish();
        return date.map(Pause::Until).map(Kind::Pause);
    }
    let party = fields.required("for", text);
    let takes = fields.optional("takes", time);
    fields.finish();
    Some(Kind::Wait { party: party?, takes })
}

fn end(value: Value<'_>) -> Option<Kind> {
    if !value.is_mapping() {
        return value.expected_with("`{}` or `{ terminate: true }`", Some("write `end: {}`"));
    }
    let mut fields = value.fields("`end`")?;
    let terminate = fields.optional("terminate", boolean).unwrap_or_default();
    let hand_over = fields.optional("hand-over", |value| call(value, "`hand-over`"));
    fields.finish();
    Some(Kind::End { terminate, hand_over })
}
