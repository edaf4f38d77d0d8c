//! Order to service on a page: what waiting for a signature costs, and what the other cracks do.
//!
//! ```sh
//! cargo run --release --example order_to_service
//! ```

mod page;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    page::Page {
        template: "order-to-service",
        good_end: "in-service",
        cases: 700,
        what_if: &["hospital-week", "second-manager"],
    }
    .print()
}
