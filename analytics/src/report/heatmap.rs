//! Click heatmap: where on a page, on which class of device, and on which of its elements visitors click.

use std::collections::HashMap;
use std::hash::Hash;

use passerby_protocol::ClickFlags;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Report;
use super::ranking::Listed;
use super::scope::Scope;
use super::visitors::Visitors;
use crate::dimension::VisitDimension;
use crate::filter::Pattern;
use crate::query::Range;
use crate::segment::{Column, Detail, Segment, kind_number};

/// Most columns and rows of the grid. Places are ten-thousandths, so 100 is 1 % of the page's width.
pub const MAX_COLUMNS: u64 = 100;
/// Pages are longer than wide.
pub const MAX_ROWS: u64 = 500;

/// Ten-thousandths of a page.
const WHOLE: u64 = 10_000;

/// The report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heatmap {
    /// About which clicks.
    pub scope: Scope,
    /// On which pages: those that match one of these.
    pub page: Vec<Pattern>,
    /// Columns of the grid; at most [`MAX_COLUMNS`].
    pub columns: u64,
    /// Rows of the grid; at most [`MAX_ROWS`].
    pub rows: u64,
    /// How many elements are shown.
    pub limit: usize,
}

/// Clicks by what is known of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Clicks {
    /// All of them.
    pub clicks: u64,
    /// The third or a later one in quick succession.
    pub rage: u64,
    /// Those after which nothing happened.
    pub dead: u64,
}

/// What is known of an element.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Element {
    clicks: Clicks,
    visitors: Visitors,
    texts: HashMap<String, u64>,
    /// On each class of device, where on the page it was clicked.
    extents: HashMap<String, Extent>,
}

/// The least rectangle that holds some places, in ten-thousandths of the page. An element lies at least there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Extent {
    /// The leftmost place.
    pub left: u16,
    /// The highest.
    pub top: u16,
    /// The rightmost.
    pub right: u16,
    /// The lowest.
    pub bottom: u16,
}

/// A cell's place: it is of the page, or of the window where what was clicked does not scroll.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    fixed: bool,
    row: u16,
    column: u16,
}

/// The state: at most as many cells as the grid has, twice, for each class of device.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Partial {
    cells: HashMap<(String, Place), Clicks>,
    elements: HashMap<String, Element>,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// All clicks.
    #[serde(flatten)]
    pub clicks: Clicks,
    /// The grid's columns.
    pub columns: u64,
    /// The grid's rows.
    pub rows: u64,
    /// The grid of each class of device, by its name.
    pub devices: Vec<DeviceGrid>,
    /// The most-clicked elements.
    pub elements: Listed<ElementClicks>,
}

/// A class of device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DeviceGrid {
    /// Its name.
    pub device: String,
    /// All clicks.
    #[serde(flatten)]
    pub clicks: Clicks,
    /// Cells with a click, row by row.
    pub cells: Vec<Cell>,
    /// Where the elements are that are shown, but for those that do not scroll with the page.
    pub elements: Vec<ElementPlace>,
}

/// Where an element was clicked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ElementPlace {
    /// Its path.
    pub element: String,
    /// Between which places.
    #[serde(flatten)]
    pub extent: Extent,
}

/// A cell of the grid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "HeatmapCell")]
pub struct Cell {
    /// Its column, from 0 on the left.
    pub x: u16,
    /// Its row, from 0 at the top: of the page, or if `fixed` of the window.
    pub y: u16,
    /// Whether what was clicked does not scroll with the page.
    pub fixed: bool,
    /// Clicks in it.
    #[serde(flatten)]
    pub clicks: Clicks,
}

/// An element of the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ElementClicks {
    /// Its path.
    pub element: String,
    /// The text that it most often had.
    pub text: String,
    /// Clicks on it.
    #[serde(flatten)]
    pub clicks: Clicks,
    /// Of how many visitors.
    pub visitors: u64,
}

impl Clicks {
    fn of(flags: u64) -> Self {
        let flags = ClickFlags(flags as u8);
        let has = |flag| u64::from(flags.has(flag));
        Self { clicks: 1, rage: has(ClickFlags::RAGE), dead: has(ClickFlags::DEAD) }
    }

    fn add(&mut self, other: Self) {
        self.clicks += other.clicks;
        self.rage += other.rage;
        self.dead += other.dead;
    }
}

impl Extent {
    const fn of(x: u64, y: u64) -> Self {
        let (x, y) = (x as u16, y as u16);
        Self { left: x, top: y, right: x, bottom: y }
    }

    fn join(&mut self, other: Self) {
        self.left = self.left.min(other.left);
        self.top = self.top.min(other.top);
        self.right = self.right.max(other.right);
        self.bottom = self.bottom.max(other.bottom);
    }
}

/// Makes an extent one that holds another, too.
fn join<K: Eq + Hash>(extents: &mut HashMap<K, Extent>, key: K, other: Extent) {
    extents.entry(key).or_insert(other).join(other);
}

impl Element {
    fn merge(&mut self, other: Self) {
        self.clicks.add(other.clicks);
        self.visitors.merge(other.visitors);
        other.texts.into_iter().for_each(|(text, count)| *self.texts.entry(text).or_default() += count);
        other.extents.into_iter().for_each(|(device, extent)| join(&mut self.extents, device, extent));
    }

