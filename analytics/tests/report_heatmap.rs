//! Click heatmap: cells at their edges, elements with their texts, rage and dead clicks.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use passerby_analytics::delivery::Client;
use passerby_analytics::filter::Pattern;
use passerby_analytics::report::heatmap::{Answer, Clicks, ElementPlace, Extent, Heatmap};
use passerby_protocol::{Click, ClickFlags, Kind};
use support::reports::{asked, scope};
use support::*;

fn click(x_myriad: u16, y_myriad: u16, flags: u8, text: Text) -> Kind<Text> {
    Kind::Click(Click { element: "#buy", text, x_myriad, y_myriad, flags: ClickFlags(flags) })
}

fn heatmap(page: &str) -> Heatmap {
    Heatmap { scope: scope(), page: vec![Pattern::with_wildcards(page)], columns: 10, rows: 20, limit: 5 }
}

/// Clicks on "/", where `hit` puts what is no page view.
fn clicked(clicks: &[Kind<Text>]) -> Answer {
    let events: Vec<_> = clicks.iter().map(|click| (NOON, click.clone())).collect();
    asked(&heatmap("/"), &store(&[(ANNA, &events)]).shards(0))
}

fn cells(answer: &Answer) -> Vec<(u16, u16, bool, u64)> {
    let cells = answer.devices.iter().flat_map(|device| &device.cells);
    cells.map(|cell| (cell.x, cell.y, cell.fixed, cell.clicks.clicks)).collect()
}

#[test]
fn a_click_falls_into_one_cell_the_edge_of_the_page_into_the_last() {
    let edges = [click(0, 0, 0, ""), click(999, 499, 0, ""), click(1_000, 500, 0, ""), click(10_000, 10_000, 0, "")];
    assert_eq!(cells(&clicked(&edges)), [(0, 0, false, 2), (1, 1, false, 1), (9, 19, false, 1)]);
}

#[test]
fn what_does_not_scroll_has_a_grid_of_its_own() {
    let both = [click(0, 0, ClickFlags::FIXED, ""), click(0, 0, 0, "")];
    assert_eq!(cells(&clicked(&both)), [(0, 0, false, 1), (0, 0, true, 1)]);
}

#[test]
fn rage_and_dead_clicks_are_counted_among_the_clicks() {
    let clicks =
        [click(0, 0, ClickFlags::RAGE, ""), click(0, 0, ClickFlags::RAGE | ClickFlags::DEAD, ""), click(0, 0, 0, "")];
    let expected = Clicks { clicks: 3, rage: 2, dead: 1 };
    let answer = clicked(&clicks);
    assert_eq!(
        (answer.clicks, answer.devices[0].clicks, answer.elements.rows[0].clicks),
        (expected, expected, expected)
    );
}

#[test]
fn an_element_is_shown_with_its_most_frequent_text() {
    let answer = clicked(&[click(0, 0, 0, "Buy"), click(0, 0, 0, "Add"), click(0, 0, 0, "Buy")]);
    let element = &answer.elements.rows[0];
    assert_eq!((element.element.as_str(), element.text.as_str(), element.visitors), ("#buy", "Buy", 1));
    assert_eq!(
        clicked(&[click(0, 0, 0, "B"), click(0, 0, 0, "A")]).elements.rows[0].text,
        "A",
        "of equal ones the first"
    );
}

#[test]
fn an_element_lies_where_it_was_clicked_unless_it_does_not_scroll() {
    let answer =
        clicked(&[click(2_000, 700, 0, ""), click(1_500, 900, 0, ""), click(9_000, 9_000, ClickFlags::FIXED, "")]);
    let extent = Extent { left: 1_500, top: 700, right: 2_000, bottom: 900 };
    assert_eq!(answer.devices[0].elements, [ElementPlace { element: "#buy".to_owned(), extent }]);
    assert!(clicked(&[click(0, 0, ClickFlags::FIXED, "")]).devices[0].elements.is_empty());
}

#[test]
fn only_the_page_that_is_asked_for_counts() {
    let hits = vec![on("/a", hit(0, NOON, click(0, 0, 0, ""))), on("/b", hit(1, NOON, click(0, 0, 0, "")))];
    let mut store = Store::default();
    store.take(delivery(ANNA, 1, hits));
    assert_eq!(asked(&heatmap("/a"), &store.shards(0)).clicks.clicks, 1);
    assert_eq!(asked(&heatmap("/*"), &store.shards(0)).clicks.clicks, 2);
}

#[test]
fn each_class_of_device_has_its_grid() {
    let mut store = Store::default();
    for (visitor, device) in [(ANNA, "Desktop"), (BEN, "Mobile")] {
        let client = Client { device, ..Client::default() };
        store.take(passerby_analytics::delivery::Delivery {
            client,
            ..delivery(visitor, visitor.0, vec![hit(0, NOON, click(0, 0, 0, ""))])
        });
    }
    let answer = asked(&heatmap("/"), &store.shards(4));
    let devices: Vec<_> = answer.devices.iter().map(|d| (d.device.as_str(), d.clicks.clicks)).collect();
    assert_eq!(devices, [("Desktop", 1), ("Mobile", 1)]);
}
