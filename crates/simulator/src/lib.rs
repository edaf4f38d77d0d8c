//! Discrete-event simulation of process definitions.
