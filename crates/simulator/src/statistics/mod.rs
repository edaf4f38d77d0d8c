//! What is learnt from a run without keeping its values: moments, quantiles, and how sure one may be of them.

mod batches;
mod histogram;
mod interval;
mod moments;
mod mser;
mod student;

pub use batches::Batches;
pub use histogram::Histogram;
pub(crate) use histogram::rank;
pub use interval::Interval;
pub use moments::Moments;
pub use mser::Series;
pub use student::{normal_quantile, student_quantile};
