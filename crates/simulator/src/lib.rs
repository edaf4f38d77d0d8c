//! Discrete-event simulation of process definitions.

pub mod random;
pub mod sampler;
mod special;
pub mod statistics;
