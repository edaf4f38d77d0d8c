//! Which mutants are proved to do the same as the definition, so that no scenario can tell them apart. What is not proved
//! counts as a difference.
//!
//! What a person does who resolves an incident by hand, or changes data from outside, is not thought of.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use grieta_core::definition::{Definition, Kind};
use grieta_core::diagnostic::{Path, Segment};
use grieta_core::{Constraint, CrackIx, Plan, Process};
use grieta_verifier::{Limits, Proof, Trouble, branches, explore, prove};

use super::{Mutant, Operator};

/// What the verifier knows of a definition, as far as somebody asks.
pub(super) struct Known<'a> {
    plan: &'a Plan,
    never: OnceLock<Never>,
}

/// What never happens.
struct Never {
    /// Steps at which no case ever comes.
    steps: BTreeSet<String>,
    /// Where cracks are declared that never strike.
    cracks: Vec<Path>,
}

impl<'a> Known<'a> {
    pub fn of(plan: &'a Plan) -> Known<'a> {
        Known { plan, never: OnceLock::new() }
    }

    pub fn definition(&self) -> &'a Definition {
        self.plan.definition()
    }

    fn process(&self) -> &'a Process {
        self.plan.process()
    }

    /// Why the mutant does the same, if that is proved.
    pub fn proof(&self, mutant: &Mutant, changed: &Plan) -> Option<String> {
        match mutant.operator {
            Operator::NegateGuard | Operator::ShiftThreshold => {
                self.same_guard(mutant, changed).or_else(|| self.never_happens(mutant))
            }
            Operator::RemoveRule => self.no_rule(mutant),
            // These change ways, and a join counts the ways that lead to it, even if no case ever comes by them.
            Operator::DropCrack | Operator::DropResponse | Operator::SwapBranches if self.has_join() => None,
            Operator::DropCrack | Operator::DropResponse | Operator::SwapBranches => self.never_happens(mutant),
            // Of two steps that swap their roles, one may be reached.
            Operator::SwapRoles if crack_of(&mutant.path).is_none() => None,
            Operator::SwapRoles => self.never_happens(mutant),
            Operator::RemoveInput | Operator::DropClock => None,
        }
    }

    fn has_join(&self) -> bool {
        self.definition().steps.values().any(|step| matches!(step.kind, Kind::Join(_)))
    }

    fn same_guard(&self, mutant: &Mutant, changed: &Plan) -> Option<String> {
        let uses = changed.definition().expressions();
        let guard = uses.into_iter().find(|used| used.path == mutant.path)?.expression;
        let same = branches::decides_alike(self.process(), &mutant.path, guard);
        same.then(|| "no data make the guard decide otherwise".to_owned())
    }

    /// What is changed lies where no case ever comes.
    fn never_happens(&self, mutant: &Mutant) -> Option<String> {
        let never = self.never.get_or_init(|| never(self.plan));
        let dead = mutant.path.step().filter(|step| never.steps.contains(*step));
        let dead = dead.map(|step| format!("no case ever comes to `{step}`"));
        let idle = || crack_of(&mutant.path).filter(|crack| never.cracks.contains(crack));
        dead.or_else(|| idle().map(|_| "the crack never strikes".to_owned()))
    }

    fn no_rule(&self, mutant: &Mutant) -> Option<String> {
        match mutant.path.0.as_slice() {
            [Segment::Key(section), Segment::Index(index)] if section == "rules" => {
                let rule = Constraint::of(self.plan, self.definition().rules.get(*index)?)?;
                let kept = prove(self.plan, &rule, &Limits::default()) == Proof::Holds;
                kept.then(|| "every case keeps the rule".to_owned())
            }
            [Segment::Key(section), Segment::Key(name), _, Segment::Index(index)] if section == "decisions" => {
                let same = branches::does_without(self.process(), name, *index);
                same.then(|| "the rule never counts".to_owned())
            }
            _ => None,
        }
    }
}

/// Of what was explored completely.
fn never(plan: &Plan) -> Never {
    let found = explore(plan, &Limits::default());
    let dead = |trouble: &Trouble| match trouble {
        Trouble::DeadStep { step } if found.complete => Some(plan.step_name(*step).to_owned()),
        _ => None,
    };
    let idle = |crack: CrackIx| {
        let step = plan.cracked(crack)?;
        let declared = match plan.root() == Some(step) {
            true => Path::default(),
            false => Path::root("steps").key(plan.step_name(step)),
        };
        Some(declared.key("cracks").key(plan.crack_name(step, crack)))
    };
    Never {
        steps: found.troubles.iter().filter_map(dead).collect(),
        cracks: found.idle_cracks.iter().filter_map(|crack| idle(*crack)).collect(),
    }
}

/// Where the crack is declared in which something stands, if it stands in one.
fn crack_of(path: &Path) -> Option<Path> {
    let is = |segment: &Segment, name: &str| matches!(segment, Segment::Key(key) if key == name);
    let cracks = match path.0.as_slice() {
        [section, _, ..] if is(section, "cracks") => 0,
        [section, _, cracks, _, ..] if is(section, "steps") && is(cracks, "cracks") => 2,
        _ => return None,
    };
    Some(Path(path.0.get(..cracks + 2)?.to_vec()))
}
