//! Fields that are read before they are written, or never, or written twice at once.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use fixedbitset::FixedBitSet;
use grieta_core::definition::{Definition, Expression, JoinRule, Kind, Moment, Purpose, Step};
use grieta_core::diagnostic::{Code, Path, Problem};
use grieta_core::expression::Schema;
use grieta_core::{Link, LinkKind, Process};
use petgraph::Direction::Incoming;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;

use super::Subject;
use super::flow::Meetings;

/// As many steps are looked at for fields that are written twice; a process of a sensible size needs a fraction of them.
const MOST_LOOKS: usize = 1_000_000;

pub(super) fn find(subject: &Subject<'_>) -> Vec<Problem> {
    let (definition, graph) = (subject.plan.definition(), subject.plan.process().graph());
    if definition.data.is_empty() {
        return Vec::new();
    }
    let fields = Fields::new(definition, subject.plan.process().schema());
    let mut problems = fields.too_early(graph);
    problems.extend(fields.never_read());
    problems.extend(fields.twice_at_once(subject.plan.process()));
    problems
}

struct Fields<'a> {
    definition: &'a Definition,
    schema: &'a Schema,
    /// For each field the steps that write it, on whatever way on.
    writers: Vec<Vec<usize>>,
}

/// A field that a step reads.
struct Read {
    field: usize,
    at: Path,
    moment: Moment,
    /// It asks whether the field has a value, and so copes without.
    copes: bool,
}

