//! Capacity and traffic of a region: sums over time, as integers.

/// Capacity and traffic of one region over a stretch of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Worker-nanoseconds busy (a worker held by a database call counts).
    pub app_busy_ns: u128,
    /// Worker-nanoseconds switched on.
    pub app_on_ns: u128,
    /// Connection-nanoseconds busy.
    pub database_busy_ns: u128,
    /// Connection-nanoseconds there were.
    pub database_on_ns: u128,
    /// Instance-nanoseconds switched on.
    pub instances_on_ns: u128,
    /// Of these, while the region could be reached.
    pub instances_up_ns: u128,
    /// Of these, less what was busy, while the region stood first in no published answer to a geography with sessions.
    pub instances_idle_ns: u128,
    /// Bytes that left the region over the link: replication and remote database calls.
    pub cross_region_bytes: u64,
}

impl Load {
    /// Adds `other`, of another stretch of time or another region.
    pub fn add(&mut self, other: &Load) {
        self.app_busy_ns += other.app_busy_ns;
        self.app_on_ns += other.app_on_ns;
        self.database_busy_ns += other.database_busy_ns;
        self.database_on_ns += other.database_on_ns;
        self.instances_on_ns += other.instances_on_ns;
        self.instances_up_ns += other.instances_up_ns;
        self.instances_idle_ns += other.instances_idle_ns;
        self.cross_region_bytes += other.cross_region_bytes;
    }
}
