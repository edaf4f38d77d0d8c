//! Telephone reception on a page: the calls of which nobody would ever have known.
//!
//! ```sh
//! cargo run --release --example telephone_reception
//! ```

mod page;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    page::Page {
        template: "telephone-reception",
        good_end: "handled",
        cases: 1_500,
        what_if: &["full-mailbox", "hospital-week", "receptionist-ill"],
    }
    .print()
}
