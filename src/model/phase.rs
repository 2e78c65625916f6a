//! The phases of lost service: one for each failed request, so that counts by phase add up to the failures.

/// The one thing that would have had to be better for a failed request's last attempt to succeed. First match, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Both regions were gone, or no node was left that could have served it under any setting of `promotion`.
    NothingLeft,
    /// The primary was gone, and the design never promotes the replica that could have taken its place.
    NeverPromotes,
    /// No answer from DNS.
    Names,
    /// The region should not have been used, and the traffic manager did not know yet.
    Undetected,
    /// It knew, but had not published the new answer.
    Unpublished,
    /// The attempt went out on a connection opened before the new answer.
    KeptConnection,
    /// The client held an answer fetched before the new one.
    ClientCache,
    /// The resolver did.
    ResolverCache,
    /// The answer itself was bad.
    NoAlternative,
    /// The database call crossed a link that was cut.
    Link,
    /// The database call went to a node that failed while another usable one stood by.
    DatabaseEndpoint,
    /// There was no primary.
    NoPrimary,
    /// The commit waited for a receipt of the replica.
    Replica,
    /// An injected error or slowness that the health checks' probes would not have met.
    Gray,
    /// Shed, or queued too long.
    Capacity,
    /// None of these.
    Other,
}

impl Phase {
    /// All phases, in the order of the arrays that are indexed by phase.
    pub const ALL: [Phase; 16] = [
        Phase::NothingLeft,
        Phase::NeverPromotes,
        Phase::Names,
        Phase::Undetected,
        Phase::Unpublished,
        Phase::KeptConnection,
        Phase::ClientCache,
        Phase::ResolverCache,
        Phase::NoAlternative,
        Phase::Link,
        Phase::DatabaseEndpoint,
        Phase::NoPrimary,
        Phase::Replica,
        Phase::Gray,
        Phase::Capacity,
        Phase::Other,
    ];

    /// Name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Phase::NothingLeft => "nothing_left",
            Phase::NeverPromotes => "never_promotes",
            Phase::Names => "names",
            Phase::Undetected => "undetected",
            Phase::Unpublished => "unpublished",
            Phase::KeptConnection => "kept_connection",
            Phase::ClientCache => "client_cache",
            Phase::ResolverCache => "resolver_cache",
            Phase::NoAlternative => "no_alternative",
            Phase::Link => "link",
            Phase::DatabaseEndpoint => "database_endpoint",
            Phase::NoPrimary => "no_primary",
            Phase::Replica => "replica",
            Phase::Gray => "gray",
            Phase::Capacity => "capacity",
            Phase::Other => "other",
        }
    }
}
