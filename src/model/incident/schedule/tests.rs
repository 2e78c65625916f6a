use super::super::super::fixture::{self, NORTH, millis, passes};
use super::super::super::plan::Plan;
use super::*;

const PRIMARY: NodeId = NodeId::of(NORTH);

/// The first incident is planned, and happens. Returns when it begins, and when each of the next events comes, up to an hour.
fn happens(plan: &Plan) -> (Books, Vec<SimTime>) {
    let setting = fixture::setting(plan);
    let mut books = Books::new(plan, setting.design);
    let mut scheduler = Scheduler::new();
    let mut moments = Vec::new();
    Incidents { books: &mut books, setting: &setting }.plan(&mut scheduler);
    while scheduler.lookahead_bound() < millis(3_600_000) {
        let next = scheduler.lookahead_bound();
        let [(at, event)] = passes(&mut scheduler, next)[..] else { panic!("one at a time") };
        moments.push(at);
        let mut incidents = Incidents { books: &mut books, setting: &setting };
        if let Event::IncidentStarts { incident } = event {
            let _ = incidents.begins(&mut scheduler, incident, PRIMARY);
        } else {
            let Event::IncidentEnds { occurrence } = event else { panic!("{event:?}") };
            let _ = incidents.ends(&mut scheduler, occurrence);
        }
    }
    (books, moments)
}

#[test]
fn an_incident_that_comes_once_lasts_as_long_as_it_says() {
    let plan = fixture::plan(&[]);
    let (books, moments) = happens(&plan);
    assert_eq!(moments, [millis(180_000), millis(300_000)]);
    assert_eq!(books.occurrences_of(0), 1);
}

#[test]
fn an_incident_that_comes_again_is_timed_from_the_end_of_the_one_before() {
    let text = include_str!("../../../../tests/it/small.toml").replace("at     = \"3m\"", "every  = \"10m\"");
    let plan = fixture::plan_of(&text, &[]);
    let (books, moments) = happens(&plan);
    // Ten minutes of peace on average, two of outage: each pair is one occurrence.
    assert!(moments.len() > 2 && books.occurrences_of(0) as usize == moments.len().div_ceil(2), "{moments:?}");
    for occurrence in moments.chunks_exact(2) {
        assert_eq!(occurrence[1].since(occurrence[0]), millis(120_000).since(millis(0)));
    }
    let stream = fixture::setting(&plan).of_occurrence(0, 1);
    let every = plan.incidents[0].every.as_ref().expect("it comes again");
    assert_eq!(moments[2], moments[1] + every.duration(stream.draw(1)));
}
