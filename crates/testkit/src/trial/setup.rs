//! What a test begins with: the time, the people, the services, the case.

use std::collections::BTreeSet;
use std::panic::Location;

use grieta_core::Timestamp;
use grieta_core::definition::Step;
use grieta_core::diagnostic::{nearest, suggest};
use grieta_runtime::{CaseView, Data, Failure as ServiceFailure, Reply};

use super::{KEY, Trial, Verdict};
use crate::failure::Failure;
use crate::mock::handler_of;

impl Trial {
    /// The time at which the test begins.
    pub fn at(&mut self, time: Timestamp) -> Verdict {
        if self.engine.now() > Timestamp::EPOCH {
            let failure = Failure::expected("the time to be set before anything happens", "that the test has begun");
            return Err(failure.help("let time pass with `.advance_to(…)`"));
        }
        self.begins = time;
        Ok(())
    }

    pub(super) fn person(&mut self, name: &str, roles: &[String]) -> Verdict {
        roles.iter().try_for_each(|role| self.known_role(role))?;
        let roles = roles.iter().map(String::as_str);
        self.does(|| format!("`{name}` to be added"), |engine| engine.add_person(name, roles))
    }

    pub(super) fn deputy(&mut self, person: &str, deputy: &str) -> Verdict {
        self.known_person(person)?;
        self.known_person(deputy)?;
        self.does(|| format!("`{deputy}` to stand in for `{person}`"), |engine| engine.deputy(person, deputy))
    }

    pub(super) fn service(&mut self, handler: &str, reply: &Reply) -> Verdict {
        let reply = reply.clone();
        self.mock(handler, None, move |_| Ok(reply.clone()))
    }

    pub(super) fn service_fails(&mut self, handler: &str, reason: &str) -> Verdict {
        self.known_handler(handler)?;
        let cracks: BTreeSet<&str> =
            self.asking(handler).flat_map(|(_, step)| step.cracks.keys()).map(String::as_str).collect();
        if let (false, Some(meant)) = (cracks.contains(reason), nearest(reason, cracks.iter().copied())) {
            let expected = format!("a crack of a step that asks `{handler}`, or another reason");
            return Err(Failure::expected(expected, format!("`{reason}`")).help(format!("did you mean `{meant}`?")));
        }
        let reason = reason.to_owned();
        self.mock(handler, None, move |_| Err(ServiceFailure::new(reason.clone())))
    }

    /// A service answers so, from now on; `at` is where that is said.
    pub fn mock(
        &mut self,
        handler: &str,
        at: Option<&Location<'_>>,
        answer: impl FnMut(&CaseView<'_>) -> Result<Reply, ServiceFailure> + Send + 'static,
    ) -> Verdict {
        self.known_handler(handler)?;
        let answer = self.mocks.watched(&self.plans, handler, at, answer);
        self.mocks.handlers.insert(handler.to_owned());
        self.engine.add_service(handler, answer);
        Ok(())
    }

    pub(super) fn service_waits(&mut self, handler: &str) -> Verdict {
        self.known_handler(handler)?;
        self.mocks.handlers.insert(handler.to_owned());
        self.engine.remove_service(handler);
        Ok(())
    }

    pub(super) fn other_services(&mut self, succeed: bool) -> Verdict {
        self.others_succeed = succeed;
        self.settle()
    }

    pub(super) fn start(&mut self, data: &Data) -> Verdict {
        if self.case.is_some() {
            let failure = Failure::expected("a case to be started", "that it has started");
            return Err(failure.help("one test tells of one case"));
        }
        self.begin()?;
        let process = self.process().definition().process.clone();
        let started = self.engine.start(&process, KEY, data.clone());
        let case = started.map_err(|error| Failure::expected("the case to start", error.to_string()))?;
        self.case = Some(case);
        self.settle()
    }

    pub(super) fn known_role(&self, role: &str) -> Verdict {
        let roles = self.processes().flat_map(|process| process.definition().roles.keys()).map(String::as_str);
        if roles.clone().any(|known| known == role) { Ok(()) } else { Err(Failure::unknown("a role", role, roles)) }
    }

    pub(super) fn known_person(&self, name: &str) -> Verdict {
        let people = self.engine.people();
        if people.find(name).is_some() {
            return Ok(());
        }
        let help = match people.suggest(name) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => self.tongue.say(
                format!("add them: `.person(\"{name}\", [\"…\"])`"),
                format!("add them: `people: {{ {name}: [ … ] }}`"),
            ),
        };
        Err(Failure::expected("a person", format!("that nobody is called `{name}`")).help(help))
    }

    fn known_handler(&self, handler: &str) -> Verdict {
        if self.asking(handler).next().is_some() {
            return Ok(());
        }
        let steps = || self.processes().flat_map(|process| &process.definition().steps);
        let handlers: BTreeSet<&str> = steps().filter_map(|(name, step)| handler_of(name, step)).collect();
        let own = steps().filter(|(name, _)| *name == handler).find_map(|(name, step)| handler_of(name, step));
        let help = match own {
            Some(own) => Some(format!("the step `{handler}` asks the service `{own}`")),
            None => suggest(handler, handlers.iter().copied()),
        };
        let help = help.unwrap_or_else(|| "no step asks a service".to_owned());
        Err(Failure::expected("a service that some step asks", format!("`{handler}`")).help(help))
    }

    /// The steps that ask a service.
    fn asking<'a>(&'a self, handler: &'a str) -> impl Iterator<Item = (&'a String, &'a Step)> {
        let steps = self.processes().flat_map(|process| &process.definition().steps);
        steps.filter(move |(name, step)| handler_of(name, step) == Some(handler))
    }
}