impl<'a> Fields<'a> {
    fn new(definition: &'a Definition, schema: &'a Schema) -> Fields<'a> {
        let mut fields = Fields { definition, schema, writers: Vec::new() };
        let mut writers = vec![Vec::new(); definition.data.len()];
        for (at, step) in definition.steps.values().enumerate() {
            let sets = step.expressions().into_iter().filter_map(|found| match found.purpose {
                Purpose::Set(field) => fields.named(field),
                _ => None,
            });
            let mut written = fields.writes(step);
            sets.for_each(|field| written.insert(field));
            written.ones().for_each(|field| writers[field].push(at));
        }
        fields.writers = writers;
        fields
    }

    fn named(&self, name: &str) -> Option<usize> {
        self.definition.data.get_index_of(name)
    }

    fn name(&self, field: usize) -> &str {
        self.definition.data.get_index(field).map_or("", |(name, _)| name)
    }

    fn set<'n>(&self, names: impl Iterator<Item = &'n String>) -> FixedBitSet {
        let mut set = FixedBitSet::with_capacity(self.definition.data.len());
        names.filter_map(|name| self.named(name)).for_each(|field| set.insert(field));
        set
    }

    /// What a step writes whichever way it is left.
    fn writes(&self, step: &Step) -> FixedBitSet {
        let table = match &step.kind {
            Kind::Decide(table) => self.definition.decisions.get(table),
            _ => None,
        };
        let outputs = table.into_iter().flat_map(|table| &table.outputs);
        self.set(step.writes.iter().chain(step.sets.keys()).chain(outputs))
    }

    /// What is written besides on one way on from a step.
    fn writes_on(&self, step: &Step, link: &Link) -> FixedBitSet {
        let branch = |number: &str| match &step.kind {
            Kind::Choose(branches) | Kind::Some(branches) => {
                branches.get(number.parse::<usize>().ok()?).map(|branch| &branch.sets)
            }
            _ => None,
        };
        let sets = match (link.id.split_once('/'), link.id.split_once('#')) {
            (Some((_, outcome)), _) => step.outcomes.get(outcome).map(|outcome| &outcome.sets),
            (None, Some((_, number))) => branch(number),
            (None, None) => None,
        };
        self.set(sets.into_iter().flat_map(|sets| sets.keys()))
    }

    /// What a step reads.
    fn reads(&self, step: &Step) -> Vec<Read> {
        let at = Path::default();
        let listed = step.reads.iter().enumerate().map(|(index, name)| (name.as_str(), at.key("reads").index(index)));
        let key = step.message_key().map(|key| (key, at.key(step.kind.key()).key("key")));
        let named = listed.chain(key).filter_map(|(name, at)| Some((self.named(name)?, at)));
        let named = named.map(|(field, at)| Read { field, at, moment: Moment::Reached, copes: false });
        let mut reads: Vec<Read> = named.collect();
        for found in step.expressions() {
            self.read_by(found.expression, &found.path, found.moment, &mut reads);
        }
        if let Kind::Decide(table) = &step.kind {
            let inputs = self.definition.decisions.get(table).into_iter().flat_map(|table| &table.inputs);
            inputs.for_each(|input| self.read_by(input, &at.key("decide"), Moment::Reached, &mut reads));
        }
        reads
    }

    fn read_by(&self, expression: &Expression, at: &Path, moment: Moment, reads: &mut Vec<Read>) {
        let Ok(compiled) = Expression::compile(&expression.0, self.schema) else { return };
        let parts = compiled.parts();
        let fields = compiled.reads().iter().filter_map(|slot| Some((*slot, self.named(self.schema.name(*slot)?)?)));
        let read = fields.map(|(slot, field)| Read { field, at: at.clone(), moment, copes: parts.asks_for(slot) });
        reads.extend(read);
    }

    /// Reads on some way to which nothing has written the field, where some step does write it.
    fn too_early(&self, graph: &DiGraph<String, Link>) -> Vec<Problem> {
        let written = self.written_before(graph);
        let mut problems = Vec::new();
        for (at, step) in self.definition.steps.values().enumerate() {
            let Some(before) = &written[at] else { continue };
            let brought = self.set(step.writes.iter());
            let there = |read: &Read| {
                let brings = read.moment == Moment::Completed && brought.contains(read.field);
                read.copes || brings || before.contains(read.field)
            };
            let mut told = FixedBitSet::with_capacity(self.definition.data.len());
            for read in self.reads(step).into_iter().filter(|read| !there(read)) {
                // Whoever lists a field that nobody else writes finds what came with the case.
                let listed = read.at.0.first() == Path::root("reads").0.first();
                let writers = &self.writers[read.field];
                let other = writers.iter().copied().find(|writer| *writer != at);
                let writer = other.or_else(|| writers.first().copied().filter(|_| !listed));
                if let Some(writer) = writer.filter(|_| !told.put(read.field)) {
                    problems.push(self.read_too_early(at, read, writer));
                }
            }
        }
        problems
    }

    fn read_too_early(&self, step: usize, read: Read, writer: usize) -> Problem {
        let (name, field) = (self.step(step), self.name(read.field));
        let place = Path([self.path(step).0, read.at.0].concat());
        let message = format!("`{name}` may read `{field}` before anything has written it");
        let problem = Problem::warning(Code::ReadBeforeWritten, place, message);
        let known = format!("`{}` writes it, but is not on every way", self.step(writer));
        let problem = problem.related(known, self.path(writer));
        problem.help("let it be written on every way there, give it an `initial`, or ask `has(…)`")
    }

    fn step(&self, at: usize) -> &str {
        self.definition.steps.get_index(at).map_or("", |(name, _)| name)
    }

    fn path(&self, step: usize) -> Path {
        Path::root("steps").key(self.step(step))
    }

    /// For each step what has been written on every way to it; `None` where none leads. A join that waits for all adds up
    /// what its branches have written.
    fn written_before(&self, graph: &DiGraph<String, Link>) -> Vec<Option<FixedBitSet>> {
        let mut before: Vec<Option<FixedBitSet>> = vec![None; graph.node_count()];
        let given = self.definition.data.iter().filter(|(_, field)| field.required || field.initial.is_some());
        let given = self.set(given.map(|(name, _)| name));
        let inside = self.definition.steps.values().enumerate();
        let inside = inside.flat_map(|(at, step)| step.kind.inside().iter().map(move |name| (name, at)));
        let index = |name: &String| self.definition.steps.get_index_of(name);
        let around: HashMap<usize, usize> = inside.filter_map(|(name, at)| Some((index(name)?, at))).collect();
        let starts = self.definition.steps.get_index_of(&self.definition.start);
        let roots = starts.into_iter().chain(self.definition.steps.len()..graph.node_count());
        let mut waiting: VecDeque<usize> = roots.collect();
        waiting.iter().for_each(|root| before[*root] = Some(given.clone()));
        while let Some(at) = waiting.pop_front() {
            for edge in graph.edges(NodeIndex::new(at)) {
                let target = edge.target().index();
                let reached = self.met(graph, &before, target, &given);
                if reached.is_some() && before[target] != reached {
                    before[target] = reached;
                    waiting.push_back(target);
                    // What is written inside a step is known behind it.
                    waiting.extend(around.get(&target));
                }
            }
        }
        before
    }

    /// What has been written where a case comes to a step, by what is known of the steps before.
    fn met(
        &self,
        graph: &DiGraph<String, Link>,
        before: &[Option<FixedBitSet>],
        target: usize,
        given: &FixedBitSet,
    ) -> Option<FixedBitSet> {
        let adds = matches!(
            self.definition.steps.get_index(target).map(|(_, step)| &step.kind),
            Some(Kind::Join(JoinRule::All | JoinRule::Threads(_)))
        );
        let is_start = self.definition.steps.get_index_of(&self.definition.start) == Some(target);
        let mut met = is_start.then(|| given.clone());
        for edge in graph.edges_directed(NodeIndex::new(target), Incoming) {
            let Some(mut known) = before[edge.source().index()].clone() else { continue };
            let done = !matches!(edge.weight().kind, LinkKind::Crack { .. } | LinkKind::Inside);
            let from = self.definition.steps.get_index(edge.source().index()).filter(|_| done);
            if let Some((_, step)) = from {
                known.union_with(&self.writes(step));
                known.union_with(&self.written_inside(step, before));
                known.union_with(&self.writes_on(step, edge.weight()));
            }
            match &mut met {
                None => met = Some(known),
                Some(met) if adds => met.union_with(&known),
                Some(met) => met.intersect_with(&known),
            }
        }
        met
    }

    /// What has been written at every end inside a `subprocess`.
    fn written_inside(&self, step: &Step, before: &[Option<FixedBitSet>]) -> FixedBitSet {
        let Kind::Subprocess(inside) = &step.kind else { return FixedBitSet::new() };
        let ends = inside.iter().filter_map(|name| self.definition.steps.get_full(name));
        let ends = ends.filter(|(_, _, step)| matches!(step.kind, Kind::End { .. }));
        let known = ends.filter_map(|(at, ..)| before[at].clone());
        known
            .reduce(|mut all, other| {
                all.intersect_with(&other);
                all
            })
            .unwrap_or_default()
    }

    fn never_read(&self) -> Vec<Problem> {
        let mut read = self.set(self.definition.customer.iter());
        let whole = self.definition.whole();
        for step in self.definition.steps.values().chain(&whole) {
            self.reads(step).iter().for_each(|found| read.insert(found.field));
        }
        let unread = (0..self.definition.data.len()).filter(|field| !read.contains(*field));
        let told = unread.filter_map(|field| {
            let (name, writer) = (self.name(field), *self.writers[field].first()?);
            let message = format!("nothing ever reads `{name}`");
            let problem = Problem::advice(Code::NeverRead, Path::root("data").key(name), message);
            let problem = problem.related(format!("`{}` writes it", self.step(writer)), self.path(writer));
            let help = "list it under `reads` where somebody needs it, or spare people the trouble of writing it";
            Some(problem.help(help))
        });
        told.collect()
    }

    /// Fields that steps on different branches of a fork set.
    fn twice_at_once(&self, process: &Process) -> Vec<Problem> {
        let meetings = Meetings::of(process);
        let forks = self.definition.steps.iter().enumerate();
        let forks = forks.filter(|(_, (_, step))| matches!(step.kind, Kind::Fork(_) | Kind::Some(_)));
        let mut looks = MOST_LOOKS;
        forks.flat_map(|(at, (name, _))| self.twice_after(process, &meetings, name, at, &mut looks)).collect()
    }

    fn twice_after(
        &self,
        process: &Process,
        meetings: &Meetings,
        fork: &str,
        at: usize,
        looks: &mut usize,
    ) -> Vec<Problem> {
        let at = NodeIndex::new(at);
        // What is done otherwise is done alone.
        let alone = |kind| matches!(kind, LinkKind::Crack { .. } | LinkKind::Otherwise);
        let branches = process.graph().edges(at).filter(|edge| !alone(edge.weight().kind));
        let branches: BTreeSet<NodeIndex> = branches.map(|edge| edge.target()).collect();
        let mut writer: HashMap<usize, usize> = HashMap::new();
        let mut told = HashSet::new();
        let mut problems = Vec::new();
        for branch in branches {
            let own = self.written_within(process, branch, meetings.behind(at), looks);
            for (field, second) in own {
                let first = *writer.entry(field).or_insert(second);
                if first != second && told.insert(field) {
                    problems.push(self.twice(fork, field, first, second));
                }
            }
        }
        problems
    }

    /// The fields that are written from one step on until another, each with the first step that does.
    fn written_within(
        &self,
        process: &Process,
        from: NodeIndex,
        until: Option<NodeIndex>,
        looks: &mut usize,
    ) -> BTreeMap<usize, usize> {
        let mut written = BTreeMap::new();
        let mut seen = BTreeSet::new();
        let mut waiting = vec![from];
        while let Some(node) = waiting.pop().filter(|_| *looks > 0) {
            if Some(node) == until || !seen.insert(node) {
                continue;
            }
            *looks -= 1;
            if let Some((_, step)) = self.definition.steps.get_index(node.index()) {
                for field in self.writes(step).ones() {
                    written.entry(field).or_insert(node.index());
                }
            }
            waiting.extend(process.graph().neighbors(node));
        }
        written
    }

    fn twice(&self, fork: &str, field: usize, first: usize, second: usize) -> Problem {
        let (one, other, field) = (self.step(first), self.step(second), self.name(field));
        let message = format!("`{one}` and `{other}` both write `{field}`, and go on at the same time after `{fork}`");
        let problem = Problem::warning(Code::WrittenTwice, self.path(second), message);
        let problem = problem.related(format!("`{one}` writes it too"), self.path(first));
        problem.help(
            "whoever is last wins, and nobody knows who that is: let one of them write another field, or one after the \
             other",
        )
    }
}
