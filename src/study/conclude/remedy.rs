//! What each phase of lost service means, and what helps against it, in words for a reader who knows nothing of the model.

use crate::model::Phase;

/// Says what was the matter in a phase, and what would have helped; `docs/model.md` has the rule.
pub(super) fn explained(phase: Phase) -> (&'static str, &'static str) {
    match phase {
        Phase::NothingLeft => (
            "both regions were gone, or no database node was left that could have taken over",
            "no setting of this design: only a third place, apart from both regions, would have served",
        ),
        Phase::NeverPromotes => (
            "the primary was gone, and the design never promotes the replica",
            "a promotion, automatic or by an operator; better DNS would not have saved these requests",
        ),
        Phase::Names => {
            ("DNS gave no answer", "a longer TTL, resolvers that serve stale answers, or a second DNS provider")
        }
        Phase::Undetected => (
            "a region was dead, or answered with errors or too slowly, and the traffic manager had not noticed yet",
            "quicker health checks: a shorter interval and timeout, fewer failures needed, a probe that asks the app",
        ),
        Phase::Unpublished => (
            "the failure was noticed, but the new answer was not published yet",
            "a shorter delay from the verdict to the published answer",
        ),
        Phase::KeptConnection => (
            "clients went on using a connection opened before the new answer",
            "shorter keep-alives and time-outs, and clients that look up again after a failure",
        ),
        Phase::ClientCache => (
            "clients held on to the old address",
            "clients that honour the TTL or look up again after a failure, a shorter TTL, or answers with two addresses",
        ),
        Phase::ResolverCache => (
            "resolvers still gave the old answer",
            "a shorter TTL of the traffic manager's answer, or answers with two addresses",
        ),
        Phase::NoAlternative => (
            "there was nowhere else to go: no other region was ready",
            "a standby that is on, or that is activated sooner; a second region that is not left out at the same time",
        ),
        Phase::Link => (
            "the link between the regions was cut",
            "reads from the local database, or a second path between the regions",
        ),
        Phase::DatabaseEndpoint => (
            "another database node stood by, and the app did not use it yet",
            "a database endpoint that notices sooner: quicker checks, a shorter TTL, or a driver that knows both nodes",
        ),
        Phase::NoPrimary => (
            "no database node could take the request: the promotion was not finished",
            "quicker detection, an automatic promotion instead of an operator's decision, a shorter promotion",
        ),
        Phase::Replica => (
            "a commit waited for the replica's receipt",
            "a shorter limit to that wait, or replication that does not wait",
        ),
        Phase::Gray => (
            "a region answered with errors or too slowly, which most health checks' probes do not meet",
            "health checks that see what visitors see, and shorter time-outs with a retry elsewhere",
        ),
        Phase::Capacity => (
            "the surviving side had not enough capacity",
            "more instances or a larger standby, a queue limit that sheds early, and clients that retry less",
        ),
        Phase::Other => ("none of the phases above", "a look at `failures.csv`: its causes say what visitors saw"),
    }
}
