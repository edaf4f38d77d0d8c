//! Building a definition in Rust: the same words as in a file, as methods. What has no method is a public field.

use indexmap::IndexMap;

use super::{
    Allocation, Branch, CalendarSpec, Call, Chance, Clock, Crack, Decision, Definition, Distribution, Effort,
    Expression, Field, Hit, Incoming, JoinRule, Kind, Literal, Mark, Order, Outcome, OutcomeChance, Outgoing, Pause,
    Recovery, Recurrence, Response, Role, Row, Rule, Simulation, Span, Step, Template, Trigger, Type, Wage,
};

impl Definition {
    /// A definition with nothing in it; the first step added becomes the start.
    pub fn new(process: &str, version: &str) -> Definition {
        Definition { process: process.to_owned(), version: version.to_owned(), ..Definition::default() }
    }

    /// With a name for people.
    #[must_use]
    pub fn title(mut self, title: &str) -> Definition {
        self.title = Some(title.to_owned());
        self
    }

    /// With a role.
    #[must_use]
    pub fn role(mut self, name: &str, role: Role) -> Definition {
        self.roles.insert(name.to_owned(), role);
        self
    }

    /// With a calendar.
    #[must_use]
    pub fn calendar(mut self, name: &str, calendar: CalendarSpec) -> Definition {
        self.calendars.insert(name.to_owned(), calendar);
        self
    }

    /// With a decision table.
    #[must_use]
    pub fn decision(mut self, name: &str, decision: Decision) -> Definition {
        self.decisions.insert(name.to_owned(), decision);
        self
    }

    /// With a clock.
    #[must_use]
    pub fn clock(mut self, name: &str, clock: Clock) -> Definition {
        self.clocks.insert(name.to_owned(), clock);
        self
    }

    /// With what the simulator needs.
    #[must_use]
    pub fn simulation(mut self, simulation: Simulation) -> Definition {
        self.simulation = Some(simulation);
        self
    }

    /// With a data field.
    #[must_use]
    pub fn field(mut self, name: &str, field: Field) -> Definition {
        self.data.insert(name.to_owned(), field);
        self
    }

    /// With a field that every case has which ends as it should.
    #[must_use]
    pub fn output(mut self, field: &str) -> Definition {
        self.outputs.push(field.to_owned());
        self
    }

    /// With a step.
    #[must_use]
    pub fn step(mut self, name: &str, step: Step) -> Definition {
        if self.steps.is_empty() {
            self.start = name.to_owned();
        }
        self.steps.insert(name.to_owned(), step);
        self
    }

    /// With a rule that no two of these steps of a case are done by the same person.
    #[must_use]
    pub fn four_eyes<'a>(mut self, steps: impl IntoIterator<Item = &'a str>) -> Definition {
        self.rules.push(Rule::FourEyes(steps.into_iter().map(str::to_owned).collect()));
        self
    }

    /// With a rule on the order of steps: of one or two, as the template is about.
    #[must_use]
    pub fn order<'a>(mut self, template: Template, steps: impl IntoIterator<Item = &'a str>) -> Definition {
        let steps = steps.into_iter().map(str::to_owned).collect();
        self.rules.push(Rule::Order(Order { template, steps, times: 1 }));
        self
    }

    /// With a crack of the whole process.
    #[must_use]
    pub fn crack(mut self, name: &str, crack: Crack) -> Definition {
        self.cracks.insert(name.to_owned(), crack);
        self
    }
}

impl Step {
    /// A step of that kind with nothing else.
    pub fn of(kind: Kind) -> Step {
        Step {
            kind,
            name: None,
            value: None,
            why: None,
            effort: Effort::default(),
            batch: None,
            reads: Vec::new(),
            writes: Vec::new(),
            sets: IndexMap::new(),
            next: None,
            outcomes: IndexMap::new(),
            cracks: IndexMap::new(),
            same_as: None,
            lock: None,
            only_while: None,
            undo: None,
            allow: Vec::new(),
            again: None,
        }
    }

    /// Work for a person of that role.
    pub fn human(role: &str) -> Step {
        Step::of(Kind::human(role.to_owned()))
    }

    /// Work for the system; its handler has the name of the step.
    pub fn service() -> Step {
        Step::of(Kind::Service { handler: None, takes: None })
    }

    /// A step that only sets data.
    pub fn assign() -> Step {
        Step::of(Kind::Assign)
    }

