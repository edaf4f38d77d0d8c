//! Rules on the order of steps that a case can break.

use grieta_core::definition::{Order, Rule};
use grieta_core::diagnostic::{Code, Path, Problem};

use super::Subject;
use crate::soundness::Proof;

pub(super) fn find(subject: &Subject<'_>) -> Vec<Problem> {
    let rules = subject.plan.definition().rules.iter().enumerate();
    let orders = rules.filter_map(|(at, rule)| if let Rule::Order(order) = rule { Some((at, order)) } else { None });
    let proofs = orders.zip(subject.proofs).filter_map(|((at, order), proof)| {
        let path = Path::root("rules").index(at).key(order.template.key());
        subject.of_rule(path, order, proof)
    });
    proofs.collect()
}

impl Subject<'_> {
    fn of_rule(&self, path: Path, order: &Order, proof: &Proof) -> Option<Problem> {
        let demand = order.template.says(&order.steps, order.times);
        match proof {
            Proof::Holds => None,
            Proof::Broken(trace) => {
                let message = format!("a case can break the rule that {demand}");
                let problem = Problem::error(Code::RuleBroken, path, message).told(trace.story(self.plan));
                Some(problem.help("change the way that the story shows, or the rule; data are left open here: where they rule this way out, allow it \
                     with that reason"))
            }
            Proof::TooLarge | Proof::Instances => {
                let message = format!("whether every case keeps the rule that {demand} is not proved");
                let help = match proof {
                    Proof::Instances => {
                        "no more than two instances of a `for-each` step are looked at: let the rule speak of what comes before \
                         or after it"
                    }
                    _ => {
                        "not all was looked into that can happen: allow more with `--states`, or put a part of it into a \
                         process of its own and `call` it"
                    }
                };
                Some(Problem::warning(Code::TooLargeToProve, path, message).help(help))
            }
        }
    }
}
