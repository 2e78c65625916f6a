//! Tests on the public interface.

mod closed_form;
mod invariants;
