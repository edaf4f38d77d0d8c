//! What is learnt from a run without keeping its values: moments, quantiles, and how sure one may be of them.

mod batches;
mod histogram;
mod moments;

pub use batches::Batches;
pub use histogram::Histogram;
pub use moments::Moments;