    /// A step that sets what that decision table says.
    pub fn decide(decision: &str) -> Step {
        Step::of(Kind::Decide(decision.to_owned()))
    }

    /// A choice by guards: each a condition and the step it leads to, and where to go when none holds.
    pub fn choose<'a>(branches: impl IntoIterator<Item = (&'a str, &'a str)>, otherwise: &str) -> Step {
        let guarded = branches.into_iter().map(|(when, to)| (Some(when.into()), to));
        let last = (None, otherwise);
        let branch = |(when, to): (Option<Expression>, &str)| Branch { when, to: to.to_owned(), sets: IndexMap::new() };
        Step::of(Kind::Choose(guarded.chain([last]).map(branch).collect()))
    }

    /// Parallel branches.
    pub fn fork<'a>(branches: impl IntoIterator<Item = &'a str>) -> Step {
        Step::of(Kind::Fork(branches.into_iter().map(str::to_owned).collect()))
    }

    /// A join of all that leads to it.
    pub fn join() -> Step {
        Step::of(Kind::Join(JoinRule::All))
    }

    /// A fixed pause.
    pub fn pause(span: Span) -> Step {
        Step::of(Kind::Pause(Pause::For(span)))
    }

    /// A wait until the day begins that an expression says, as in `due + "14 d"` or `2026-12-24`.
    pub fn wait_until(date: &str) -> Step {
        Step::of(Kind::Pause(Pause::Until(date.into())))
    }

    /// A wait for an outside party.
    pub fn wait(party: &str) -> Step {
        Step::of(Kind::Wait { party: party.to_owned(), takes: None })
    }

    /// A wait for a message.
    pub fn receive(message: &str) -> Step {
        Step::of(Kind::Receive(Incoming { message: message.to_owned(), key: None, transient: false }))
    }

    /// A message that is kept that long when nobody waits for it.
    pub fn send(message: &str, keep: Span) -> Step {
        let message = message.to_owned();
        Step::of(Kind::Send(Outgoing { message, key: None, keep: Some(keep), with: IndexMap::new() }))
    }

    /// A case of another process, and a wait for its end.
    pub fn call(process: &str) -> Step {
        Step::of(Kind::Call(Call { process: process.to_owned(), with: IndexMap::new() }))
    }

    /// The end of a path.
    pub fn end() -> Step {
        Step::of(Kind::End { terminate: false, hand_over: None })
    }

    /// The end of the whole case.
    pub fn terminate() -> Step {
        Step::of(Kind::End { terminate: true, hand_over: None })
    }

    /// The end of a path, from which a case of another process goes on.
    pub fn hand_over(process: &str) -> Step {
        let call = Call { process: process.to_owned(), with: IndexMap::new() };
        Step::of(Kind::End { terminate: false, hand_over: Some(call) })
    }

    /// With a duration, for steps that take time.
    #[must_use]
    pub fn takes(mut self, distribution: Distribution) -> Step {
        if let Kind::Human { takes, .. } | Kind::Service { takes, .. } | Kind::Wait { takes, .. } = &mut self.kind {
            *takes = Some(distribution);
        }
        self
    }

    /// With a way to find who gets it, for work of people.
    #[must_use]
    pub fn allocate(mut self, allocation: Allocation) -> Step {
        if let Kind::Human { allocate, .. } = &mut self.kind {
            *allocate = allocation;
        }
        self
    }

    /// With the skills that whoever does it has, for work of people.
    #[must_use]
    pub fn needs<'a>(mut self, skills: impl IntoIterator<Item = &'a str>) -> Step {
        if let Kind::Human { needs, .. } = &mut self.kind {
            *needs = skills.into_iter().map(str::to_owned).collect();
        }
        self
    }

    /// With the field that sender and receiver of its message must agree on.
    #[must_use]
    pub fn key(mut self, field: &str) -> Step {
        if let Kind::Receive(Incoming { key, .. }) | Kind::Send(Outgoing { key, .. }) = &mut self.kind {
            *key = Some(field.to_owned());
        }
        self
    }

    /// With a message that is lost when nobody waits for it as it comes.
    #[must_use]
    pub fn transient(mut self) -> Step {
        match &mut self.kind {
            Kind::Receive(message) => message.transient = true,
            Kind::Send(message) => message.keep = None,
            _ => {}
        }
        self
    }

    /// With a field of the receiver of its message, or of the case that it starts, and an expression over our data.
    #[must_use]
    pub fn with(mut self, field: &str, expression: &str) -> Step {
        if let Kind::Send(Outgoing { with, .. })
        | Kind::Call(Call { with, .. })
        | Kind::End { hand_over: Some(Call { with, .. }), .. } = &mut self.kind
        {
            with.insert(field.to_owned(), expression.into());
        }
        self
    }

    /// With its only successor.
    #[must_use]
    pub fn next(mut self, step: &str) -> Step {
        self.next = Some(step.to_owned());
        self
    }

    /// With an outcome that leads to a step.
    #[must_use]
    pub fn outcome(mut self, name: &str, to: &str) -> Step {
        self.outcomes.insert(name.to_owned(), Outcome { to: to.to_owned(), chance: None, sets: IndexMap::new() });
        self
    }

    /// With an outcome that leads to a step and has a chance.
    #[must_use]
    pub fn likely(mut self, name: &str, chance: Chance, to: &str) -> Step {
        let chance = Some(OutcomeChance::Share(chance));
        self.outcomes.insert(name.to_owned(), Outcome { to: to.to_owned(), chance, sets: IndexMap::new() });
        self
    }

    /// With an outcome that leads to a step and has the chance that the others leave.
    #[must_use]
    pub fn rest(mut self, name: &str, to: &str) -> Step {
        let chance = Some(OutcomeChance::Rest);
        self.outcomes.insert(name.to_owned(), Outcome { to: to.to_owned(), chance, sets: IndexMap::new() });
        self
    }

    /// With a field that is set when it completes.
    #[must_use]
    pub fn set(mut self, field: &str, expression: &str) -> Step {
        self.sets.insert(field.to_owned(), expression.into());
        self
    }

    /// With a field that whoever completes it may write.
    #[must_use]
    pub fn writes(mut self, field: &str) -> Step {
        self.writes.push(field.to_owned());
        self
    }

    /// Undone, once it is completed, by the path that begins at that step.
    #[must_use]
    pub fn undone_by(self, step: &str) -> Step {
        Step { undo: Some(step.to_owned()), ..self }
    }

    /// With a crack.
    #[must_use]
    pub fn crack(mut self, name: &str, crack: Crack) -> Step {
        self.cracks.insert(name.to_owned(), crack);
        self
    }
}

