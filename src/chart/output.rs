//! Plays a [`Sheet`] on a plotters backend, and makes the SVG and the PNG.
//!
//! Both are drawn on the same enlarged grid of whole pixels, which is all that plotters' backends know. The SVG is
//! scaled back by its `viewBox`, the PNG by averaging squares of pixels, which smooths the edges of what plotters'
//! rasteriser fills; it comes out at twice the nominal size, for dense screens.

use plotters::backend::{BitMapBackend, DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontTransform, RGBAColor, ShapeStyle, TextStyle};
use thiserror::Error;

use super::ink::Ink;
use super::lettering::{Align, FAMILY, LINE_EM, Lettering, font};
use super::sheet::{Mark, Point, Sheet};
use crate::xml::escaped;

/// Grid lines per pixel of the page.
const GRID: u32 = 4;

/// Grid lines per pixel of the PNG.
const SMOOTHING: u32 = 2;

/// Height of a capital letter over two, in em: from the anchor of a text to its base line.
const HALF_CAPITAL_EM: f64 = 0.364;

/// One chart in both formats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The SVG document; it names DejaVu Sans and falls back on any sans-serif font.
    pub svg: String,
    /// The PNG file, at twice the size of the SVG.
    pub png: Vec<u8>,
}

/// Reason why a chart could not be drawn.
#[derive(Debug, Error)]
pub enum ChartError {
    /// A plotters backend refused.
    #[error("cannot draw the chart \"{title}\": {reason}")]
    Drawing {
        /// Title of the chart.
        title: String,
        /// Message of the backend.
        reason: String,
    },
    /// The PNG could not be encoded.
    #[error("cannot encode the chart \"{title}\" as PNG")]
    Encoding {
        /// Title of the chart.
        title: String,
        /// Error of the encoder.
        source: png::EncodingError,
    },
}

/// Draws a sheet as SVG and as PNG. The same sheet gives the same bytes.
///
/// ```
/// use firedrill::chart::{DesignDowntime, DowntimeEcdf, render};
///
/// let pair = DesignDowntime { name: "pair".to_owned(), place: 0, downtime_s: vec![61.0, 75.0, 90.0] };
/// let chart = DowntimeEcdf { subtitle: "3 runs".to_owned(), with_band: false, designs: vec![pair] };
/// let drawn = render(&chart.sheet())?;
/// assert!(drawn.svg.starts_with("<svg") && drawn.png.starts_with(b"\x89PNG"));
/// # Ok::<(), firedrill::chart::ChartError>(())
/// ```
///
/// # Errors
///
/// Fails if a backend or the encoder refuses, which lack of memory can cause but no data.
pub fn render(sheet: &Sheet) -> Result<Rendered, ChartError> {
    Ok(Rendered { svg: svg(sheet)?, png: png(sheet)? })
}

/// A place on the grid.
type GridPoint = (i32, i32);

/// Differences between the backends in writing text.
struct TextMetrics {
    /// Font size to ask for, per em.
    size_per_em: f64,
    /// Height above its anchor at which the backend puts the base line of a bottom-aligned text, in em.
    lift_em: f64,
}

/// plotters' SVG backend divides sizes by 1.24 and lifts a bottom-aligned text by half the height of an x.
const SVG_TEXT: TextMetrics = TextMetrics { size_per_em: 1.24, lift_em: 0.2735 };

/// plotters' bitmap text takes the size in `ab_glyph`'s unit and puts the base line half a size below the top of a box
/// that is size / 1.24 high.
const BITMAP_TEXT: TextMetrics = TextMetrics { size_per_em: LINE_EM, lift_em: LINE_EM / 1.24 - LINE_EM / 2.0 };

fn svg(sheet: &Sheet) -> Result<String, ChartError> {
    let size = grid_size(sheet);
    let mut document = String::new();
    play(sheet, SVGBackend::with_string(&mut document, size), &SVG_TEXT)?;
    let body = document.split_once('\n').map_or("", |(_, body)| body);
    let title = escaped(&sheet.title);
    let (width, height) = (size.0 / GRID, size.1 / GRID);
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {0} {1}\" \
         role=\"img\">\n<title>{title}</title>\n\
         <rect x=\"0\" y=\"0\" width=\"{0}\" height=\"{1}\" opacity=\"1\" fill=\"#FFFFFF\" stroke=\"none\"/>\n{body}",
        size.0, size.1
    ))
}

fn png(sheet: &Sheet) -> Result<Vec<u8>, ChartError> {
    let size = grid_size(sheet);
    let mut pixels = vec![255; size.0 as usize * size.1 as usize * 3];
    play(sheet, BitMapBackend::with_buffer(&mut pixels, size), &BITMAP_TEXT)?;
    let (width, height) = (size.0 / SMOOTHING, size.1 / SMOOTHING);
    let failed = |source| ChartError::Encoding { title: sheet.title.clone(), source };
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Default);
    // Most of a chart is rows that repeat, which the compressor finds faster, and in fewer bytes, unfiltered.
    encoder.set_filter(png::FilterType::NoFilter);
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(&averaged(&pixels, size)).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(file)
}

/// Size in grid lines; a multiple of [`GRID`] both ways.
fn grid_size(sheet: &Sheet) -> (u32, u32) {
    (sheet.width.ceil() as u32 * GRID, sheet.height.ceil() as u32 * GRID)
}

/// Pixels on a side of the squares that are averaged.
const SIDE: usize = SMOOTHING as usize;

