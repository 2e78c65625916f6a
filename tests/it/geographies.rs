//! Many geographies: each is itself, up to a limit that is said.

use firedrill::model::{Plan, RunOutcome, simulate};
use firedrill::scenario::{LoadError, LoadOptions, MOST_GEOGRAPHIES, Scenario};

const SMALL: &str = include_str!("small.toml");

/// The small scenario without incidents, and so many geographies more, the one at place `n` with a round trip of `10 + 2 n`
/// ms to the region that is nearest to all of them.
fn with_geographies(more: usize) -> String {
    let geography = |place: usize| {
        let near = 10 + 2 * place;
        format!(
            "[geographies.g{place}]\nsessions = {{ rate = 0.05 }}\nrequests_per_session = 6\nthink_time = \"4s\"\n\
             write_share = 0.0\nrtt = {{ singapore = \"{near}ms\", frankfurt = \"{}ms\" }}\n\
             resolvers = {{ count = 2, skew = 0.0, rtt = \"8ms\", foreign = 0.0 }}\n",
            near + 500
        )
    };
    let world = SMALL.split("[[incidents]]").next().expect("the part before the incidents");
    world.to_owned() + &(2..2 + more).map(geography).collect::<String>()
}

fn parsed(text: &str) -> Result<Scenario, LoadError> {
    Scenario::parse(text, "many.toml", &LoadOptions::default()).map(|loaded| loaded.scenario)
}

/// Least latency of a read, in milliseconds.
fn least_ms(run: &RunOutcome, geography: usize) -> f64 {
    run.visitors[geography][0].latency.histogram.min() as f64 / 1e3
}

/// With ids of eight bits the 257th geography was the first one.
#[test]
fn every_one_of_300_geographies_has_its_own_requests_and_round_trips() {
    let plan = Plan::new(&parsed(&with_geographies(298)).unwrap());
    let run = simulate(&plan, 0, 0).unwrap();
    assert_eq!((run.visitors.len(), run.names.len()), (300, 300));
    for geography in 2..300 {
        let requests = run.visitors[geography][0].succeeded;
        // 540 s of 0.05 sessions per second with 6 requests each, half a minute less at the end.
        assert!((60..=300).contains(&requests), "geography {geography}: {requests} requests");
        assert!(run.names[geography].lookups > 5, "geography {geography}: {:?}", run.names[geography]);
        let (rtt, least) = ((10 + 2 * geography) as f64, least_ms(&run, geography));
        assert!((rtt..rtt + 50.0).contains(&least), "geography {geography}: {least} ms with a round trip of {rtt} ms");
    }
}

#[test]
fn more_geographies_than_the_limit_are_refused_with_their_line_and_the_limit() {
    let most = usize::from(MOST_GEOGRAPHIES);
    assert!(parsed(&with_geographies(most - 2)).is_ok(), "as many as the limit");
    let text = with_geographies(most - 1);
    let refused = parsed(&text).unwrap_err().to_string();
    let line = 1 + text.lines().position(|line| line == format!("[geographies.g{most}]")).unwrap();
    let expected = format!("many.toml:{line}:1: geographies.g{most}: there are 1001 geographies; at most 1000");
    assert_eq!(refused.lines().next(), Some(expected.as_str()));
}
