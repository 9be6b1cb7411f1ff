//! A JSON object on each line: an event in the flat form, or a batch of the protocol.

use std::borrow::Cow;
use std::io::{self, BufRead};

use passerby_analytics::delivery::Client;
use passerby_analytics::enrich::user_agent::{self, Hints};
use passerby_analytics::validate::Rules;
use passerby_analytics::visitor::Visitor;
use passerby_protocol::{Props, decode_json};
use serde_json::{Map, Value};

use super::each_line;
use super::fields::{Columns, Flat, Flattened, KEY};
use crate::args::Reading;
use crate::log::{Line, Log, Text};
use crate::tally::Tally;

type Refusal = (&'static str, String);

/// Reads lines. An object with a list `events` is a batch.
pub fn read(from: &mut dyn BufRead, reading: &Reading, log: &mut Log, tally: &mut Tally) -> io::Result<()> {
    let columns = Columns::of(reading);
    let mut flattened = Flattened::of(reading);
    each_line(from, tally, |bytes, number, tally| {
        let line = match serde_json::from_slice::<Map<String, Value>>(bytes) {
            Err(error) => Err(("bad_json", error.to_string())),
            Ok(object) if object.get("events").is_some_and(Value::is_array) => batch(bytes, log),
            Ok(object) => flat(object, &columns).and_then(|flat| flattened.line(flat, log)),
        };
        match line {
            Ok(line) => log.add(line, Rules { hosts: &[] }, number, tally),
            Err((reason, example)) => tally.leave_out(reason, number, &example),
        }
    })
}

/// An event in the flat form. What is no field is a property, and so is what `props` has.
fn flat(object: Map<String, Value>, columns: &Columns) -> Result<Flat<'static>, Refusal> {
    let mut flat = Flat::default();
    for (name, value) in object {
        let text = match &value {
            Value::Null => continue,
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        if let Some((field, text)) = columns.field(&name).zip(text)
            && flat.set(field, Cow::Owned(text))
        {
            continue;
        }
        // An object of the properties, or a property of the line itself.
        let given = if name == "props" || name == "properties" {
            value
        } else {
            Value::Object([(name.clone(), value)].into_iter().collect())
        };
        let props: Props<Text<'static>> =
            serde_json::from_value(given).map_err(|error| ("bad_property", format!("{name}: {error}")))?;
        for (key, value) in props.0 {
            if flat.props.iter().any(|(known, _)| *known == key) {
                return Err(("bad_property", format!("{key}: given twice")));
            }
            flat.props.push((key, value));
        }
    }
    Ok(flat)
}

/// A batch as a tracker sent it. It is its visitor's, by the id with consent or the site's own of the user, else its
/// tab's: without an address nothing says which tabs are one visitor's.
fn batch(bytes: &[u8], log: &mut Log) -> Result<Line<'static>, Refusal> {
    let mut batch = decode_json(bytes).map_err(|error| ("bad_batch", error.to_string()))?;
    let at_ms = i64::try_from(batch.sent_at_ms).ok().filter(|at_ms| *at_ms > 0);
    let at_ms = at_ms.ok_or_else(|| ("no_time", "sent_at_ms".to_owned()))?;
    if batch.tab == passerby_protocol::TabId::default() {
        return Err(("bad_batch", "tab: missing; 16 random hex digits for each page load".to_owned()));
    }
    let visitor = match batch.visitor {
        Some(id) => Visitor::of_id(&KEY, "", id),
        None if !batch.user.is_empty() => Visitor::of_the_day(&KEY, "id", &batch.user, ""),
        None => Visitor::of_the_day(&KEY, "tab", &batch.tab.to_string(), ""),
    };
    let context = batch.context.take().unwrap_or_default();
    let hints = context.hints.as_ref().map(Hints::from).unwrap_or_default();
    let said = user_agent::of("", hints);
    let client = log.client(Client {
        browser: said.browser.into(),
        browser_version: said.browser_version.into(),
        os: said.os.into(),
        os_version: said.os_version.into(),
        device: said.device.into(),
        language: context.language,
        time_zone: context.time_zone,
        screen: context.screen,
        ..Client::default()
    });
    Ok(Line { visitor, at_ms, batch, client })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::fields::Field;
    use super::*;

    fn read_flat(text: &str) -> Result<Flat<'static>, Refusal> {
        let reading = Reading::default();
        flat(serde_json::from_str(text).unwrap(), &Columns::of(&reading))
    }

    #[test]
    fn what_is_no_field_is_a_property() {
        let read = read_flat(r#"{"user":"u1","time":1,"event":"Signup","plan":"pro","props":{"seats":3},"x":null}"#);
        let read = read.unwrap();
        assert_eq!((read.get(Field::User), read.get(Field::Time), read.get(Field::Event)), ("u1", "1", "Signup"));
        let props: Vec<_> = read.props.iter().map(|(key, _)| key.to_string()).collect();
        assert_eq!(props, ["plan", "seats"]);
    }

    #[test]
    fn a_property_that_no_event_can_have_is_refused_by_name() {
        let refused = |text| read_flat(text).unwrap_err();
        assert_eq!(refused(r#"{"tags":["a"]}"#).0, "bad_property");
        assert!(refused(r#"{"tags":["a"]}"#).1.starts_with("tags: "));
        assert!(refused(r#"{"plan":"a","props":{"plan":"b"}}"#).1.contains("twice"));
    }
}
