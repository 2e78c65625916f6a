//! Frame that all charts have: title, legend, axes, and the strip that names incidents.

use super::lettering::{Align, Lettering, fit, text_width};
use super::palette::{self, DesignLook, Fill};
use super::scale::Scale;
use super::sheet::{Sheet, Stroke};
use super::ticks::{self, Tick};
use super::{Clock, numbers};

/// Width of every chart.
pub(super) const WIDTH: f64 = 900.0;
/// Left edge of titles and legends.
pub(super) const MARGIN: f64 = 18.0;

/// Text of legends and names.
pub(super) const NAME: Lettering = Lettering::new(13.0, palette::TEXT);
/// Text of ticks and notes.
pub(super) const NOTE: Lettering = Lettering::new(12.0, palette::FAINT_TEXT);

/// The rectangle that data is drawn in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Plot {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

/// Sample of colour or line before a name of the legend.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Swatch {
    /// The line of a design.
    Line(DesignLook),
    /// The line of a design with its marker.
    MarkedLine(DesignLook),
    /// The marker of a design alone.
    Marker(DesignLook),
    /// Any other line.
    Stroke(Stroke),
    /// A filled box.
    Box(Fill),
}

impl Swatch {
    /// Its width; lines are long enough for their dashes to show.
    fn width(self) -> f64 {
        match self {
            Swatch::Line(_) | Swatch::MarkedLine(_) | Swatch::Stroke(_) => 36.0,
            Swatch::Box(_) => 22.0,
            Swatch::Marker(_) => 12.0,
        }
    }
}

/// Begins a sheet with its title and subtitle, and gives the first free pixel below.
pub(super) fn headed(title: &str, subtitle: &str) -> (Sheet, f64) {
    let mut sheet = Sheet::new(WIDTH, title);
    let room = WIDTH - 2.0 * MARGIN;
    sheet.text_within((MARGIN, 24.0), title, Lettering::new(17.0, palette::TEXT).in_bold(), room);
    if subtitle.is_empty() {
        return (sheet, 42.0);
    }
    sheet.text_within((MARGIN, 47.0), subtitle, Lettering::new(13.0, palette::FAINT_TEXT), room);
    (sheet, 64.0)
}

/// Writes a legend in as many rows as it needs, from `top`; gives the first free pixel below.
pub(super) fn legend(sheet: &mut Sheet, top: f64, entries: &[(Swatch, String)]) -> f64 {
    const ROW: f64 = 21.0;
    let (mut x, mut y) = (MARGIN, top + ROW / 2.0);
    for (swatch, name) in entries {
        let room = swatch.width();
        let name = fit(name, NAME, WIDTH - 2.0 * MARGIN - room - 8.0);
        let width = room + 8.0 + text_width(&name, NAME);
        if x > MARGIN && x + width > WIDTH - MARGIN {
            (x, y) = (MARGIN, y + ROW);
        }
        draw_swatch(sheet, (x, y), room, *swatch);
        sheet.text((x + room + 8.0, y), &name, NAME);
        x += width + 22.0;
    }
    if entries.is_empty() { top } else { y + ROW / 2.0 + 4.0 }
}

fn draw_swatch(sheet: &mut Sheet, (x, y): (f64, f64), width: f64, swatch: Swatch) {
    let line = vec![(x, y), (x + width, y)];
    match swatch {
        Swatch::Line(look) => sheet.line(line, Stroke { width: 2.5, ..look.stroke() }),
        Swatch::MarkedLine(look) => {
            sheet.line(line, Stroke { width: 2.5, ..look.stroke() });
            palette::marked(sheet, (x + width / 2.0, y), look.marker, look.ink);
        }
        Swatch::Marker(look) => palette::marked(sheet, (x + width / 2.0, y), look.marker, look.ink),
        Swatch::Stroke(stroke) => sheet.line(line, stroke),
        Swatch::Box(fill) => palette::filled(sheet, (x, y - 6.0), (x + width, y + 6.0), fill),
    }
}

/// Draws ticks, their grid lines, and the title of a horizontal axis below the plot.
pub(super) fn horizontal_axis(sheet: &mut Sheet, plot: Plot, scale: &Scale, ticks: &[Tick], title: &str) {
    let mut free = f64::MIN;
    for tick in ticks {
        let x = scale.at(tick.value);
        sheet.line(vec![(x, plot.top), (x, plot.bottom)], Stroke::solid(palette::GRID_LINE, 1.0));
        sheet.line(vec![(x, plot.bottom), (x, plot.bottom + 4.0)], Stroke::solid(palette::AXIS, 1.0));
        let half = text_width(&tick.label, NOTE) / 2.0;
        let middle = x.min(WIDTH - half - 4.0);
        if middle - half > free {
            sheet.text((middle, plot.bottom + 14.0), &tick.label, NOTE.aligned(Align::Centre));
            free = middle + half + 4.0;
        }
    }
    sheet.line(vec![(plot.left, plot.bottom), (plot.right, plot.bottom)], Stroke::solid(palette::AXIS, 1.0));
    let title_at = ((plot.left + plot.right) / 2.0, plot.bottom + 34.0);
    sheet.text_within(title_at, title, NAME.aligned(Align::Centre), plot.right - plot.left);
}