/// Averages squares of [`SMOOTHING`] x [`SMOOTHING`] pixels, and passes over what is white, as most of a chart is.
fn averaged(pixels: &[u8], size: (u32, u32)) -> Vec<u8> {
    const WHITE: [u8; SIDE * 3 * 16] = [255; SIDE * 3 * 16];
    let row = size.0 as usize * 3;
    let mut small = vec![255; pixels.len() / (SIDE * SIDE)];
    for (rows, means) in pixels.chunks_exact(SIDE * row).zip(small.chunks_exact_mut(row / SIDE)) {
        for from in (0..row).step_by(WHITE.len()) {
            let until = row.min(from + WHITE.len());
            let is_white = (0..SIDE).all(|line| rows[line * row + from..line * row + until] == WHITE[..until - from]);
            if !is_white {
                average_line(rows, row, from, &mut means[from / SIDE..until / SIDE]);
            }
        }
    }
    small
}

/// Averages the squares of `rows`, each `row` bytes long, from the byte `from` of each, into `means`. Loops without iterators: where
/// the compiler optimises little, as for tests, each step of one is a call.
fn average_line(rows: &[u8], row: usize, from: usize, means: &mut [u8]) {
    const SQUARE: u16 = (SMOOTHING * SMOOTHING) as u16;
    let mut place = 0;
    while place < means.len() {
        // Three colours a pixel.
        let mut line = from + place / 3 * SIDE * 3 + place % 3;
        // Half of the divisor, so that the quotient is rounded.
        let mut sum = SQUARE / 2;
        while line < rows.len() {
            let mut pixel = line;
            while pixel < line + SIDE * 3 {
                sum += rows[pixel] as u16;
                pixel += 3;
            }
            line += row;
        }
        means[place] = (sum / SQUARE) as u8;
        place += 1;
    }
}

/// Draws every mark, in order.
fn play<B: DrawingBackend>(sheet: &Sheet, mut backend: B, metrics: &TextMetrics) -> Result<(), ChartError> {
    let failed = |reason: String| ChartError::Drawing { title: sheet.title.clone(), reason };
    for mark in &sheet.marks {
        let drawn = match mark {
            Mark::Line { points, ink, width } => {
                let pen = pen(*ink, ((width * f64::from(GRID)).round() as u32).max(1));
                let path = on_grid(points);
                if path.len() < 2 { Ok(()) } else { backend.draw_path(path, &pen) }
            }
            Mark::Area { points, ink } => backend.fill_polygon(on_grid(points), &color(*ink)),
            Mark::Block { from, to, ink } => backend.draw_rect(grid_point(*from), grid_point(*to), &pen(*ink, 1), true),
            Mark::Disc { centre, radius, ink } => {
                let radius = (radius * f64::from(GRID)).round() as u32;
                backend.draw_circle(grid_point(*centre), radius, &color(*ink), true)
            }
            Mark::Text { at, text, lettering } => {
                let (style, at) = text_style(*lettering, *at, metrics);
                backend.draw_text(text, &style, at)
            }
        };
        drawn.map_err(|error| failed(error.to_string()))?;
    }
    backend.present().map_err(|error| failed(error.to_string()))
}

/// The style of a text and where to put it so that its anchor is at half the height of a capital.
fn text_style(lettering: Lettering, at: Point, metrics: &TextMetrics) -> (TextStyle<'static>, GridPoint) {
    let em = lettering.size * f64::from(GRID);
    let mut face = font(em * metrics.size_per_em, lettering.bold);
    debug_assert_eq!(face.get_name(), FAMILY);
    let down = lettering.size * (HALF_CAPITAL_EM + metrics.lift_em);
    let mut anchor = (at.0, at.1 + down);
    if lettering.upward {
        face = face.transform(FontTransform::Rotate270);
        anchor = (at.0 + down, at.1);
    }
    let horizontal = match lettering.align {
        Align::Left => HPos::Left,
        Align::Centre => HPos::Center,
        Align::Right => HPos::Right,
    };
    let style = face.color(&color(lettering.ink));
    (TextStyle { pos: Pos::new(horizontal, VPos::Bottom), ..style }, grid_point(anchor))
}

/// A line of `width` grid lines, or a fill.
fn pen(ink: Ink, width: u32) -> ShapeStyle {
    ShapeStyle { color: color(ink), filled: true, stroke_width: width }
}

fn color(ink: Ink) -> RGBAColor {
    let (red, green, blue) = ink.rgb;
    RGBAColor(red, green, blue, ink.opacity)
}

fn grid_point((x, y): Point) -> GridPoint {
    ((x * f64::from(GRID)).round() as i32, (y * f64::from(GRID)).round() as i32)
}

/// Points on the grid, without repetitions and without the inner points of straight horizontal or vertical stretches.
fn on_grid(points: &[Point]) -> Vec<GridPoint> {
    let mut path: Vec<GridPoint> = Vec::with_capacity(points.len());
    for point in points.iter().map(|point| grid_point(*point)) {
        if path.last() == Some(&point) {
            continue;
        }
        if let [.., (x0, y0), (x1, y1)] = path[..] {
            let between = |a: i32, b: i32, c: i32| (a <= b && b <= c) || (a >= b && b >= c);
            let level = y0 == y1 && y1 == point.1 && between(x0, x1, point.0);
            let upright = x0 == x1 && x1 == point.0 && between(y0, y1, point.1);
            if level || upright {
                path.pop();
            }
        }
        path.push(point);
    }
    path
}
