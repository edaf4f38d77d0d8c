//! Grieta (Spanish for *crack*) finds the cracks of a business process before a customer falls through them: what stops
//! it dead, what slows it down, what happens when somebody is absent, and whether a redesign is really better.
//!
//! # A guided tour
//!
//! **A definition** is one YAML file, or the same built in Rust. It names steps, the roles that do them, the data that
//! decide, and the cracks: what happens when a call finds nobody, a form is incomplete, a person is away. `docs/format.md`
//! describes every key.
//!
//! **Checking** it gives a [`Process`], or everything that is wrong with it at once, each problem with its place and a
//! remedy:
//!
//! ```
//! use grieta::Process;
//!
//! let file = "process: hello\nversion: 1.0.0\nstart: gret\nsteps:\n  greet: { wait: 1 h, next: done }\n  done: { end: {} }\n";
//! let problems = Process::read("hello.yaml", file.as_bytes()).unwrap_err();
//! let shown = problems.to_string();
//! assert!(shown.contains("hello.yaml:3:8"));
//! assert!(shown.contains("did you mean `greet`?"));
//! ```
//!
//! **Simulating** it lets cases arrive and people work, and reports where they wait, where they get stuck and what the
//! cracks cost. The same seed gives the same result, and as-is and to-be meet the same customers:
//!
//! ```
//! # #[cfg(feature = "report")] {
//! use std::sync::Arc;
//! use grieta::definition::{Arrivals, Chance, Crack, Definition, Distribution, Role, Simulation as Imagined, Span, Step};
//! use grieta::report::Screen;
//! use grieta::simulator::Simulation;
//! use grieta::Process;
//!
//! let mut definition = Definition::new("follow-up", "1.0.0")
//!     .role("sdr", Role::of(1))
//!     .step(
//!         "call",
//!         Step::human("sdr")
//!             .takes(Distribution::exponential(Span::minutes(6)))
//!             .likely("reached", Chance::percent(18), "won")
//!             .rest("no-answer", "lost")
//!             .crack("wrong-number", Crack::failure().chance(Chance::percent(5))),
//!     )
//!     .step("won", Step::end())
//!     .step("lost", Step::end());
//! let gaps = Distribution::exponential(Span::minutes(10));
//! definition.simulation = Some(Imagined { arrivals: Some(Arrivals::Every(gaps)), ..Imagined::default() });
//!
//! let process = Arc::new(Process::new(definition)?);
//! let results = Simulation::new(&process)?.cases(2_000).replications(5).seed(7).run()?;
//! assert_eq!(results.dead_ends[0].step, "call");
//!
//! let screen = Screen::new(&process, &results).to_string();
//! assert!(screen.contains("crack `wrong-number` struck and has no response"));
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! **Starting from a template** saves the first blank page: [`templates`] holds CRM processes to be changed.
//!
//! **Carrying cases out.** An [`Engine`] offers work to people, asks services and fires timers:
//!
//! ```
//! # #[cfg(feature = "runtime")] {
//! use grieta::{Engine, Process, data};
//!
//! let file = b"process: sales\nversion: 1.0.0\nstart: call\nroles: { sdr: { people: [ana] } }\nsteps: { call: { human: sdr, next: won }, won: { end: {} } }";
//! let mut desk = Engine::in_memory().deploy(Process::read("sales.yaml", file)?)?;
//! let case = desk.start("sales", "lead-1", data! {})?;
//! let item = desk.worklist("ana")?.first().ok_or("no work")?.id();
//! desk.claim(item, "ana")?;
//! desk.complete(item, None, data! {})?;
//! assert_eq!(desk.ended_at(case)?, ["won"]);
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! **Testing a process.** `CaseTest` tells what happens to a case, and what is expected of it:
//!
//! ```
//! # #[cfg(feature = "testkit")] {
//! use grieta::CaseTest;
//!
//! let file = "process: sales\nversion: 1.0.0\nstart: call\nroles: { sdr: { people: 1 } }\nsteps: { call: { human: sdr, next: won }, won: { end: {} } }";
//! CaseTest::new(file).start(grieta::data! {}).on("call").claim("ana").done().expect_ended_at("won");
//! # }
//! ```
//!
//! **Embedding the meaning.** Whatever reads a definition drives the one [`kernel`]: a pure function from a case, a time
//! and a command to events. A case is the fold of its events, so what is checked is what is simulated.
//!
//! # Features
//!
//! | feature | brings |
//! |---|---|
//! | `simulator` | [`simulator`]: discrete-event simulation |
//! | `runtime` | [`runtime`]: the [`Engine`] that carries cases out |
//! | `templates` | [`templates`]: embedded CRM processes |
//! | `verifier` | [`verifier`]: whether every case can end, and what guards leave out |
//! | `testkit` | [`testkit`]: [`CaseTest`], unit tests of a process (needs `runtime`) |
//! | `lifecycle` | [`lifecycle`]: the life cycle of a customer across processes, and one network of them |
//! | `bpmn` | [`bpmn`]: reads the control flow of BPMN 2.0 files |
//! | `report` | [`report`]: diagrams and results as text (needs `simulator`) |
//! | `rounds` | [`rounds`]: a journal of findings, and of what changes were worth (needs `report`, `testkit` and `verifier`) |
//! | `annotate` | [`Problems::annotated`](diagnostic::Problems): problems drawn in the file, in colour where wanted |
//! | `schema` | `definition::json_schema`: the JSON Schema of the file; off by default |
//!
//! All but `annotate` and `schema` are on by default; without them there is the definition, the reader, the checks and the kernel.

