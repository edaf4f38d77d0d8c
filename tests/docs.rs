//! The pages say what the code does.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

use std::path::Path;

use grieta::Process;
use grieta::review::State;

fn page(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// The fenced blocks of a page in that language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    page.split(&fence).skip(1).filter_map(|rest| rest.split("\n```").next()).map(|block| format!("{block}\n")).collect()
}

#[test]
fn the_readme_embeds_as_the_example_does() {
    let example = page("examples/embed_engine.rs");
    let code = example.split_once("\nuse grieta::").unwrap().1;
    assert!(page("README.md").contains(code), "paste examples/embed_engine.rs into the README");
}

#[test]
fn every_definition_in_the_pages_is_sound() {
    for name in ["README.md", "docs/format.md", "docs/review.md", "docs/testing.md"] {
        let examples = blocks(&page(name), "yaml");
        assert!(!examples.is_empty());
        for example in examples {
            let process = Process::read(name, example.as_bytes()).unwrap_or_else(|problems| unreachable!("{problems}"));
            assert!(process.warnings().is_empty(), "{}", process.warnings());
        }
    }
}

#[test]
fn the_signatures_in_the_page_on_review_hold() {
    let example = blocks(&page("docs/review.md"), "yaml").remove(0);
    let process = Process::read("order.yaml", example.as_bytes()).unwrap();
    let standings = process.definition().standings();
    assert_eq!(standings.len(), 2);
    assert!(standings.iter().all(|standing| standing.state() == State::Signed));
}

#[test]
fn the_mistake_shown_in_the_readme_is_the_one_reported() {
    let readme = page("README.md");
    let wrong = blocks(&readme, "yaml")[0].replace("to: interested }", "to: intrested }");
    let problems = Process::read("lead-follow-up.yaml", wrong.as_bytes()).unwrap_err();
    let shown = problems.to_string();
    let first = shown.split("\n\n").next().unwrap().trim_end();
    assert!(blocks(&readme, "text").iter().any(|block| block.trim_end() == first), "{first}");
}

#[test]
fn links_between_pages_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pages = [
        "README.md",
        "ARCHITECTURE.md",
        "docs/bpmn.md",
        "docs/cli.md",
        "docs/exceptions.md",
        "docs/format.md",
        "docs/life-cycle.md",
        "docs/method.md",
        "docs/problems.md",
        "docs/rounds.md",
        "docs/review.md",
        "docs/simulation.md",
        "docs/testing.md",
        "docs/adr/0001-decisions.md",
        "docs/adr/0006-dependencies.md",
        "process-templates/README.md",
    ];
    let problems = std::fs::read_dir(root.join("docs/problems")).unwrap();
    let problems = problems.map(|page| format!("docs/problems/{}", page.unwrap().file_name().to_str().unwrap()));
    for name in pages.map(str::to_owned).into_iter().chain(problems) {
        let folder = root.join(&name).parent().unwrap().to_owned();
        for target in page(&name).split("](").skip(1).filter_map(|rest| rest.split(')').next().map(str::to_owned)) {
            let file = target.split('#').next().unwrap();
            assert!(target.starts_with("https://") || folder.join(file).exists(), "{name}: {target}");
        }
    }
}

#[test]
fn the_life_cycle_of_the_page_is_the_one_in_the_folder() {
    assert_eq!(blocks(&page("docs/life-cycle.md"), "yaml"), [page("docs/shop/life-cycle.yaml")]);
}

#[test]
fn the_process_of_the_page_on_testing_is_the_one_that_its_tests_load() {
    assert_eq!(blocks(&page("docs/testing.md"), "yaml"), [page("docs/order.yaml")]);
}

#[cfg(feature = "testkit")]
#[test]
fn the_failure_shown_in_the_page_on_testing_is_the_one_reported() {
    use grieta::{CaseTest, data};
    let failed = std::panic::catch_unwind(|| {
        CaseTest::new(page("docs/order.yaml").as_str())
            .service("check-stock", data! {}.outcome("in-stock"))
            .start(data! { order_id: "o1" })
            .on("pack")
            .claim("ana")
            .fail("box-missing")
            .advance("2 bh")
            .expect_at("payment");
    });
    let message = *failed.unwrap_err().downcast::<String>().unwrap();
    assert!(blocks(&page("docs/testing.md"), "text").contains(&message), "{message}");
}

#[test]
fn the_scenarios_of_the_page_are_those_that_are_run() {
    let shown = &blocks(&page("docs/scenarios.md"), "yaml")[0];
    let file = page("docs/order.test.yaml");
    assert!(file.starts_with(shown.trim_end()), "docs/order.test.yaml does not begin as docs/scenarios.md shows");
}
