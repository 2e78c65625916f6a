//! TODO

pub mod chart;
