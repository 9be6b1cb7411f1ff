//! Access logs in the combined form of Apache and nginx, or the common form, which has neither referrer nor user agent.

use std::borrow::Cow;
use std::io::{self, BufRead};

use passerby_analytics::validate::Rules;
use passerby_protocol::{Custom, Kind, Value};

use super::fields::{Field, Flat, Flattened};
use super::{each_line, time};
use crate::args::Reading;
use crate::log::{Log, Text};
use crate::tally::Tally;

/// Ends of paths of files that are no pages.
const ASSETS: &[&str] = &[
    "css",
    "js",
    "mjs",
    "map",
    "png",
    "jpg",
    "jpeg",
    "gif",
    "svg",
    "webp",
    "avif",
    "ico",
    "bmp",
    "woff",
    "woff2",
    "ttf",
    "otf",
    "eot",
    "mp3",
    "mp4",
    "webm",
    "ogg",
    "wav",
    "json",
    "xml",
    "txt",
    "rss",
    "atom",
    "webmanifest",
    "wasm",
];

/// A line, taken apart.
#[derive(Debug, PartialEq)]
pub struct Entry<'l> {
    address: &'l str,
    time: &'l str,
    request: Text<'l>,
    status: u16,
    referrer: Text<'l>,
    user_agent: Text<'l>,
    /// The last text has no end: the line was cut off while it was written.
    cut_off: bool,
}

/// Reads lines. A page that was answered is a page view; any other request that was answered is the event "request",
/// which the visitor did not do knowingly.
pub fn read(from: &mut dyn BufRead, reading: &Reading, log: &mut Log, tally: &mut Tally) -> io::Result<()> {
    let mut flattened = Flattened::of(reading);
    each_line(from, tally, |bytes, number, tally| {
        let text = String::from_utf8_lossy(bytes);
        let Some(entry) = parse(&text) else {
            return tally.leave_out("bad_line", number, &text);
        };
        if (400..500).contains(&entry.status) && !reading.client_errors {
            return tally.leave_out("status_4xx", number, &entry.request);
        }
        if entry.cut_off {
            tally.mend("cut_off", number, &entry.user_agent);
        }
        let target = entry.request.split(' ').nth(1).unwrap_or("");
        let is_asset = is_asset(target);
        if is_asset && reading.no_assets {
            return tally.leave_out("asset", number, target);
        }
        let Some(at_ms) = time::parse_access_ms(entry.time) else {
            return tally.leave_out("bad_time", number, entry.time);
        };
        let is_page = !is_asset && matches!(entry.status, 200..=299 | 304) && entry.request.starts_with("GET ");
        let mut flat = Flat::default();
        for (field, text) in [
            (Field::Time, Cow::Owned(at_ms.to_string())),
            (Field::Address, entry.address.into()),
            (Field::Page, target.into()),
            (Field::Referrer, known(entry.referrer)),
            (Field::UserAgent, known(entry.user_agent)),
        ] {
            flat.set(field, text);
        }
        if !is_page {
            flat.props.push(("status".into(), Value::Int(entry.status.into())));
        }
        match flattened.line(flat, log) {
            Ok(mut line) => {
                if !is_page {
                    passive(&mut line.batch);
                }
                log.add(line, Rules { hosts: &[] }, number, tally);
            }
            Err((reason, example)) => tally.leave_out(reason, number, &example),
        }
    })
}

/// Makes a page view the event "request".
fn passive(batch: &mut passerby_protocol::Batch<Text<'_>>) {
    for event in &mut batch.events {
        if let Kind::Pageview(view) = &mut event.kind {
            batch.page = std::mem::take(&mut view.path);
            let props = std::mem::take(&mut view.props);
            event.kind = Kind::PassiveCustom(Custom { name: "request".into(), props });
        }
    }
}

