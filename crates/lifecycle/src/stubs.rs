//! First definitions for what is missing: sound, and with nothing in them but that somebody does it.

use grieta_core::definition::{Definition, Field, Role, Step, Type};

use crate::definition::LifeCycle;
use crate::processes::Processes;

/// A first definition, and the file in which it is to stand.
#[derive(Debug, Clone, PartialEq)]
pub struct Stub {
    /// The file, seen from that of the life cycle.
    pub file: String,
    /// One step of a person, and an end.
    pub definition: Definition,
}

/// A stub for each process of the life cycle without a definition, and for each touchpoint without a process, which gives it
/// its name. Its work is that of whoever answers for the touchpoint.
pub fn stubs(life_cycle: &LifeCycle, processes: &Processes) -> Vec<Stub> {
    let undefined = life_cycle.processes.iter().filter(|(name, _)| !processes.has(name)).map(|(name, entry)| {
        let mut touchpoints = life_cycle.touchpoints.values();
        let owner = touchpoints.find(|touchpoint| touchpoint.process.as_ref() == Some(name));
        let owner = owner.and_then(|touchpoint| touchpoint.owner.as_deref());
        let file = entry.file.clone().unwrap_or_else(|| format!("{name}.yaml"));
        Stub { file, definition: stub(life_cycle, name, owner, &entry.department) }
    });
    let unserved = life_cycle.touchpoints.iter().filter(|(_, touchpoint)| touchpoint.process.is_none());
    let unserved = unserved.filter(|(name, _)| !life_cycle.processes.contains_key(*name)).map(|(name, touchpoint)| {
        let department = life_cycle.stages.get(&touchpoint.stage).map_or("", |stage| stage.department.as_str());
        let definition = stub(life_cycle, name, touchpoint.owner.as_deref(), department);
        Stub { file: format!("{name}.yaml"), definition }
    });
    undefined.chain(unserved).collect()
}

fn stub(life_cycle: &LifeCycle, name: &str, owner: Option<&str>, department: &str) -> Definition {
    let role = owner.filter(|owner| grieta_core::definition::is_name(owner)).unwrap_or("somebody");
    let in_department = Some(department.to_owned()).filter(|department| !department.is_empty());
    let customer = Field { required: true, owner: Some(role.to_owned()), ..Field::of(Type::Text) };
    let mut definition = Definition::new(name, "0.1.0")
        .role(role, Role { department: in_department, ..Role::of(1) })
        .field(&life_cycle.customer, customer)
        .step("serve-the-customer", Step::human(role).next("served"))
        .step("served", Step::end());
    definition.owner = Some(role.to_owned());
    definition.customer = Some(life_cycle.customer.clone());
    definition
}
