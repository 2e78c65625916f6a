//! Measures the cost of one random draw. Each is drawn from a fresh stream, as the draws of a visitor are.

#![allow(missing_docs, reason = "criterion writes undocumented functions")]
#![expect(missing_docs, reason = "criterion_group makes a public function")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use firedrill::engine::{Sampler, Stream, Zipf};
use firedrill::maths;
use rand_distr::weighted::WeightedAliasIndex;
use rand_distr::{Distribution, Exp1, LogNormal, StandardNormal};

fn draws(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("draw");
    let root = Stream::root(0, 0);
    let mut draw_once = |name: &str, draw: &dyn Fn(Stream) -> f64| {
        let mut index = 0;
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                index += 1;
                draw(black_box(root.child(index)))
            });
        });
    };
    let (mu, sigma) = (maths::ln(0.02), 0.5);
    let (lognormal, weibull) = (Sampler::lognormal(0.02, sigma), Sampler::weibull(2.0, 0.7));
    let theirs = LogNormal::new(mu, sigma).expect("a standard deviation");
    draw_once("uniform", &|stream| stream.uniform(0));
    draw_once("exponential", &|stream| stream.exponential(0));
    draw_once("exponential/quantile-function", &|stream| -maths::ln(stream.uniform(0)));
    draw_once("exponential/rand-distr", &|stream| Exp1.sample(&mut stream.rng()));
    draw_once("normal", &|stream| stream.normal(0));
    draw_once("normal/quantile-function", &|stream| maths::normal_quantile(stream.uniform(0)));
    draw_once("normal/rand-distr", &|stream| StandardNormal.sample(&mut stream.rng()));
    draw_once("lognormal", &|stream| lognormal.value(stream.draw(0)));
    draw_once("lognormal/quantile-function", &|stream| {
        maths::exp(mu + sigma * maths::normal_quantile(stream.uniform(0)))
    });
    draw_once("lognormal/rand-distr", &|stream| theirs.sample(&mut stream.rng()));
    draw_once("weibull", &|stream| weibull.value(stream.draw(0)));
    group.finish();
}

fn functions(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("maths");
    let stream = Stream::root(0, 1);
    let mut function = |name: &str, f: &dyn Fn(f64) -> f64| {
        let mut index = 0;
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                index += 1;
                f(stream.uniform(index))
            });
        });
    };
    function("uniform-alone", &|x| x);
    function("ln", &maths::ln);
    function("exp", &maths::exp);
    function("exp2", &maths::exp2);
    function("pow", &|x| maths::pow(x, 1.4));
    function("normal-quantile", &maths::normal_quantile);
    group.finish();
}

fn zipf(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("zipf");
    let stream = Stream::root(0, 2);
    for items in [1_000, 100_000, 10_000_000] {
        let own = Zipf::new(items, 0.99);
        let weights = (1..=items).map(|rank| maths::pow(f64::from(rank), -0.99)).collect();
        let alias = WeightedAliasIndex::<f64>::new(weights).expect("weights are positive");
        let mut counter = 0;
        group.bench_function(format!("engine/{items}"), |bencher| {
            bencher.iter(|| {
                counter += 1;
                own.index(stream.draw(counter))
            });
        });
        let mut draws = stream.rng();
        group.bench_function(format!("alias-of-rand-distr/{items}"), |bencher| {
            bencher.iter(|| alias.sample(&mut draws));
        });
    }
    group.finish();
}

criterion_group!(benches, draws, functions, zipf);
criterion_main!(benches);
