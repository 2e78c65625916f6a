//! The engine: an event list, a clock and keyed random streams. It knows no word of the model.
//!
//! # The ordering contract
//!
//! 1. Time is an integer count of nanoseconds. The clock ([`Scheduler::now`]) moves only when an event happens, to that
//!    event's time, and never back; at the end of a run it stands at the horizon.
//! 2. Events happen in the order of `(time, sequence)`, where the sequence numbers the calls that schedule them,
//!    whichever method was called. So events at one moment happen first in, first out; one that is scheduled for the present
//!    moment happens at that moment, after all that were scheduled for it before. Nothing else (no address, no hash, no
//!    thread) has a say.
//! 3. Events at the horizon happen; later ones do not.
//! 4. An event cannot be taken back. What may have become void is checked when it happens.
//! 5. A random number is a function of the key of its [`Stream`] and a counter, not of what was drawn before, so the
//!    order of events changes no draw.
//!
//! Left out on purpose: priorities among equal times, cancelling, and threads (a run is one thread; a study runs many).

mod divergence;
mod draw;
mod queue;
mod sampler;
mod scheduler;
mod sim;
mod splitmix;
mod stream;
mod stream_rng;
mod twice;
mod ziggurat;
mod zipf;

#[cfg(test)]
mod goodness_of_fit;

pub use divergence::Divergence;
pub use draw::Draw;
pub use queue::EventQueue;
pub use sampler::Sampler;
pub use scheduler::Scheduler;
pub use sim::{EngineError, Model, run, run_unless};
pub use stream::Stream;
pub use stream_rng::StreamRng;
pub use twice::run_twice;
pub use zipf::Zipf;
