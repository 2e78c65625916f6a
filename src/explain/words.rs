//! Names for the steps of a run.

use crate::model::{Component, What};
use crate::scenario::{GeographyId, RegionId, Scenario};

/// Kind of a step, in files.
pub(super) fn kind(what: What) -> &'static str {
    match what {
        What::RunStarts => "run-starts",
        What::IncidentBegins { .. } => "incident-begins",
        What::IncidentEnds { .. } => "incident-ends",
        What::CheckerFinds { down: true, .. } => "checker-down",
        What::CheckerFinds { down: false, .. } => "checker-up",
        What::Verdict { down: true, .. } => "verdict-down",
        What::Verdict { down: false, .. } => "verdict-up",
        What::AnswerChanges { .. } => "answer-changes",
        What::LastVisitorLeaves { .. } => "last-visitor-leaves",
        What::ContactLost { .. } => "contact-lost",
        What::Fenced { .. } => "fenced",
        What::PromotionDecided { .. } => "promotion-decided",
        What::SwitchBegins { .. } => "switch-begins",
        What::Promoted { .. } => "promoted",
        What::StandbyOrdered { .. } => "standby-ordered",
        What::StandbyActive { .. } => "standby-active",
        What::FirstServedElsewhere { .. } => "first-served-elsewhere",
        What::Recovered { .. } => "recovered",
        What::BacklogCleared { .. } => "backlog-cleared",
    }
}

/// The lanes, from cause to effect.
pub(super) const LANES: [&str; 5] = ["faults", "health checks", "names", "database and standby", "visitors"];

/// Returns the lane of a step.
pub(super) fn lane(what: What) -> &'static str {
    LANES[match what {
        What::RunStarts | What::IncidentBegins { .. } | What::IncidentEnds { .. } => 0,
        What::CheckerFinds { .. } | What::Verdict { .. } => 1,
        What::AnswerChanges { .. } => 2,
        What::ContactLost { .. }
        | What::Fenced { .. }
        | What::PromotionDecided { .. }
        | What::SwitchBegins { .. }
        | What::Promoted { .. }
        | What::StandbyOrdered { .. }
        | What::StandbyActive { .. }
        | What::BacklogCleared { .. } => 3,
        What::LastVisitorLeaves { .. } | What::FirstServedElsewhere { .. } | What::Recovered { .. } => 4,
    }]
}

/// Says in a sentence without its full stop what happened.
pub(super) fn sentence(what: What, scenario: &Scenario) -> String {
    let region = |region: RegionId| &scenario.regions[region].name;
    let geography = |place: GeographyId| &scenario.geographies[place].name;
    let incident = |place: usize| &scenario.incidents[place].name;
    let component = |component| match component {
        Component::Region(at) => region(at).clone(),
        Component::Database(at) => format!("the database of {}", region(at)),
    };
    let state = |down| if down { "down" } else { "up" };
    match what {
        What::RunStarts => "the run starts".to_owned(),
        What::IncidentBegins { incident: place, .. } => format!("{} begins", incident(place)),
        What::IncidentEnds { incident: place, .. } => format!("{} ends", incident(place)),
        What::CheckerFinds { geography: place, component: probed, down } => {
            format!("a checker in {} finds {} {}", geography(place), component(probed), state(down))
        }
        What::Verdict { component: probed, down } => {
            format!("the traffic manager finds {} {}", component(probed), state(down))
        }
        What::AnswerChanges { geography: place, region: Some(at) } => {
            format!("{} is answered {}", geography(place), region(at))
        }
        What::AnswerChanges { geography: place, region: None } => format!("{} is answered a failure", geography(place)),
        What::LastVisitorLeaves { geography: place, region: at } => {
            format!("the last visitor of {} is sent to {}", geography(place), region(at))
        }
        What::ContactLost { region: at } => format!("contact with the primary in {} is lost", region(at)),
        What::Fenced { region: at } => format!("the primary in {} acknowledges nothing any more", region(at)),
        What::PromotionDecided { region: at } => format!("the promotion of {} is decided", region(at)),
        What::SwitchBegins { region: at } => format!("the primary's role begins to move to {}", region(at)),
        What::Promoted { region: at } => format!("{} is the primary", region(at)),
        What::StandbyOrdered { region: at } => format!("the standby in {} is ordered to grow", region(at)),
        What::StandbyActive { region: at } => format!("the standby in {} is at full size", region(at)),
        What::FirstServedElsewhere { incident: place } => {
            format!("the first visitor hit by {} is served by the other side", incident(place))
        }
        What::Recovered { incident: place } => format!("service has recovered from {}", incident(place)),
        What::BacklogCleared { incident: place } => {
            format!("the replication backlog of {} is cleared", incident(place))
        }
    }
}
