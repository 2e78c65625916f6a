//! Compares event lists: nanoseconds for one event, popped and followed by one new event, over the candidates.
//!
//! `service` mixes the delays of a simulated web service (nothing, network, service, think time, probes); `hold` is the
//! hold model of the literature: exponential delays of one mean.

#![allow(missing_docs, reason = "criterion writes undocumented functions")]
#![expect(missing_docs, reason = "criterion_group makes a public function")]

mod event_lists;

use std::hint::black_box;

use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main, measurement::WallTime};
use event_lists::{Calendar, Event, EventList, QuaternaryHeap, Radix, StdHeap};
use firedrill::engine::{EventQueue, Stream};
use firedrill::units::SimTime;

/// The engine's own.
#[derive(Default)]
struct Engine(EventQueue<Event>);

impl EventList for Engine {
    #[inline]
    fn push(&mut self, at: u64, event: Event) {
        self.0.push(SimTime::from_nanos(at), event);
    }

    #[inline]
    fn pop(&mut self) -> Option<(u64, Event)> {
        self.0.pop().map(|(at, event)| (at.as_nanos(), event))
    }
}

const DELAYS: usize = 1 << 16;
const BATCH: u64 = 10_000;

/// Delays of a hold model with mean 1 s, in nanoseconds.
fn hold() -> Vec<u64> {
    let stream = Stream::root(0, 0);
    (0..DELAYS as u64).map(|n| (stream.exponential(n) * 1e9) as u64).collect()
}

/// Delays as a service has them, in nanoseconds.
fn service() -> Vec<u64> {
    let (kind, size) = (Stream::root(0, 1), Stream::root(0, 2));
    let delay = |n| {
        let millis = match (kind.uniform(n) * 100.0) as u32 {
            0..10 => 0.0,
            10..35 => [5.0, 40.0, 75.0, 80.0][n as usize % 4],
            35..45 => 5.0 + 75.0 * size.uniform(n),
            45..80 => (1.0 + 19.0 * kind.uniform(n)) * size.exponential(n),
            80..98 => 5000.0 * size.exponential(n),
            _ => 15_000.0 + 45_000.0 * size.uniform(n),
        };
        (millis * 1e6) as u64
    };
    (0..DELAYS as u64).map(delay).collect()
}

fn candidate<L: EventList>(group: &mut BenchmarkGroup<WallTime>, name: &str, delays: &[u64], pending: u32) {
    let mut list = L::default();
    let mut draw = 0;
    let mut step = |list: &mut L| {
        let (now, event) = list.pop().expect("as many come as go");
        draw += 1;
        list.push(now + delays[draw % DELAYS], event);
        let Event::Session(session) = event;
        now ^ u64::from(session)
    };
    (0..pending).for_each(|session| list.push(delays[session as usize * 7919 % DELAYS], Event::Session(session)));
    (0..3 * pending).for_each(|_| _ = step(&mut list));
    group.bench_function(format!("{name}/{pending}"), |bencher| {
        bencher.iter(|| (0..BATCH).for_each(|_| _ = black_box(step(&mut list))));
    });
}

fn compare(criterion: &mut Criterion, name: &str, delays: &[u64], sizes: &[u32]) {
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(BATCH));
    for &pending in sizes {
        candidate::<Engine>(&mut group, "engine", delays, pending);
        candidate::<StdHeap>(&mut group, "std-binary-heap", delays, pending);
        candidate::<QuaternaryHeap>(&mut group, "quaternary-heap", delays, pending);
        candidate::<Calendar>(&mut group, "calendar", delays, pending);
        candidate::<Radix<1>>(&mut group, "radix-1-bit", delays, pending);
        candidate::<Radix<4>>(&mut group, "radix-4-bits", delays, pending);
    }
    group.finish();
}

fn event_lists(criterion: &mut Criterion) {
    compare(criterion, "service", &service(), &[3_000, 10_000]);
    compare(criterion, "hold", &hold(), &[100, 1_000, 10_000, 1_000_000]);
}

criterion_group!(benches, event_lists);
criterion_main!(benches);
