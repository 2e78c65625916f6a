//! Verdicts and publications: what follows from them for everybody but the traffic manager.

use super::super::event::Event;
use super::super::incident::Change;
use super::super::world::{Agenda, World};
use super::Target;
use super::publication::{AnswerChange, Publication};
use crate::scenario::RegionId;

impl World<'_> {
    /// The checkers have come to another view of a target.
    pub(super) fn verdict(&mut self, agenda: &mut Agenda, target: Target, down: bool) {
        let now = agenda.now();
        self.books.diary.verdict(now, target, down);
        will_publish(agenda, self.dns.manager.verdict(now, target, down));
        if down {
            self.books.incidents.dns_verdict(now, target);
            if let Target::Region(region) = target {
                self.activate_standby(agenda, region.other());
            }
        }
        self.note_circumstances(now);
    }

    /// A cold standby is active.
    pub(in super::super) fn cold_standby_active(&mut self, agenda: &mut Agenda, region: RegionId) {
        will_publish(agenda, self.dns.manager.cold_standby_active(agenda.now(), region));
    }

    /// The traffic manager publishes its view of a target, and the answers that follow, unless its control plane is out.
    pub(in super::super) fn publish(&mut self, agenda: &mut Agenda, target: Target, generation: u32) {
        let now = agenda.now();
        let which = (target.index() as u64) << 32 | u64::from(generation);
        let again = Event::Publish { target, generation };
        if self.change_fails(target.region(), Change::Publication, which, again) {
            return;
        }
        let Some(changes) = self.dns.manager.publish(now, target, generation) else { return };
        for AnswerChange { geography, region, switch } in changes {
            self.books.diary.answer_changes(now, geography, region, target);
            if let Some(switch) = switch {
                if let Some(region) = switch.takes_over {
                    self.regions[region].warming_since = Some(now);
                }
                self.books.record.answer_changed(geography, now, switch.left);
            }
        }
        self.note_circumstances(now);
    }
}

/// Puts a publication on the agenda.
fn will_publish(agenda: &mut Agenda, publication: Publication) {
    publication.due().for_each(|(after, event)| agenda.after(after, event));
}
