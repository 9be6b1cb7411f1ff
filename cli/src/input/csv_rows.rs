//! CSV under a header.

use std::borrow::Cow;
use std::io::{self, BufRead};

use passerby_analytics::validate::Rules;
use passerby_protocol::Value;

use super::fields::{Columns, Field, Flat, Flattened};
use crate::args::Reading;
use crate::log::Log;
use crate::tally::Tally;

/// Reads rows. Columns that are no field are properties, by their names; empty ones are not there.
pub fn read(from: &mut dyn BufRead, reading: &Reading, log: &mut Log, tally: &mut Tally) -> io::Result<()> {
    let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(from);
    let header = rows.byte_headers().map_err(broken)?.clone();
    let columns = Columns::of(reading);
    let names: Vec<String> = header.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
    let names: Vec<String> = names.iter().map(|name| name.trim_start_matches('\u{feff}').to_owned()).collect();
    if let Some((field, column)) = reading.columns.iter().find(|(_, column)| !names.contains(column)) {
        let problem = format!("--{} {column}: no such column; there are {}", field.option(), listed(&names));
        return Err(io::Error::other(problem));
    }
    let fields: Vec<Option<Field>> = names.iter().map(|name| columns.field(name)).collect();
    if !fields.contains(&Some(Field::Time)) {
        return Err(io::Error::other(format!("no column has the time (--time NAME); there are {}", listed(&names))));
    }
    let mut flattened = Flattened::of(reading);
    let mut row = csv::ByteRecord::new();
    loop {
        let more = rows.read_byte_record(&mut row).map_err(broken)?;
        if !more {
            return Ok(());
        }
        tally.lines += 1;
        let number = row.position().map_or(0, csv::Position::line);
        if row.len() != names.len() {
            let found = format!("{} columns, not {}", row.len(), names.len());
            tally.leave_out("wrong_columns", number, &found);
            continue;
        }
        let Some(flat) = flat(&row, &names, &fields) else {
            tally.leave_out("not_utf8", number, "");
            continue;
        };
        match flattened.line(flat, log) {
            Ok(line) => log.add(line, Rules { hosts: &[] }, number, tally),
            Err((reason, example)) => tally.leave_out(reason, number, &example),
        }
    }
}

/// The columns' names, as a terminal may show them: what is no CSV has anything in its first line.
fn listed(names: &[String]) -> String {
    let all = names.join(", ");
    let shown = all.chars().take(400).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect::<String>();
    if shown.len() < all.len() { shown + "…" } else { shown }
}

fn broken(error: csv::Error) -> io::Error {
    io::Error::other(error.to_string())
}

fn flat<'r>(row: &'r csv::ByteRecord, names: &'r [String], fields: &[Option<Field>]) -> Option<Flat<'r>> {
    let mut flat = Flat::default();
    for ((value, name), field) in row.iter().zip(names).zip(fields) {
        let text = Cow::Borrowed(std::str::from_utf8(value).ok()?);
        if text.is_empty() {
            continue;
        }
        let is_set = field.is_some_and(|field| flat.set(field, text.clone()));
        if !is_set {
            flat.props.push((Cow::Borrowed(name.as_str()), Value::Text(text)));
        }
    }
    Some(flat)
}
