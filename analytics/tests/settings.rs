//! A site's settings over the API: what is right is kept as it was given, what is wrong is named.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use passerby_analytics::ask::Field;
use passerby_analytics::settings::{SETTINGS, changed, of_new, site_id};
use serde_json::{Map, Value, json};

fn map(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap()
}

fn full() -> Value {
    json!({
        "hosts": ["shop.example", "*.shop.example"],
        "time_zone": "Europe/Berlin",
        "count_bots": false,
        "aliases": ["phc_1"],
        "shards": 4,
        "retention_days": 365,
        "filters": [["is_not", "event:page", ["/admin"]], ["is", "segment", ["Buyers"]]],
        "goals": { "Newsletter": { "event": "Signup", "props": { "list": "news" } } },
        "segments": { "Buyers": [["has_done", ["is", "event:name", ["order"]]]] },
        "funnels": { "Joining": { "steps": [{ "page": "/" }, { "goal": "Newsletter" }], "window": "1d", "by": "session" } },
        "annotations": { "n1": { "at": "2026-11-02T14:30", "text": "Newsletter sent" } },
        "origins": ["https://dashboard.example:8443"],
        "public": true,
        "batches_per_minute": 0,
        "batches_per_minute_of_address": 600,
    })
}

#[test]
fn every_setting_is_kept_as_it_was_given() {
    let mut body = full();
    assert_eq!(map(body.clone()).len(), SETTINGS.len());
    body["site_id"] = "shop.example".into();
    assert_eq!(of_new("shop.example", &body), Ok(map(full())));
    assert_eq!(of_new("shop.example", &json!({ "site_id": "shop.example", "hosts": null })), Ok(Map::new()));
}

#[test]
fn a_change_replaces_whole_settings_and_null_takes_one_back() {
    let change = json!({ "hosts": ["other.example"], "filters": null, "public": false });
    let mut new = map(full());
    new.insert("hosts".into(), json!(["other.example"]));
    new.insert("public".into(), json!(false));
    new.remove("filters");
    assert_eq!(changed("shop.example", &map(full()), &change), Ok(new));
    assert_eq!(changed("shop.example", &map(full()), &json!({})), Ok(map(full())));
}

#[test]
fn shards_cannot_change_but_may_be_said_again() {
    assert!(changed("shop.example", &map(full()), &json!({ "shards": 4 })).is_ok());
    for shards in [json!(16), json!(null), json!("4")] {
        let error = changed("shop.example", &map(full()), &json!({ "shards": shards })).unwrap_err();
        assert_eq!(error.path, "shards");
    }
    assert_eq!(changed("shop.example", &Map::new(), &json!({ "shards": 1 })).unwrap_err().path, "shards");
}

#[test]
fn a_change_that_breaks_what_is_saved_already_is_refused() {
    // The filters name the segment.
    let error = changed("shop.example", &map(full()), &json!({ "segments": null })).unwrap_err();
    assert!(error.path.starts_with("filters[1]"), "{error}");
    // A funnel's step names the goal; without it the name would mean an event that is called so.
    let error = changed("shop.example", &map(full()), &json!({ "goals": null })).unwrap_err();
    assert_eq!(error.path, "funnels.Joining");
    let with = |more: Value| {
        let mut settings = map(full());
        settings.remove("funnels");
        settings.extend(map(more));
        changed("shop.example", &settings, &json!({ "goals": {} })).map_err(|error| error.path)
    };
    assert_eq!(
        with(json!({ "segments": { "Buyers": [["has_done", ["is", "event:goal", ["Newsletter"]]]] } })),
        Err("segments.Buyers".to_owned())
    );
    assert_eq!(
        with(json!({ "filters": [["or", [["is", "event:goal", ["Other", "Newsletter"]]]]] })),
        Err("filters".to_owned())
    );
    // The value of a property that happens to be called so is none.
    let steps = json!([{ "event": "a", "props": { "goal": "Newsletter" } }, { "page": "/" }]);
    assert!(with(json!({ "funnels": { "Other": { "steps": steps } } })).is_ok());
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    let text = "x".repeat(254);
    let many: Vec<String> = (0..101).map(|n| format!("h{n}.example")).collect();
    let goals: Map<String, Value> = (0..201).map(|n| (format!("g{n}"), json!({ "page": "/" }))).collect();
    let long: Map<String, Value> = (0..200).map(|n| (format!("g{n}"), json!({ "page": "/".repeat(400) }))).collect();
    let cases = [
        (json!([]), ""),
        (json!({ "hosts": "shop.example" }), "hosts"),
        (json!({ "hosts": [""] }), "hosts[0]"),
        (json!({ "hosts": [text] }), "hosts[0]"),
        (json!({ "hosts": many }), "hosts"),
        (json!({ "time_zone": 1 }), "time_zone"),
        (json!({ "count_bots": "yes" }), "count_bots"),
        (json!({ "public": 1 }), "public"),
        (json!({ "shards": 2 }), "shards"),
        (json!({ "shards": "1" }), "shards"),
        (json!({ "retention_days": 3651 }), "retention_days"),
        (json!({ "retention_days": 1.5 }), "retention_days"),
        (json!({ "origins": ["dashboard.example"] }), "origins[0]"),
        (json!({ "origins": ["https://user@dashboard.example"] }), "origins[0]"),
        (json!({ "origins": ["*"] }), "origins[0]"),
        (json!({ "goals": { "": { "page": "/" } } }), "goals."),
        (json!({ "goals": goals }), "goals"),
        (
            json!({ "goals": { "A": { "filters": [["is", "segment", ["B"]]] , "page": "/" } }, "segments": { "B": [] } }),
            "goals.A.filters[0][1]",
        ),
        (json!({ "segments": { "A": [["is", "segment", ["B"]]], "B": [] } }), "segments.A[0][1]"),
        (
            json!({ "funnels": { "A": { "steps": [{ "page": "/" }, { "page": "/a" }], "limit": 3 } } }),
            "funnels.A.limit",
        ),
        (json!({ "annotations": { "a": { "at": "2026-13-01", "text": "Never" } } }), "annotations.a.at"),
        (json!({ "annotations": { "a": { "at": "2026-11-02", "text": "" } } }), "annotations.a.text"),
        (json!({ "filters": { "is": 1 } }), "filters"),
        (json!({ "server_keys": [] }), "server_keys"),
        (json!({ "goals": long }), ""),
    ];
    for (settings, path) in cases {
        let error = changed("shop.example", &Map::new(), &settings).unwrap_err();
        assert_eq!(error.path, path, "{settings}: {error}");
    }
}

#[test]
fn a_sites_name_is_plain() {
    let read = |name: &str| site_id(&Field::body(&json!(name))).map(str::to_owned);
    for name in ["shop.example", "demo", "xn--hdks770u8f0a.example", "a_b-c.9"] {
        assert_eq!(read(name), Ok(name.to_owned()));
    }
    for name in ["", "Shop.example", "a/b", "a b", "가게", "a\0", &"a".repeat(254)] {
        assert!(read(name).is_err(), "{name}");
    }
}
