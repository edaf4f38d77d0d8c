//! Customer re-entry on a page: fewer are lost, and not as many fewer as was promised.
//!
//! ```sh
//! cargo run --release --example customer_reentry
//! ```

mod page;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    page::Page {
        template: "customer-reentry",
        good_end: "retained",
        cases: 1_000,
        what_if: &["hospital-week", "month-end-peak"],
    }
    .print()
}
