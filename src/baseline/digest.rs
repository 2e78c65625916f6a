//! The digest of a row: two rows of equal digest say the same of every metric, view and incident, to the last bit.

use sha2::{Digest, Sha256};

use crate::study::{Observation, RunRow};

/// 16 hexadecimal digits. Numbers go in as integers or as the bits of an `f64`, lists with their length before them.
pub(super) fn of(row: &RunRow) -> String {
    let mut bytes = Bytes(Sha256::new());
    bytes.integer(row.run);
    bytes.observations(&row.values);
    bytes.integer(row.views.len() as u64);
    for view in &row.views {
        bytes.observations(&view.values);
        view.failed_by_cause.iter().chain(&view.failed_by_phase).for_each(|&count| bytes.integer(count));
    }
    row.lost_by_phase.iter().for_each(|&seconds| bytes.number(seconds));
    bytes.integer(row.incidents.len() as u64);
    for incident in &row.incidents {
        bytes.integer(incident.incident as u64);
        bytes.integer(u64::from(incident.occurrence));
        bytes.number(incident.started_s);
        bytes.number(incident.ended_s);
        bytes.number(incident.effects_ended_s);
        for flag in [incident.attended, incident.affected, incident.confirmed] {
            bytes.integer(u64::from(flag));
        }
        bytes.integer(u64::from(incident.episode));
        bytes.integer(u64::from(incident.relapses));
        bytes.observations(&incident.times);
    }
    bytes.0.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

struct Bytes(Sha256);

impl Bytes {
    fn integer(&mut self, integer: u64) {
        self.0.update(integer.to_le_bytes());
    }

    fn number(&mut self, number: f64) {
        self.integer(number.to_bits());
    }

    fn observations(&mut self, observations: &[Observation]) {
        self.integer(observations.len() as u64);
        for observation in observations {
            match observation {
                Observation::NotApplicable => self.integer(0),
                Observation::Censored => self.integer(1),
                Observation::CensoredAt(least) => {
                    self.integer(3);
                    self.number(*least);
                }
                Observation::Value(value) => {
                    self.integer(2);
                    self.number(*value);
                }
            }
        }
    }
}
