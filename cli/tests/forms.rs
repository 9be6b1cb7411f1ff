//! The forms of logs, and what is said of lines that are none.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::io::Write;

use support::passerby;

const COUNT: [&str; 4] = ["query", "--json", "--metrics", "visits,visitors,events,pageviews"];

fn counts(args: &[&str], input: &[u8]) -> (f64, f64, f64, f64, String) {
    let said = passerby(&[&COUNT, args].concat(), input);
    assert_eq!(said.code, 0, "{}", said.err);
    let [visits, visitors, events, pageviews] =
        ["visits", "visitors", "events", "pageviews"].map(|name| said.metric(name));
    (visits, visitors, events, pageviews, said.err)
}

#[test]
fn flat_events_and_batches_stand_in_one_log_and_a_batch_counts_once() {
    let batch = r#"{"site":"a","tab":"00000000000000a1","user":"u1","sent_at_ms":1710325274000,"events":[{"pageview":{"path":"/"}}]}"#;
    let flat = r#"{"user":"u1","time":"2024-03-13T10:25:00Z","event":"Signup","plan":"pro"}"#;
    let text = format!("{batch}\n{flat}\n\n{batch}\n");
    let (visits, visitors, events, pageviews, err) = counts(&[], text.as_bytes());
    assert_eq!((visits, visitors, events, pageviews), (1.0, 1.0, 2.0, 1.0));
    assert!(err.contains("left out: 1 duplicate (first: line 4"), "{err}");
}

#[test]
fn gzip_is_known_by_its_first_bytes() {
    let text = "user_id,timestamp,event\na,2024-03-13 10:00:00,x\na,2024-03-13 10:30:00,x\na,2024-03-13 11:00:01,x\n";
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(text.as_bytes()).unwrap();
    let plain = counts(&[], text.as_bytes());
    assert_eq!((plain.0, plain.1, plain.2), (2.0, 1.0, 3.0), "30 minutes continue a visit, a second more begins one");
    assert_eq!(counts(&["--session-gap", "1801s"], text.as_bytes()).0, 1.0);
    assert_eq!(counts(&["--session-gap", "29m"], text.as_bytes()).0, 3.0);
    let packed = counts(&[], &packed.finish().unwrap());
    assert_eq!((packed.0, packed.1, packed.2), (plain.0, plain.1, plain.2));
}

#[test]
fn columns_are_named_by_options() {
    let text = "who,moment,what,where,src\na,1710325274,view,https://example.com/p?x=1,Partner\nb,1710325275,buy,,\n";
    let columns = "--visitor who --time moment --event what --page where --utm-source src --pageviews view";
    let args: Vec<&str> = columns.split(' ').collect();
    let (visits, visitors, events, pageviews, _) = counts(&args, text.as_bytes());
    assert_eq!((visits, visitors, events, pageviews), (2.0, 2.0, 2.0, 1.0));
    let ask = [&["query", "--filters", "visit:source==partner;event:page==/p", "--json"], args.as_slice()].concat();
    assert_eq!(passerby(&ask, text.as_bytes()).metric("visitors"), 1.0);
    let said = passerby(&["query", "--time", "when"], text.as_bytes());
    assert_eq!(said.code, 1);
    assert!(said.err.contains("--time when: no such column; there are who, moment"), "{}", said.err);
}

#[test]
fn a_bad_line_costs_no_other_and_is_counted_by_reason() {
    let long = "x".repeat(300);
    let lines = [
        r#"{"user":"u1","time":"2024-03-13T10:25:00Z","page":"/"}"#.to_owned(),
        "{".to_owned(),
        r#"{"user":"u1","time":"yesterday","page":"/"}"#.to_owned(),
        r#"{"user":"u1","page":"/"}"#.to_owned(),
        r#"{"time":1710325274,"page":"/"}"#.to_owned(),
        r#"{"user":"u1","time":1710325274,"event":"x","tags":[1]}"#.to_owned(),
        format!(r#"{{"user":"u1","time":1710325274,"event":"{long}"}}"#),
        r#"{"user":"u1","time":1710325274}"#.to_owned(),
        r#"{"tab":"00000000000000a1","sent_at_ms":1710325274000,"events":[{"nothing":{}}]}"#.to_owned(),
        "7".to_owned(),
    ];
    let (.., events, _, err) = counts(&[], lines.join("\n").as_bytes());
    assert_eq!(events, 1.0);
    for (reason, line) in [
        ("2 bad_json", 2),
        ("1 bad_time", 3),
        ("1 no_time", 4),
        ("1 no_visitor", 5),
        ("1 bad_property", 6),
        ("1 text_too_long", 7),
        ("1 missing_field", 8),
        ("1 bad_batch", 9),
    ] {
        assert!(err.contains(&format!("left out: {reason} (first: line {line}")), "{reason}: {err}");
    }
}

#[test]
fn a_log_of_which_nothing_counts_has_no_answer() {
    let said = passerby(&["query"], b"{}\n");
    assert_eq!((said.code, said.out.as_str()), (1, ""));
    assert!(said.err.contains("left out: 1 no_time (first: line 1") && said.err.contains("no line could be counted"));
    assert_eq!(passerby(&["query"], b"").code, 1);
}

#[test]
fn a_wrong_question_is_refused_by_name() {
    let log = br#"{"user":"u1","time":1710325274,"page":"/"}"#;
    for (args, said_of_it) in [
        (&["query", "--metrics", "vists"][..], "--metrics: "),
        (&["query", "--property", "visit:sauce"], "visit:source"),
        (&["query", "--period", "year"], "--period: "),
        (&["query", "--from", "2024-01-01"], "belong together"),
        (&["query", "--site-time-zone", "Europe/Berlin"], "fixed offset"),
        (&["query", "--sort", "x"], "no option --sort"),
        (&["nothing"], "no report nothing"),
        (&["funnel", "--step", "event:a"], "steps"),
        (&["funnel", "--step", "a"], "event:NAME"),
    ] {
        let said = passerby(args, log);
        assert_ne!(said.code, 0, "{args:?}");
        assert!(said.err.contains(said_of_it), "{args:?}: {}", said.err);
    }
}

#[test]
fn an_access_logs_assets_and_programs_can_be_left_out() {
    let line = |path: &str, status: u16, agent: &str| {
        format!("192.0.2.1 - - [17/May/2015:10:05:03 +0000] \"GET {path} HTTP/1.1\" {status} 1 \"-\" \"{agent}\"\n")
    };
    let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0";
    let log = [
        line("/", 200, firefox),
        line("/a.css", 200, firefox),
        line("/gone", 404, firefox),
        line("/", 200, "Googlebot/2.1"),
    ]
    .concat();
    let of = |args: &[&str]| {
        let (visits, _, events, pageviews, _) = counts(args, log.as_bytes());
        (visits, events, pageviews)
    };
    assert_eq!(of(&[]), (2.0, 3.0, 2.0));
    assert_eq!(of(&["--no-assets"]), (2.0, 2.0, 2.0));
    assert_eq!(of(&["--no-bots"]), (1.0, 2.0, 1.0));
    assert_eq!(of(&["--client-errors"]), (2.0, 4.0, 2.0));
}

#[test]
fn days_are_those_of_the_sites_clocks() {
    let log = b"user,time,page\na,2024-03-13T23:30:00Z,/\n";
    let ask = |zone| passerby(&["query", "--json", "--interval", "day", "--site-time-zone", zone], log).json();
    assert_eq!(ask("UTC")["results"][0]["date"], "2024-03-13");
    assert_eq!(ask("+01:00")["results"][0]["date"], "2024-03-14");
}
