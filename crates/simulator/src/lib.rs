//! Discrete-event simulation of process definitions.

pub mod random;
