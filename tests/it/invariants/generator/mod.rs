//! Scenarios drawn over the whole format: every key, every distribution, all modes, probes and kinds of incident.
//!
//! A scenario is made from a tape of numbers, one for each choice. Where a property fails, proptest makes the numbers smaller,
//! and a smaller number is a plainer choice (the first of a list, the least of a range), so that the scenario that is
//! printed holds little beyond what matters. That nothing of the format is left out is tested in `format.rs`.

mod design;
mod incident;
pub(super) mod pools;
mod values;
mod world;

use design::Design;

/// Length of a run.
pub(super) const HORIZON_S: u64 = 480;

/// Patience of every visitor.
pub(super) const PATIENCE_S: u64 = 20;

/// From when to when both regions are down, if they are.
pub(super) const DOWN_S: [u64; 2] = [200, 350];

/// Enough numbers for all choices of the longest scenario.
pub(super) const TAPE: usize = 400;

/// Choices that depend on nothing but a tape of numbers.
struct Dice<'a> {
    tape: std::slice::Iter<'a, u32>,
}

impl Dice<'_> {
    fn next(&mut self) -> u64 {
        u64::from(*self.tape.next().expect("a tape that is long enough"))
    }

    /// A whole number from `low` to `high`.
    fn from(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    fn one_of<'b>(&mut self, choices: &[&'b str]) -> &'b str {
        choices[self.from(0, choices.len() as u64 - 1) as usize]
    }
}

/// Capacity of the servers.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Capacity {
    Ample,
    Any,
}

/// A scenario in parts.
pub(super) struct Generated {
    world: String,
    designs: [Design; 2],
    /// Another first design, which differs in what happens only after a failure.
    twin: Design,
    incidents: String,
    /// Incidents that take both regions.
    outage: String,
    /// Questions asked of the results.
    questions: String,
}

impl Generated {
    /// The scenario of that tape.
    pub(super) fn new(tape: &[u32], capacity: Capacity) -> Self {
        let mut dice = Dice { tape: tape.iter() };
        let world = world::head(&mut dice) + &world::places(&mut dice, capacity);
        let nobody_writes = world.matches("write_share = 0.0").count() == 2;
        let designs = [design::design(&mut dice, nobody_writes), design::design(&mut dice, nobody_writes)];
        let twin = design::twin(&mut dice, &designs[0]);
        let count = dice.from(1, 4);
        let incidents = (0..count).map(|place| incident::incident(&mut dice, place)).collect();
        let outage = incident::both_regions_down(&mut dice);
        Generated { world, designs, twin, incidents, outage, questions: world::questions(&mut dice) }
    }

    /// World and designs, and nothing that goes wrong.
    pub(super) fn quiet(&self) -> String {
        let [one, two] = self.designs.each_ref().map(Design::text);
        format!("{}[designs.one]\n{one}[designs.two]\n{two}", self.world)
    }

    /// All of it.
    pub(super) fn text(&self) -> String {
        format!("{}{}{}", self.quiet(), self.incidents, self.questions)
    }

    /// Without incidents, and with a third design: the first, promoted in another way.
    pub(super) fn with_another_promotion(&self) -> String {
        format!("{}[designs.twin]\n{}", self.quiet(), self.designs[0].promoted_like(&self.twin))
    }

    /// With a third design: the first, with another answer to failures of any kind.
    pub(super) fn with_another_answer_to_failures(&self) -> String {
        format!("{}[designs.twin]\n{}{}", self.quiet(), self.twin.text(), self.incidents)
    }

    /// With both regions down for a while, instead of the incidents.
    pub(super) fn with_both_regions_down(&self) -> String {
        self.quiet() + &self.outage
    }
}
