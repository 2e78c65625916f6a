//! Firedrill simulates what happens to a service in two regions when one of them, its database, its link or its DNS
//! fails, and reports downtime, latency and data loss as distributions over many seeded runs.

pub mod cli;
pub mod engine;
pub mod maths;
pub mod model;
pub mod report;
pub mod scenario;
pub mod stats;
pub mod study;
pub mod units;
