//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::Arg;
use passerby_analytics::calendar::{DAY_MS, HOUR_MS, MINUTE_MS};
use passerby_analytics::filter::Pattern;

use crate::Failure;
use crate::input::fields::{FIELDS, Field};

/// What the command line asks for.
pub enum Wanted {
    /// A text about the program itself.
    Text(String),
    /// An answer.
    Answer(Box<Args>),
}

/// A question about a log.
#[derive(Debug, Default)]
pub struct Args {
    /// What is asked: `query`, or a report's name.
    pub command: String,
    /// The log; none, or `-`: what comes in.
    pub file: Option<PathBuf>,
    /// How to read it.
    pub reading: Reading,
    /// The question's parameters, named as in the HTTP API: `metrics`, `property`, `period`…
    pub parameters: Vec<(String, String)>,
    /// The steps of a funnel.
    pub steps: Vec<String>,
    /// A report's own options, as JSON.
    pub body: Option<String>,
    /// Whether to answer in JSON.
    pub json: bool,
    /// Whether to say nothing of the lines.
    pub quiet: bool,
}

/// How a log is read.
#[derive(Debug, Default)]
pub struct Reading {
    /// Its form; unknown: told by its first line.
    pub format: Option<Format>,
    /// For a field the name of its column.
    pub columns: Vec<(Field, String)>,
    /// Names of events that are page views.
    pub pageviews: Option<Vec<Pattern>>,
    /// Names of events that are none, while all others are.
    pub events: Option<Vec<Pattern>>,
    /// The site's own hosts: links from them lead nowhere new.
    pub hosts: Vec<String>,
    /// Milliseconds that the site's clocks are ahead of UTC.
    pub offset_ms: i64,
    /// The longest gap within a visit; none: the collector's.
    pub max_gap_ms: Option<i64>,
    /// Whether programs are left out.
    pub no_bots: bool,
    /// Whether an access log's files other than pages are left out.
    pub no_assets: bool,
    /// Whether an access log's requests that failed by the client's fault (4xx) count.
    pub client_errors: bool,
}

/// A log's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A JSON object on each line.
    Ndjson,
    /// Rows under a header.
    Csv,
    /// An access log in the combined (or common) form.
    Combined,
}

/// Parameters that the question takes as they are.
const PARAMETERS: [&str; 12] = [
    "metrics",
    "property",
    "filters",
    "interval",
    "period",
    "date",
    "compare",
    "limit",
    "page-number",
    "order",
    "by",
    "window",
];

const HELP: &str = include_str!("help.txt");

/// Reads the command line.
///
/// # Errors
/// Something on it is unknown, missing or wrong.
pub fn parse(mut from: lexopt::Parser) -> Result<Wanted, Failure> {
    let mut args = Args::default();
    let (mut first, mut last) = (None, None);
    while let Some(arg) = from.next().map_err(usage)? {
        let name = match arg {
            Arg::Short('h') => "help".to_owned(),
            Arg::Short('V') => "version".to_owned(),
            Arg::Long(name) => name.to_owned(),
            Arg::Short(other) => return Err(Failure::Usage(format!("there is no option -{other}"))),
            Arg::Value(value) => {
                place(&mut args, value)?;
                continue;
            }
        };
        let mut value = || -> Result<String, Failure> {
            let value = from.value().map_err(usage)?;
            value.into_string().map_err(|_| Failure::Usage(format!("--{name}: not UTF-8")))
        };
        let reading = &mut args.reading;
        match name.as_str() {
            "help" => return Ok(Wanted::Text(HELP.to_owned())),
            "version" => return Ok(Wanted::Text(format!("passerby {}\n", env!("CARGO_PKG_VERSION")))),
            "json" => args.json = true,
            "quiet" => args.quiet = true,
            "no-bots" => reading.no_bots = true,
            "no-assets" => reading.no_assets = true,
            "client-errors" => reading.client_errors = true,
            "format" => reading.format = Some(format(&value()?)?),
            "pageviews" => reading.pageviews = Some(patterns(&value()?)),
            "events" => reading.events = Some(patterns(&value()?)),
            "host" => reading.hosts.push(value()?),
            "site-time-zone" => reading.offset_ms = offset_ms(&value()?)?,
            "session-gap" => reading.max_gap_ms = Some(gap_ms(&value()?)?),
            "step" => args.steps.push(value()?),
            "body" => args.body = Some(value()?),
            "from" => first = Some(value()?),
            "to" => last = Some(value()?),
            name if PARAMETERS.contains(&name) => {
                let parameter = if name == "page-number" { "page" } else { name };
                args.parameters.push((parameter.to_owned(), value()?));
            }
            name => {
                let field = FIELDS.iter().find(|field| field.option() == name);
                let field = field.ok_or_else(|| Failure::Usage(format!("there is no option --{name}")))?;
                reading.columns.push((*field, value()?));
            }
        }
    }
    if args.command.is_empty() {
        return Err(Failure::Usage("which question? query, funnel, …".to_owned()));
    }
    if args.reading.pageviews.is_some() && args.reading.events.is_some() {
        return Err(Failure::Usage("--pageviews and --events exclude each other".to_owned()));
    }
    range(&mut args, first, last)?;
    Ok(Wanted::Answer(Box::new(args)))
}

