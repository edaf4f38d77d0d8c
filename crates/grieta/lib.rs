//! Grieta finds the cracks of a business process before a customer falls through them.

pub use grieta_core as core;
