//! Says what each phase of lost service means, for a reader who knows nothing of the model; what helps is in `study::advice`.

use crate::model::Phase;

/// Says what was the matter in a phase; `docs/model.md` has the rule.
pub(super) fn meaning(phase: Phase) -> &'static str {
    match phase {
        Phase::NothingLeft => "both regions were gone, or no database node was left that could have taken over",
        Phase::NeverPromotes => "the primary was gone, and the design never promotes the replica",
        Phase::Names => "DNS gave no answer",
        Phase::Undetected => {
            "a region was dead, or answered with errors or too slowly, and the traffic manager had not noticed yet"
        }
        Phase::Unpublished => "the failure was noticed, but the new answer was not published yet",
        Phase::KeptConnection => "clients went on using a connection opened before the new answer",
        Phase::ClientCache => "clients held on to the old address",
        Phase::ResolverCache => "resolvers still gave the old answer",
        Phase::NoAlternative => "there was nowhere else to go: no other region was ready",
        Phase::Link => "the link between the regions was cut",
        Phase::DatabaseEndpoint => "another database node stood by, and the app did not use it yet",
        Phase::NoPrimary => "no database node could take the request: the promotion was not finished",
        Phase::Replica => "a commit waited for the replica's receipt",
        Phase::Gray => "a region answered with errors or too slowly, which most health checks' probes do not meet",
        Phase::Capacity => "the surviving side had not enough capacity",
        Phase::Other => "none of the phases above",
    }
}
