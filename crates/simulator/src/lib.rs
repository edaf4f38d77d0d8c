//! Discrete-event simulation of process definitions.

pub mod random;
pub mod statistics;
