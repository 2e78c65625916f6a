//! Geographies: places with visitors, and how far they are from the regions.

use serde::Serialize;

use std::ops::Index;

use super::client::Client;
use super::distribution::{COUNTS, DURATIONS, Distribution};
use super::geography_id::GeographyId;
use super::geography_id::MOST_GEOGRAPHIES;
use super::known_names::Names;
use super::resolvers::Resolvers;
use super::sessions::Sessions;
use super::study::StudyPlan;
use super::text::kind::{Count, SHARE};
use super::text::reader::TableReader;

/// A place with visitors.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Geography {
    /// Name, as in the file.
    pub name: String,
    /// Sessions that start per second, on average over the run.
    pub session_rate: f64,
    /// Time at which they start.
    #[serde(skip_serializing_if = "Sessions::is_steady")]
    pub sessions: Sessions,
    /// Clients that are there from the start of a run to its end, beside the sessions.
    #[serde(skip_serializing_if = "is_none")]
    pub service_clients: u32,
    /// Requests of a session; at least 1 each.
    pub requests_per_session: Distribution,
    /// Seconds between the end of one request and the start of the session's next.
    pub think_time: Distribution,
    /// Probability that a request is a write.
    pub write_share: f64,
    /// Round-trip time to each region, in seconds, in the order of the regions.
    pub rtt: [Distribution; 2],
    /// The recursive resolvers that visitors ask.
    pub resolvers: Resolvers,
    /// Caches, timeouts and retries of clients.
    pub client: Client,
}

/// Tells if there are none: the default.
fn is_none(count: &u32) -> bool {
    *count == 0
}

/// The shortest think time, on average, of clients that never leave: a shorter one would flood a run with events.
const SHORTEST_THINK_S: f64 = 0.001;

/// Names that a geography cannot have, because an incident's target means something else by them.
const AUTHORITIES: [&str; 2] = ["gtm", "zone"];
/// Name of the rows of all geographies together.
const TOGETHER: &str = "all";

impl Geography {
    /// Reads `[geographies.*]`, and enters their names in `names` even if they are wrong otherwise. `study` is `None` if it had
    /// problems.
    pub(super) fn read_all(root: &mut TableReader<'_>, names: &mut Names, study: Option<&StudyPlan>) -> Vec<Geography> {
        let meaning = "where visitors are, by name (not `gtm`, `zone` or `all`); at most 1000";
        let tables = root.key("geographies", meaning).named_tables("tables");
        names.geographies = tables.names();
        let (count, is_there) = (names.geographies.len(), tables.is_there);
        if count == 0 && is_there {
            root.refuse("geographies", "there must be at least one geography, [geographies.NAME]");
        }
        if count > usize::from(MOST_GEOGRAPHIES) {
            tables.refuse_from(
                MOST_GEOGRAPHIES.into(),
                format!("there are {count} geographies; at most {MOST_GEOGRAPHIES}"),
            );
            return Vec::new();
        }
        tables.read(|name, table| {
            if name == TOGETHER {
                table.problem_here(format!("a geography cannot be called {name:?}: rows of all of them together are"));
            }
            if AUTHORITIES.contains(&name) {
                table.problem_here(format!(
                    "a geography cannot be called {name:?}: an incident's target means the authority"
                ));
            }
            Geography::read(name, table, names, study)
        })
    }

    fn read(name: &str, table: &mut TableReader<'_>, names: &Names, study: Option<&StudyPlan>) -> Self {
        let (session_rate, sessions) =
            table.key("sessions", "how many sessions start").table(|table| Sessions::read(table, study));
        let geography = Geography {
            name: name.to_owned(),
            session_rate,
            sessions,
            service_clients: table
                .key(
                    "service_clients",
                    "clients that are there from the start of a run to its end, beside the sessions, and make one request after \
                     the other",
                )
                .or(Count(0, 100_000), 0, "none"),
            requests_per_session: table
                .key("requests_per_session", "requests of a session, at least 1")
                .required(COUNTS),
            think_time: table
                .key("think_time", "from the end of a request to the start of the session's next")
                .required(DURATIONS),
            write_share: table.key("write_share", "probability that a request is a write").required(SHARE),
            rtt: table.key("rtt", "round-trip time to each region").table(|table| round_trips(table, names)),
            resolvers: table
                .key("resolvers", "the recursive resolvers of the geography")
                .table_or_empty(Resolvers::read),
            client: table.key("client", "how clients cache, time out and retry").table_or_empty(Client::read),
        };
        let floods = geography.service_clients > 0 && geography.think_time.mean() < SHORTEST_THINK_S;
        if floods && table.is_sound(&["service_clients", "think_time"]) {
            table.problem(
                "service_clients",
                "clients that never leave must think for at least 1ms on average; see `think_time`",
            );
        }
        geography
    }

    /// Requests that the clients which never leave make in a second: at most, since an answer takes its time, too.
    pub fn service_request_rate(&self) -> f64 {
        match self.service_clients {
            0 => 0.0,
            clients => f64::from(clients) / self.think_time.mean().max(SHORTEST_THINK_S),
        }
    }

    /// Sessions that start per second when the run starts.
    pub fn session_rate_at_start(&self) -> f64 {
        match &self.sessions {
            Sessions::Daily { rates, starts_s } => Sessions::interpolated(rates, *starts_s),
            Sessions::Steady | Sessions::Trace { .. } => self.session_rate,
        }
    }
}

/// Reads `rtt`: one entry for each region.
fn round_trips(table: &mut TableReader<'_>, names: &Names) -> [Distribution; 2] {
    let meaning = "round-trip time to the region of that name";
    let found = table.each_of("region", &names.regions, (meaning, "required"), DURATIONS);
    for region in names.regions.iter().filter(|region| !table.has(region)) {
        table.refuse_entry(region, "is missing: each geography needs its round-trip time to each region");
    }
    let nowhere = || Distribution::constant(0.0);
    let rtts: Vec<Distribution> = found.into_iter().map(|rtt| rtt.unwrap_or_else(nowhere)).collect();
    rtts.try_into().unwrap_or_else(|_| [nowhere(), nowhere()])
}

/// The geographies of a scenario by their ids.
impl Index<GeographyId> for Vec<Geography> {
    type Output = Geography;

    #[inline]
    fn index(&self, geography: GeographyId) -> &Geography {
        &self[geography.index()]
    }
}
