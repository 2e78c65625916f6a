//! Claims about all charts, over ordinary and awkward data.

use super::sheet::Mark;
use super::*;

/// Each chart over each of its data sets.
fn sheets() -> Vec<Sheet> {
    let mut sheets = Vec::new();
    for designs in [0, 1, 2, 6] {
        sheets.extend([
            samples::success(designs).sheet(),
            samples::traffic(designs).sheet(),
            samples::downtime(designs).sheet(),
            samples::phases(designs).sheet(),
            samples::latency(designs).sheet(),
            samples::writes(designs).sheet(),
            samples::capacity(designs).sheet(),
            samples::front(designs).sheet(),
            samples::over_key(designs).sheet(),
            samples::heat_map(designs).sheet(),
            samples::point_map(designs).sheet(),
            samples::thresholds(designs).sheet(),
        ]);
    }
    sheets.push(samples::differences().sheet());
    sheets.extend(awkward());
    sheets
}

/// Data without numbers, without spread, and of extreme length.
fn awkward() -> Vec<Sheet> {
    let incident = |from_s: f64, to_s: f64| IncidentSpan { label: "link-partition".to_owned(), from_s, to_s };
    let day = 86_400.0;
    let year = Clock {
        horizon_s: 365.0 * day,
        warm_up_s: 3_600.0,
        incidents: (0..300).map(|n| incident(n as f64 * 1.2 * day, n as f64 * 1.2 * day + 600.0)).collect(),
    };
    let point = Clock { horizon_s: 60.0, warm_up_s: 0.0, incidents: vec![incident(60.0, 60.0), incident(0.0, 0.0)] };
    let flat = Some(Band { low: 1.0, median: 1.0, high: 1.0 });
    let broken = Some(Band { low: f64::NAN, median: f64::INFINITY, high: -1.0 });
    let curve = |bins: Vec<Option<Band>>| vec![SuccessCurve { name: "x".repeat(1_000), place: 0, bins }];
    let long = samples::success(2);
    let runs = |name: &str, downtime_s: Vec<f64>| DesignDowntime { name: name.to_owned(), place: 0, downtime_s };
    let outliers = vec![runs("outliers", vec![0.0, 0.0, 1.0, 2.0, 3.0, 86_400.0]), runs("zeros", vec![0.0; 50])];
    let downtime = |designs| DowntimeEcdf { subtitle: String::new(), with_band: true, designs };
    let mut differences = samples::differences();
    differences.metrics[0].mean = 0.0;
    differences.metrics[0].interval = None;
    differences.metrics[1].mean = f64::NAN;
    let nothing = PairedDifferences { metrics: Vec::new(), ..samples::differences() };
    vec![
        SuccessOverTime { clock: year, bin_s: 600.0, designs: curve(vec![flat; 52_560]), ..long.clone() }.sheet(),
        SuccessOverTime { clock: point.clone(), designs: curve(vec![flat, broken, None, flat]), ..long }.sheet(),
        TrafficOverTime { clock: point, ..samples::traffic(1) }.sheet(),
        SuccessOverTime::default().sheet(),
        TrafficOverTime::default().sheet(),
        downtime(outliers).sheet(),
        downtime(vec![runs("zeros", vec![0.0; 50]), runs("none", vec![])]).sheet(),
        downtime(vec![runs("one", vec![12.5]), runs("short", vec![0.01]), runs("odd", vec![f64::NAN])]).sheet(),
        LatencyCurves {
            subtitle: String::new(),
            designs: vec![LatencyCurve { name: "one".to_owned(), place: 0, quantiles: vec![(0.5, 0.1)] }],
        }
        .sheet(),
        WritesLost {
            subtitle: String::new(),
            designs: vec![DesignWrites { name: "a".to_owned(), place: 0, lost: vec![7] }],
        }
        .sheet(),
        DowntimeByThreshold::default().sheet(),
        DowntimeByThreshold { slo: 1.0, thresholds: vec![0.5], ..samples::thresholds(1) }.sheet(),
        differences.sheet(),
        nothing.sheet(),
    ]
}

#[test]
fn every_mark_has_numbers_for_coordinates_and_lies_on_the_sheet() {
    for sheet in sheets() {
        for mark in &sheet.marks {
            let (from, to) = mark.bounds();
            let finite = [from.0, from.1, to.0, to.1].iter().all(|number| number.is_finite());
            let inside = from.0 >= 0.0 && from.1 >= 0.0 && to.0 <= sheet.width + 0.5 && to.1 <= sheet.height;
            assert!(finite && inside, "{}: {mark:?}", sheet.title);
        }
    }
}

#[test]
fn no_two_texts_overlap() {
    for sheet in sheets() {
        let texts: Vec<&Mark> = sheet.marks.iter().filter(|mark| matches!(mark, Mark::Text { .. })).collect();
        for (index, one) in texts.iter().enumerate() {
            for other in &texts[..index] {
                let ((a, b), (c, d)) = (one.bounds(), other.bounds());
                let apart = a.0 >= d.0 || c.0 >= b.0 || a.1 >= d.1 - 2.0 || c.1 >= b.1 - 2.0;
                assert!(apart, "{}: {one:?} and {other:?}", sheet.title);
            }
        }
    }
}

#[test]
fn the_same_data_give_the_same_bytes() {
    let draw = || render(&samples::success(2).sheet()).unwrap();
    assert_eq!(draw(), draw());
}

#[test]
fn every_chart_becomes_an_svg_and_a_png_of_twice_its_size() {
    for sheet in sheets().into_iter().skip(7).step_by(6) {
        let rendered = render(&sheet).unwrap();
        let reader = png::Decoder::new(rendered.png.as_slice()).read_info().unwrap();
        assert_eq!(reader.info().size(), (2 * sheet.width as u32, 2 * sheet.height as u32));
        assert!(rendered.svg.starts_with("<svg ") && rendered.svg.trim_end().ends_with("</svg>"));
        assert!(rendered.svg.contains("font-family=\"DejaVu Sans, sans-serif\""));
    }
}

#[test]
fn a_name_with_markup_stays_text() {
    let mut chart = samples::latency(1);
    chart.designs[0].name = "<b>&\"\u{7}".to_owned();
    let svg = render(&chart.sheet()).unwrap().svg;
    assert!(svg.contains("&lt;b&gt;&amp;&quot;") && !svg.contains('\u{7}'));
}

#[test]
fn a_dip_of_one_bin_in_a_year_is_drawn() {
    let mut chart = samples::success(1);
    let flat = Some(Band { low: 1.0, median: 1.0, high: 1.0 });
    chart.clock = Clock { horizon_s: 31_536_000.0, warm_up_s: 0.0, incidents: Vec::new() };
    chart.bin_s = 600.0;
    chart.designs[0].bins = vec![flat; 52_560];
    let calm = chart.sheet();
    chart.designs[0].bins[30_000] = Some(Band { low: 0.0, median: 0.0, high: 0.0 });
    let lowest = |sheet: &Sheet| {
        let line = |mark: &Mark| match mark {
            Mark::Line { points, ink, .. } if *ink == palette::design(0).ink => Some(points.clone()),
            _ => None,
        };
        sheet.marks.iter().filter_map(line).flatten().map(|point| point.1).fold(0.0, f64::max)
    };
    assert!(lowest(&chart.sheet()) > lowest(&calm) + 200.0);
}