impl Crack {
    /// A failure of the work item.
    pub fn failure() -> Crack {
        Crack::on(Trigger::Failure)
    }

    /// A deadline that long after the step was reached.
    pub fn deadline(after: Span) -> Crack {
        Crack { after: Some(after), ..Crack::on(Trigger::Deadline) }
    }

    /// That clock has run so far; it has run out when nothing is said.
    pub fn by_clock(clock: &str, at: Option<Mark>) -> Crack {
        Crack { clock: Some(clock.to_owned()), at, ..Crack::on(Trigger::Deadline) }
    }

    /// Nobody takes the work item for that long.
    pub fn unavailable(after: Span) -> Crack {
        Crack { after: Some(after), ..Crack::on(Trigger::Unavailable) }
    }

    /// With a chance to strike at each visit.
    #[must_use]
    pub fn chance(self, chance: Chance) -> Crack {
        Crack { chance: Some(chance), ..self }
    }

    /// Something happens outside.
    pub fn external() -> Crack {
        Crack::on(Trigger::External)
    }

    /// This holds of the data when the step is completed, and must not.
    pub fn constraint(when: &str) -> Crack {
        Crack { when: Some(when.into()), ..Crack::on(Trigger::Constraint) }
    }

    /// Stopping the step, or not, whatever its trigger.
    #[must_use]
    pub fn interrupting(self, interrupts: bool) -> Crack {
        Crack { interrupts: Some(interrupts), ..self }
    }

    /// With a response.
    #[must_use]
    pub fn respond(self, response: Response) -> Crack {
        Crack { response: Some(response), ..self }
    }

    /// Undoing that before it is answered.
    #[must_use]
    pub fn recover(self, recover: Recovery) -> Crack {
        Crack { recover, ..self }
    }

    /// With the step to go to afterwards.
    #[must_use]
    pub fn then(self, step: &str) -> Crack {
        Crack { then: Some(step.to_owned()), ..self }
    }
}

