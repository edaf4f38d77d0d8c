//! Review by those who do the work: what a definition says that a role does, and who has signed that.
//!
//! A change **concerns** a role if the role's page reads differently after it: the page is the [`View`], and what is signed is its
//! hash. So there is no list of keys that count; what stands on the page counts, and what does not, does not.

mod running;
mod standing;
mod view;

pub use standing::{SHORTEST_HASH, Standing, State};
pub use view::{Task, View};
