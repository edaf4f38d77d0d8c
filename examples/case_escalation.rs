//! Case escalation on a page: a redesign that solves more, and a third level that breaks first.
//!
//! ```sh
//! cargo run --release --example case_escalation
//! ```

mod page;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    page::Page {
        template: "case-escalation",
        good_end: "closed",
        cases: 700,
        what_if: &["third-level-ill", "one-more"],
    }
    .print()
}
