//! The engine: an event list, a clock and keyed random streams. It knows no word of the model.

mod queue;
mod sampler;
mod sim;
mod stream;

pub use queue::EventQueue;
pub use sampler::{Sampler, Zipf};
pub use sim::{Agenda, EngineError, Model, run};
pub use stream::Stream;