fn usage(error: lexopt::Error) -> Failure {
    Failure::Usage(error.to_string())
}

fn place(args: &mut Args, value: OsString) -> Result<(), Failure> {
    if args.command.is_empty() {
        args.command = value.to_string_lossy().into_owned();
    } else if args.file.is_none() {
        args.file = Some(value.into());
    } else {
        return Err(Failure::Usage(format!("one log at a time; what is {}?", value.to_string_lossy())));
    }
    Ok(())
}

/// `--from` and `--to` are a custom period.
fn range(args: &mut Args, first: Option<String>, last: Option<String>) -> Result<(), Failure> {
    let has = |name: &str| args.parameters.iter().any(|(given, _)| given == name);
    match (first, last) {
        (None, None) => return Ok(()),
        _ if has("period") || has("date") => {
            return Err(Failure::Usage("--from and --to exclude --period and --date".to_owned()));
        }
        (Some(first), Some(last)) => args.parameters.push(("date".to_owned(), format!("{first},{last}"))),
        _ => return Err(Failure::Usage("--from and --to belong together".to_owned())),
    }
    args.parameters.push(("period".to_owned(), "custom".to_owned()));
    Ok(())
}

fn format(name: &str) -> Result<Format, Failure> {
    Ok(match name {
        "ndjson" => Format::Ndjson,
        "csv" => Format::Csv,
        "combined" | "common" => Format::Combined,
        _ => return Err(Failure::Usage(format!("--format: ndjson, csv or combined, not {name}"))),
    })
}

fn patterns(list: &str) -> Vec<Pattern> {
    list.split(',').map(|name| Pattern::with_wildcards(name.trim())).collect()
}

/// `90s`, `30m`, `2h`.
fn gap_ms(text: &str) -> Result<i64, Failure> {
    let wrong =
        || Failure::Usage(format!("--session-gap: seconds, minutes or hours such as 30m, up to 24h, not {text}"));
    let units = [('s', 1000), ('m', MINUTE_MS), ('h', HOUR_MS)];
    let (count, unit_ms) =
        units.iter().find_map(|(unit, ms)| Some((text.strip_suffix(*unit)?, *ms))).ok_or_else(wrong)?;
    let count: u32 = count.parse().map_err(|_| wrong())?;
    let gap_ms = i64::from(count) * unit_ms;
    if (1..=DAY_MS).contains(&gap_ms) { Ok(gap_ms) } else { Err(wrong()) }
}

/// `UTC`, `Z`, `+02:00`, `-0330`.
fn offset_ms(text: &str) -> Result<i64, Failure> {
    let wrong = || Failure::Usage(format!("--site-time-zone: UTC or a fixed offset such as +02:00, not {text}"));
    if matches!(text, "UTC" | "Z") {
        return Ok(0);
    }
    let (sign, digits) = match text.split_at_checked(1) {
        Some(("+", rest)) => (1, rest),
        Some(("-", rest)) => (-1, rest),
        _ => return Err(wrong()),
    };
    let digits: String = digits.chars().filter(|c| *c != ':').collect();
    if digits.len() != 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(wrong());
    }
    let number: i64 = digits.parse().map_err(|_| wrong())?;
    let (hours, minutes) = (number / 100, number % 100);
    if hours > 14 || minutes > 59 {
        return Err(wrong());
    }
    Ok(sign * (hours * HOUR_MS + minutes * MINUTE_MS))
}