fn known(text: Text<'_>) -> Text<'_> {
    if text == "-" { Cow::Borrowed("") } else { text }
}

fn is_asset(target: &str) -> bool {
    let path = target.split(['?', '#']).next().unwrap_or("");
    let file = path.rsplit('/').next().unwrap_or("");
    let end = file.rsplit_once('.').map_or("", |(_, end)| end);
    ASSETS.iter().any(|asset| end.eq_ignore_ascii_case(asset))
}

/// `address identity user [time] "request" status bytes "referrer" "user agent"`, whatever follows.
pub fn parse(line: &str) -> Option<Entry<'_>> {
    let (address, rest) = line.split_once(' ')?;
    let (_, rest) = rest.split_once(" [")?;
    let (time, rest) = rest.split_once("] ")?;
    let (request, rest, _) = quoted(rest)?;
    let mut numbers = rest.trim_start().splitn(3, ' ');
    let status: u16 = numbers.next()?.parse().ok().filter(|status| (100..600).contains(status))?;
    numbers.next()?;
    let rest = numbers.next().unwrap_or("");
    let (mut referrer, mut user_agent, mut cut_off) = (Cow::Borrowed(""), Cow::Borrowed(""), false);
    if !rest.is_empty() {
        let (text, rest, ended) = quoted(rest)?;
        (referrer, cut_off) = (text, !ended);
        if let Some((text, _, ended)) = quoted(rest.trim_start()) {
            (user_agent, cut_off) = (text, !ended);
        }
    }
    (!address.is_empty()).then_some(Entry { address, time, request, status, referrer, user_agent, cut_off })
}

/// A text in quotes, what follows it, and whether it has an end. Inside, a backslash takes the meaning from what follows.
fn quoted(text: &str) -> Option<(Text<'_>, &str, bool)> {
    let inside = text.strip_prefix('"')?;
    let (mut escaped, mut any) = (false, false);
    for (at, byte) in inside.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => (escaped, any) = (true, true),
            b'"' => return Some((plain(&inside[..at], any), &inside[at + 1..], true)),
            _ => {}
        }
    }
    Some((plain(inside, any), "", false))
}

fn plain(text: &str, has_escapes: bool) -> Text<'_> {
    if has_escapes { text.replace("\\\"", "\"").replace("\\\\", "\\").into() } else { text.into() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const HEAD: &str = r#"192.0.2.1 - - [17/May/2015:10:05:03 +0000] "GET /a?b=c HTTP/1.1" 200 203"#;

    #[test]
    fn a_line_is_taken_apart() {
        let line = format!(r#"{HEAD} "https://example.com/" "Agent \"quoted\" 1.0" "more""#);
        let entry = parse(&line).unwrap();
        assert_eq!((entry.address, entry.time, entry.status), ("192.0.2.1", "17/May/2015:10:05:03 +0000", 200));
        assert_eq!((&*entry.request, &*entry.referrer), ("GET /a?b=c HTTP/1.1", "https://example.com/"));
        assert_eq!((&*entry.user_agent, entry.cut_off), (r#"Agent "quoted" 1.0"#, false));
        assert!(parse(HEAD).is_some_and(|entry| entry.user_agent.is_empty() && !entry.cut_off), "the common form");
    }

    #[test]
    fn a_line_that_was_cut_off_in_its_last_text_is_known_as_that() {
        let entry = format!(r#"{HEAD} "-" "Agent 1."#);
        assert!(parse(&entry).is_some_and(|entry| entry.cut_off && entry.user_agent == "Agent 1."));
    }

    #[test]
    fn what_is_no_entry_is_none() {
        for line in ["", "a b c", "user_id,event,time", r#"192.0.2.1 - - [x] "GET / HTTP/1.1" up 1"#, "\u{e9} [ ] \""] {
            assert_eq!(parse(line), None, "{line}");
        }
    }

    #[test]
    fn assets_are_told_by_their_ends() {
        assert!(is_asset("/a/b.CSS?v=1") && is_asset("/favicon.ico") && !is_asset("/a.b/c") && !is_asset("/page.html"));
    }
}