impl Decision {
    /// A table that looks at these inputs, fields or expressions over them, and sets these fields.
    pub fn of<'a>(
        inputs: impl IntoIterator<Item = &'a str>,
        outputs: impl IntoIterator<Item = &'a str>,
        hit: Hit,
    ) -> Decision {
        Decision {
            inputs: inputs.into_iter().map(Expression::from).collect(),
            outputs: outputs.into_iter().map(str::to_owned).collect(),
            hit,
            rules: Vec::new(),
        }
    }

    /// With a rule: a test for each input, and a value for each output.
    #[must_use]
    pub fn rule<'a>(
        self,
        when: impl IntoIterator<Item = &'a str>,
        then: impl IntoIterator<Item = &'a str>,
    ) -> Decision {
        let when = when.into_iter().map(|test| Literal(test.to_owned())).collect();
        self.row(Some(when), then)
    }

    /// With what counts when no rule matches: a value for each output.
    #[must_use]
    pub fn otherwise<'a>(self, then: impl IntoIterator<Item = &'a str>) -> Decision {
        self.row(None, then)
    }

    fn row<'a>(mut self, when: Option<Vec<Literal>>, then: impl IntoIterator<Item = &'a str>) -> Decision {
        let then = then.into_iter().map(|value| Literal(value.to_owned())).collect();
        self.rules.push(Row { when, then });
        self
    }
}

impl Clock {
    /// The same clock, starting when the case comes to one of these steps.
    #[must_use]
    pub fn from<'a>(mut self, steps: impl IntoIterator<Item = &'a str>) -> Clock {
        self.from.extend(steps.into_iter().map(str::to_owned));
        self
    }

    /// The same clock, stopping when one of these steps is done.
    #[must_use]
    pub fn until<'a>(mut self, steps: impl IntoIterator<Item = &'a str>) -> Clock {
        self.until.extend(steps.into_iter().map(str::to_owned));
        self
    }

    /// The same clock, standing still while the case is at one of these steps.
    #[must_use]
    pub fn pause_in<'a>(mut self, steps: impl IntoIterator<Item = &'a str>) -> Clock {
        self.pause_in.extend(steps.into_iter().map(str::to_owned));
        self
    }

    /// The same clock, warning when it has run so far.
    #[must_use]
    pub fn warn(self, at: Mark) -> Clock {
        Clock { warn: Some(at), ..self }
    }

    /// The same clock, counting business time of that calendar.
    #[must_use]
    pub fn calendar(self, calendar: &str) -> Clock {
        Clock { calendar: Some(calendar.to_owned()), ..self }
    }

    /// The same clock, doing that when the case comes once more to where it starts.
    #[must_use]
    pub fn recurs(self, recurs: Recurrence) -> Clock {
        Clock { recurs, ..self }
    }
}

impl Role {
    /// The same role, working by that calendar.
    #[must_use]
    pub fn calendar(self, calendar: &str) -> Role {
        Role { calendar: Some(calendar.to_owned()), ..self }
    }

    /// The same role, in which the second of these people stands in for the first.
    #[must_use]
    pub fn deputy(mut self, person: &str, deputy: &str) -> Role {
        self.deputies.insert(person.to_owned(), deputy.to_owned());
        self
    }

    /// The same role, of whose people an hour costs that.
    #[must_use]
    pub fn cost(self, cost: Wage) -> Role {
        Role { cost: Some(cost), ..self }
    }

    /// The same role, in that department.
    #[must_use]
    pub fn department(self, department: &str) -> Role {
        Role { department: Some(department.to_owned()), ..self }
    }
}

impl Field {
    /// An optional field that takes one of these values.
    pub fn choice<'a>(of: impl IntoIterator<Item = &'a str>) -> Field {
        Field { of: of.into_iter().map(str::to_owned).collect(), ..Field::of(Type::Choice) }
    }

    /// The same field, without which a case cannot start.
    #[must_use]
    pub fn required(self) -> Field {
        Field { required: true, ..self }
    }

    /// The same field with a value at the start.
    #[must_use]
    pub fn initial(self, value: &str) -> Field {
        Field { initial: Some(Literal(value.to_owned())), ..self }
    }

    /// The same, and never less than that.
    #[must_use]
    pub fn at_least(self, value: &str) -> Field {
        Field { at_least: Some(Literal(value.to_owned())), ..self }
    }

    /// The same, and never more than that.
    #[must_use]
    pub fn at_most(self, value: &str) -> Field {
        Field { at_most: Some(Literal(value.to_owned())), ..self }
    }
}
