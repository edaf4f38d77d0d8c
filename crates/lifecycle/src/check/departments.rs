//! In every department somebody works.

use grieta_core::diagnostic::{Code, Path, Problem};

use super::Subject;

pub(super) fn find(subject: &Subject<'_>) -> Vec<Problem> {
    let of_processes = || subject.processes.sound().flat_map(|(_, process)| process.definition().roles.values());
    let somebody = |department: &String| {
        let mut roles = subject.life_cycle.roles.values().chain(of_processes());
        roles.any(|role| role.department.as_ref() == Some(department) && role.people.count() > 0)
    };
    let departments = &subject.life_cycle.departments;
    let unknown = |department: &Option<String>| department.as_ref().is_some_and(|name| !departments.contains_key(name));
    if of_processes().any(|role| unknown(&role.department)) {
        return Vec::new();
    }
    let unclear = |department: &String| subject.unclear().any(|(_, entry)| entry.department == *department);
    let empty = departments.keys().filter(|department| !somebody(department) && !unclear(department));
    let told = empty.map(|department| {
        let message = format!("nobody of `{department}` is in any role: no process has one of it");
        let problem = Problem::warning(Code::EmptyDepartment, Path::root("departments").key(department), message);
        problem.help(format!(
            "give a role `department: {department}`, in the process where it works, or leave the department out"
        ))
    });
    told.collect()
}