/// Draws ticks, their grid lines, and the title of a vertical axis left of the plot.
pub(super) fn vertical_axis(sheet: &mut Sheet, plot: Plot, scale: &Scale, ticks: &[Tick], title: &str) {
    for tick in ticks {
        let y = scale.at(tick.value);
        sheet.line(vec![(plot.left, y), (plot.right, y)], Stroke::solid(palette::GRID_LINE, 1.0));
        sheet.text((plot.left - 7.0, y), &tick.label, NOTE.aligned(Align::Right));
    }
    let title_at = (16.0, (plot.top + plot.bottom) / 2.0);
    sheet.text_within(title_at, title, NAME.running_upward(), plot.bottom - plot.top);
}

/// A scale and the ticks for a whole run, with the title of its axis.
pub(super) fn run_time_axis(clock: &Clock, plot: Plot) -> (Scale, Vec<Tick>, String) {
    let horizon = if clock.horizon_s.is_finite() && clock.horizon_s > 0.0 { clock.horizon_s } else { 1.0 };
    let (unit, ticks) = ticks::time(0.0, horizon, 11);
    let title = format!("time since the start of the run ({})", unit.symbol);
    (Scale::linear((0.0, horizon), (plot.left, plot.right)), ticks, title)
}

/// Height of the strip above a plot that names its incidents.
pub(super) const INCIDENT_STRIP: f64 = 38.0;

/// Shades the warm-up and the incidents over the plot.
pub(super) fn shade_incidents(sheet: &mut Sheet, plot: Plot, scale: &Scale, clock: &Clock) {
    if clock.warm_up_s > 0.0 {
        let end = scale.at(clock.warm_up_s);
        sheet.block((plot.left, plot.top), (end, plot.bottom), palette::WARM_UP);
        let edge = Stroke { ink: palette::AXIS, width: 1.0, dash: &[2.0, 2.0] };
        sheet.line(vec![(end, plot.top), (end, plot.bottom)], edge);
    }
    for incident in &clock.incidents {
        let (from, to) = (scale.at(incident.from_s), scale.at(incident.to_s));
        let to = to.max(from + 1.5).min(plot.right);
        let from = from.min(to - 1.5);
        sheet.block((from, plot.top), (to, plot.bottom), palette::INCIDENT);
        if to - from > 6.0 {
            for x in [from, to] {
                sheet.line(vec![(x, plot.top), (x, plot.bottom)], Stroke::solid(palette::AXIS, 0.75));
            }
        }
    }
}

/// Names the warm-up and the incidents in two rows above the plot, as far as there is room; names without
/// room are left out, and their number is given at the right.
pub(super) fn name_incidents(sheet: &mut Sheet, plot: Plot, scale: &Scale, clock: &Clock) {
    let mut spans = Vec::new();
    if clock.warm_up_s > 0.0 {
        spans.push(("warm-up", plot.left, scale.at(clock.warm_up_s)));
    }
    spans.extend(clock.incidents.iter().map(|i| (i.label.as_str(), scale.at(i.from_s), scale.at(i.to_s))));
    spans.sort_by(|a, b| a.1.total_cmp(&b.1));
    let note = "+ 99,999 unnamed";
    let limit = plot.right - if spans.len() > 6 { text_width(note, NOTE) } else { 0.0 };
    let mut free = [plot.left; 2];
    let mut unnamed = 0;
    for (label, from, to) in spans {
        let label = fit(label, NOTE, 240.0);
        let width = text_width(&label, NOTE);
        let left = ((from + to) / 2.0 - width / 2.0).min(limit - width).max(plot.left);
        match (0..free.len()).find(|&row| free[row] <= left) {
            Some(row) => {
                let y = plot.top - 10.0 - 16.0 * row as f64;
                sheet.text((left, y), &label, Lettering { ink: palette::TEXT, ..NOTE });
                free[row] = left + width + 12.0;
            }
            None => unnamed += 1,
        }
    }
    if unnamed > 0 {
        let text = format!("+ {} unnamed", numbers::count(unnamed));
        sheet.text((plot.right, plot.top - 10.0), &text, NOTE.aligned(Align::Right));
    }
}

/// Says at the right, below the title of the horizontal axis, how to read a chart; gives the height of a sheet that ends there.
pub(super) fn how_to_read(sheet: &mut Sheet, plot: Plot, lines: &[&str]) -> f64 {
    let small = Lettering::new(11.0, palette::FAINT_TEXT).aligned(Align::Right);
    for (row, line) in lines.iter().enumerate() {
        sheet.text((WIDTH - MARGIN, plot.bottom + 54.0 + 15.0 * row as f64), line, small);
    }
    plot.bottom + 53.0 + 15.0 * lines.len() as f64
}

/// Says in the middle of a plot that there is nothing to show.
pub(super) fn nothing(sheet: &mut Sheet, plot: Plot, what: &str) {
    let at = ((plot.left + plot.right) / 2.0, (plot.top + plot.bottom) / 2.0);
    sheet.text_within(at, what, NOTE.aligned(Align::Centre), plot.right - plot.left);
}
