//! Measures one run of each design of the article's scenario.
//!
//! Reported per request, so that the figure does not depend on the length of the run.

#![allow(missing_docs, reason = "criterion writes undocumented functions")]

use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use firedrill::model::{Plan, simulate};
use firedrill::scenario::{LoadOptions, Scenario};

fn runs(criterion: &mut Criterion) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios/article.toml");
    let loaded = Scenario::load(&path, &LoadOptions::default()).expect("a scenario of the library");
    let plan = Plan::new(&loaded.scenario);
    let mut group = criterion.benchmark_group("run");
    group.sample_size(20);
    for (design, settings) in loaded.scenario.designs.iter().enumerate() {
        let requests = simulate(&plan, design, 0).expect("a run").requests_simulated;
        group.throughput(Throughput::Elements(requests));
        group.bench_function(&settings.name, |bencher| bencher.iter(|| simulate(&plan, design, 0).expect("a run")));
    }
    group.finish();
}

criterion_group!(benches, runs);
criterion_main!(benches);