mod load;

#[cfg(feature = "bpmn")]
pub use grieta_bpmn as bpmn;
pub use grieta_core::{
    CrackIx, Duration, FieldIx, FlowIx, Link, LinkKind, PersonIx, Plan, Process, RoleIx, StepIx, TimerIx, Timestamp,
    TokenIx, Told,
};
pub use grieta_core::{
    calendar, definition, diagnostic, difference, expression, kernel, review, time, value, world, yaml,
};
#[cfg(feature = "lifecycle")]
pub use grieta_lifecycle as lifecycle;
#[cfg(feature = "report")]
pub use grieta_report as report;
#[cfg(feature = "rounds")]
pub use grieta_rounds as rounds;
#[cfg(feature = "runtime")]
pub use grieta_runtime::{self as runtime, Data, Engine, SystemClock, data};
#[cfg(feature = "simulator")]
pub use grieta_simulator as simulator;
#[cfg(feature = "templates")]
pub use grieta_templates as templates;
#[cfg(feature = "testkit")]
pub use grieta_testkit::{self as testkit, CaseTest, RandomRuns, scenarios};
#[cfg(feature = "verifier")]
pub use grieta_verifier as verifier;
pub use load::{LoadError, load};

/// The Rust of the README is compiled and run.
#[cfg(all(doctest, feature = "report", feature = "templates", feature = "testkit"))]
#[doc = include_str!("../../README.md")]
struct Readme;

/// So is that of the page on embedding.
#[cfg(all(doctest, feature = "runtime"))]
#[doc = include_str!("../../docs/engine.md")]
struct EnginePage;

/// The Rust of the page on testing is compiled and run.
#[cfg(all(doctest, feature = "testkit"))]
#[doc = include_str!("../../docs/testing.md")]
struct Testing;

/// So is that of the page on scenarios.
#[cfg(all(doctest, feature = "testkit"))]
#[doc = include_str!("../../docs/scenarios.md")]
struct ScenariosPage;

/// That of the page on life cycles.
#[cfg(all(doctest, feature = "lifecycle"))]
#[doc = include_str!("../../docs/life-cycle.md")]
struct LifeCyclePage;

/// And that of the page on BPMN.
#[cfg(all(doctest, feature = "bpmn"))]
#[doc = include_str!("../../docs/bpmn.md")]
struct BpmnPage;