    /// The most frequent text; of equal ones the first by the alphabet.
    fn text(&self) -> String {
        let most = self.texts.iter().max_by(|a, b| a.1.cmp(b.1).then_with(|| b.0.cmp(a.0)));
        most.map_or_else(String::new, |(text, _)| text.clone())
    }
}

impl Report for Heatmap {
    type Partial = Partial;
    type Answer = Answer;

    fn range(&self) -> Range {
        self.scope.range
    }

    fn fold(&self, into: &mut Partial, segment: &Segment) {
        let walk = self.scope.walk(segment);
        let click = kind_number("click");
        let detail = |detail| walk.detail(detail);
        let (x, y, flags) = (detail(Detail::ClickX), detail(Detail::ClickY), detail(Detail::ClickFlags));
        let (elements, texts) = (detail(Detail::ClickElement), detail(Detail::ClickText));
        let devices = segment.of_visits(Column::Dimension(VisitDimension::Device));
        let on_page = |text: &str| self.page.iter().any(|pattern| pattern.matches(text));
        let pages: Vec<bool> = segment.strings().map(on_page).collect();
        let cell = |myriad: u64, cells: u64| (myriad * cells / WHOLE).min(cells.saturating_sub(1)) as u16;
        let mut cells: HashMap<(u64, Place), Clicks> = HashMap::new();
        let mut extents: HashMap<(u64, u64), Extent> = HashMap::new();
        for visit in walk.visits() {
            for event in walk.taken(visit).filter(|event| walk.kinds[*event] == click) {
                if !pages.get(walk.pages[event] as usize).copied().unwrap_or(false) {
                    continue;
                }
                let clicks = Clicks::of(flags[event]);
                let place = Place {
                    fixed: ClickFlags(flags[event] as u8).has(ClickFlags::FIXED),
                    row: cell(y[event], self.rows),
                    column: cell(x[event], self.columns),
                };
                cells.entry((devices[visit.place], place)).or_default().add(clicks);
                if !place.fixed {
                    join(&mut extents, (elements[event], devices[visit.place]), Extent::of(x[event], y[event]));
                }
                let element = into.elements.entry(segment.string(elements[event]).to_owned()).or_default();
                element.clicks.add(clicks);
                element.visitors.see(visit.visitor);
                *element.texts.entry(segment.string(texts[event]).to_owned()).or_default() += 1;
            }
        }
        for ((device, place), clicks) in cells {
            into.cells.entry((segment.string(device).to_owned(), place)).or_default().add(clicks);
        }
        for ((element, device), extent) in extents {
            let element = into.elements.entry(segment.string(element).to_owned()).or_default();
            join(&mut element.extents, segment.string(device).to_owned(), extent);
        }
    }

    fn merge(into: &mut Partial, other: Partial) {
        other.cells.into_iter().for_each(|(cell, clicks)| into.cells.entry(cell).or_default().add(clicks));
        other.elements.into_iter().for_each(|(path, element)| into.elements.entry(path).or_default().merge(element));
    }

    fn seal(partial: &mut Partial) {
        partial.elements.values_mut().for_each(|element| element.visitors.seal());
    }

    fn finish(&self, partial: Partial) -> Answer {
        let mut cells: Vec<((String, Place), Clicks)> = partial.cells.into_iter().collect();
        cells.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let mut all = Clicks::default();
        let mut devices: Vec<DeviceGrid> = Vec::new();
        for ((device, place), clicks) in cells {
            all.add(clicks);
            if devices.last().is_none_or(|last| last.device != device) {
                devices.push(DeviceGrid { device, clicks: Clicks::default(), cells: Vec::new(), elements: Vec::new() });
            }
            if let Some(grid) = devices.last_mut() {
                grid.clicks.add(clicks);
                grid.cells.push(Cell { x: place.column, y: place.row, fixed: place.fixed, clicks });
            }
        }
        let mut elements: Vec<(String, Element)> = partial.elements.into_iter().collect();
        elements.sort_by(|a, b| b.1.clicks.clicks.cmp(&a.1.clicks.clicks).then_with(|| a.0.cmp(&b.0)));
        let (total, other) =
            (elements.len(), elements.iter().skip(self.limit).map(|(_, element)| element.clicks.clicks).sum());
        let row = |(path, mut element): (String, Element)| ElementClicks {
            element: path,
            text: element.text(),
            clicks: element.clicks,
            visitors: element.visitors.count(),
        };
        elements.truncate(self.limit);
        for grid in &mut devices {
            let place = |(path, element): &(String, Element)| {
                let extent = *element.extents.get(&grid.device)?;
                Some(ElementPlace { element: path.clone(), extent })
            };
            grid.elements = elements.iter().filter_map(place).collect();
            if grid.device.is_empty() {
                "(not set)".clone_into(&mut grid.device);
            }
        }
        let rows = elements.into_iter().map(row).collect();
        let elements = Listed { rows, total, other };
        Answer { clicks: all, columns: self.columns, rows: self.rows, devices, elements }
    }
}
