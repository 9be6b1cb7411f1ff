//! Outbound links and downloads.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use passerby_analytics::report::links::{LinkKind, Links};
use passerby_protocol::{Download, Kind, Outbound};
use support::reports::{asked, scope};
use support::*;

#[test]
fn links_and_downloads_are_told_apart() {
    let (out, file) =
        (Kind::Outbound(Outbound { url: "https://a.example/", text: "A" }), Kind::Download(Download { url: "/f.pdf" }));
    let anna = [(NOON, out.clone()), (NOON + 1, out.clone()), (NOON + 2, file)];
    let shards = store(&[(ANNA, &anna), (BEN, &[(NOON, out)])]).shards(2);
    let of = |only| {
        let listed = asked(&Links { scope: scope(), only, limit: 10 }, &shards);
        listed.rows.into_iter().map(|link| (link.kind, link.url, link.clicks, link.visitors)).collect::<Vec<_>>()
    };
    let outbound = (LinkKind::Outbound, "https://a.example/".to_owned(), 3, 2);
    let download = (LinkKind::Download, "/f.pdf".to_owned(), 1, 1);
    assert_eq!(of(None), [outbound.clone(), download.clone()]);
    assert_eq!(of(Some(LinkKind::Outbound)), [outbound]);
    assert_eq!(of(Some(LinkKind::Download)), [download]);
}
