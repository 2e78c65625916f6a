//! Clients that never leave: services with a process that runs for days, beside the sessions that come and go. Each makes one
//! request after the other from the start of a run to its end, and keeps its answer and its connection as its client does.

use super::super::draws::{Draws, OfSession};
use super::super::event::{Event, Scheduler};
use super::super::setting::Setting;
use crate::scenario::GeographyId;
use crate::units::{SimDuration, SimTime};

/// Schedules the first request of each: at a moment uniform within its think time, as long running leaves it.
pub(in super::super) fn plan_service_clients(scheduler: &mut Scheduler, setting: &Setting) {
    for geography in setting.plan.geographies.ids() {
        for number in 0..setting.plan.scenario.geographies[geography].service_clients {
            let draws = draws_of(setting, geography, number);
            let think_s = setting.plan.geographies[geography].think.value(draws.of_session(OfSession::FirstThink));
            let first_s = think_s * draws.of_session(OfSession::FirstRequest).uniform();
            let at = SimTime::ZERO + SimDuration::from_secs_f64(first_s);
            scheduler.schedule_at(at, Event::ServiceClientStarts { geography, number });
        }
    }
}

/// The draws of one of them.
pub(super) fn draws_of(setting: &Setting, geography: GeographyId, number: u32) -> Draws {
    let name = &setting.plan.scenario.geographies[geography].name;
    Draws(setting.streams.service_clients(name).child(u64::from(number)))
}
