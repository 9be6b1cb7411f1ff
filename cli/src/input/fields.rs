//! What a line of any flat form may say, and how it becomes a batch of one event.

use std::borrow::Cow;
use std::collections::HashMap;

use passerby_analytics::delivery::Client;
use passerby_analytics::enrich::{bot, source, user_agent};
use passerby_analytics::visitor::{Key, Visitor};
use passerby_protocol::{Batch, Custom, Event, Kind, Pageview, Props, Value};

use super::address::{escaped, parts};
use super::time;
use crate::args::Reading;
use crate::log::{Line, Log, Text};

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $option:literal, [$($alias:literal),*],)*) => {
        /// What a line may say.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Field {
            $($(#[$doc])* $name,)*
        }

        /// Every field.
        pub const FIELDS: &[Field] = &[$(Field::$name,)*];

        impl Field {
            /// The option that names its column.
            pub const fn option(self) -> &'static str {
                match self { $(Self::$name => $option,)* }
            }

            /// The names of its column where no option gives one.
            const fn aliases(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($alias),*],)* }
            }
        }
    };
}

fields! {
    /// Whose event it is: any text.
    Visitor = "visitor", ["visitor", "visitor_id", "anonymous_id", "user_id", "distinct_id"],
    /// The site's own id of the user.
    User = "user", ["user"],
    /// When it happened.
    Time = "time", ["time", "timestamp", "at", "datetime", "event_time"],
    /// Its name.
    Event = "event", ["event", "event_name", "name"],
    /// The path or the address of its page.
    Page = "page", ["page", "path", "url"],
    /// Where the visitor came from.
    Referrer = "referrer", ["referrer", "referer"],
    /// The browser's own words.
    UserAgent = "user-agent", ["user_agent", "ua"],
    /// The visitor's address.
    Address = "address", ["address", "ip"],
    /// The page's query.
    Query = "query", ["query"],
    /// The page's host.
    Host = "host-column", ["host", "hostname"],
    /// `utm_source`.
    UtmSource = "utm-source", ["utm_source"],
    /// `utm_medium`.
    UtmMedium = "utm-medium", ["utm_medium"],
    /// `utm_campaign`.
    UtmCampaign = "utm-campaign", ["utm_campaign"],
    /// `utm_content`.
    UtmContent = "utm-content", ["utm_content"],
    /// `utm_term`.
    UtmTerm = "utm-term", ["utm_term"],
    /// ISO 3166-1.
    Country = "country", ["country"],
    /// ISO 3166-2.
    Region = "region", ["region"],
    /// The city's name.
    City = "city", ["city"],
    /// The preferred language.
    Language = "language", ["language"],
    /// The device's kind.
    Device = "device", ["device"],
    /// The browser's name.
    Browser = "browser", ["browser"],
    /// Its version.
    BrowserVersion = "browser-version", ["browser_version"],
    /// The operating system.
    Os = "os", ["os"],
    /// Its version.
    OsVersion = "os-version", ["os_version"],
}

/// Which field a column holds, by its name.
#[derive(Debug)]
pub struct Columns<'r> {
    reading: &'r Reading,
}

impl<'r> Columns<'r> {
    pub const fn of(reading: &'r Reading) -> Self {
        Self { reading }
    }

    /// The field of a column: the one an option gives it, else that of its own name, unless an option gives this field
    /// another column.
    pub fn field(&self, name: &str) -> Option<Field> {
        let mut given = self.reading.columns.iter();
        if let Some((field, _)) = given.clone().find(|(_, column)| column == name) {
            return Some(*field);
        }
        let own = FIELDS.iter().find(|field| field.aliases().contains(&name))?;
        given.all(|(field, _)| field != own).then_some(*own)
    }
}

/// A line's fields and what else it says.
#[derive(Debug, Default)]
pub struct Flat<'a> {
    fields: [Text<'a>; FIELDS.len()],
    /// The event's properties.
    pub props: Vec<(Text<'a>, Value<Text<'a>>)>,
}

impl<'a> Flat<'a> {
    pub fn get(&self, field: Field) -> &str {
        &self.fields[field as usize]
    }

    /// Sets a field; of two columns for one field, the first that has a text counts. Answers whether it was set.
    pub fn set(&mut self, field: Field, text: Text<'a>) -> bool {
        let free = self.fields[field as usize].is_empty();
        if free {
            self.fields[field as usize] = text;
        }
        free
    }

    fn take(&mut self, field: Field) -> Text<'a> {
        std::mem::take(&mut self.fields[field as usize])
    }
}

/// The key of visitors' hashes: they are not kept, so it needs no secret.
pub const KEY: Key = *b"passerby/visitor";

/// Makes lines of flat fields.
#[derive(Debug)]
pub struct Flattened<'r> {
    reading: &'r Reading,
    bots: HashMap<String, bool>,
    /// Clients of whom nothing is known but the user agent.
    agents: HashMap<String, u32>,
}

impl<'r> Flattened<'r> {
    pub fn of(reading: &'r Reading) -> Self {
        Self { reading, bots: HashMap::new(), agents: HashMap::new() }
    }

    /// The line that says this.
    ///
    /// # Errors
    /// Why there is none, and what of the line says so.
    pub fn line<'a>(&mut self, mut flat: Flat<'a>, log: &mut Log) -> Result<Line<'a>, (&'static str, String)> {
        let at = flat.get(Field::Time);
        let at_ms = time::parse_ms(at, self.reading.offset_ms)
            .ok_or_else(|| (if at.is_empty() { "no_time" } else { "bad_time" }, at.to_owned()))?;
        let agent = flat.get(Field::UserAgent);
        if self.reading.no_bots && !agent.is_empty() && self.is_bot(agent) {
            return Err(("bot", agent.to_owned()));
        }
        let visitor = self.visitor(&flat, at_ms)?;
        let client = self.client(&flat, log);
        let kind = self.kind(&mut flat);
        let page = match &kind {
            Kind::Pageview(_) => Cow::Borrowed(""),
            _ => parts(flat.take(Field::Page)).path,
        };
        let events = vec![Event { after_ms: 0, kind }];
        let batch = Batch { user: flat.take(Field::User), page, events, ..Batch::default() };
        Ok(Line { visitor, at_ms, batch, client })
    }

    /// The number of a line's client.
    fn client(&mut self, flat: &Flat, log: &mut Log) -> u32 {
        if OF_CLIENT.iter().any(|field| !flat.get(*field).is_empty()) {
            return log.client(client(flat));
        }
        let agent = flat.get(Field::UserAgent);
        if let Some(known) = self.agents.get(agent) {
            return *known;
        }
        let number = log.client(client(flat));
        self.agents.insert(agent.to_owned(), number);
        number
    }

    /// Whether a user agent is a program's; most lines have one that was there before.
    pub fn is_bot(&mut self, agent: &str) -> bool {
        if let Some(known) = self.bots.get(agent) {
            return *known;
        }
        let is_bot = bot::is_bot(agent);
        self.bots.insert(agent.to_owned(), is_bot);
        is_bot
    }

    /// By their own id; else by address and browser for one day of the site's, as the collector does without consent.
    fn visitor(&self, flat: &Flat, at_ms: i64) -> Result<Visitor, (&'static str, String)> {
        let id = [Field::Visitor, Field::User].map(|field| flat.get(field)).into_iter().find(|id| !id.is_empty());
        if let Some(id) = id {
            return Ok(Visitor::of_the_day(&KEY, "id", id, ""));
        }
        if flat.get(Field::Address).is_empty() {
            return Err(("no_visitor", String::new()));
        }
        let day = passerby_analytics::calendar::Day::of_utc(at_ms + self.reading.offset_ms);
        let site = format!("day {}", day.0);
        Ok(Visitor::of_the_day(&KEY, &site, flat.get(Field::Address), flat.get(Field::UserAgent)))
    }

    /// A page view, or the event of its name.
    fn kind<'a>(&self, flat: &mut Flat<'a>) -> Kind<Text<'a>> {
        let name = flat.take(Field::Event);
        let props = Props(std::mem::take(&mut flat.props));
        let matches = |list: &[passerby_analytics::filter::Pattern]| list.iter().any(|pattern| pattern.matches(&name));
        let usual = matches!(&*name, "" | "pageview" | "page_view" | "$pageview" | "page");
        let is_pageview = usual
            || match (&self.reading.pageviews, &self.reading.events) {
                (Some(pageviews), _) => matches(pageviews),
                (_, Some(events)) => !matches(events),
                _ => false,
            };
        if !is_pageview {
            return Kind::Custom(Custom { name, props });
        }
        let mut page = parts(flat.take(Field::Page));
        if page.path.is_empty() && !usual {
            page.path = Cow::Owned(format!("/{name}"));
        }
        let (host, given) = (flat.take(Field::Host), flat.take(Field::Query));
        let mut query = if given.is_empty() { page.query } else { given };
        for (field, key) in [
            (Field::UtmSource, "utm_source"),
            (Field::UtmMedium, "utm_medium"),
            (Field::UtmCampaign, "utm_campaign"),
            (Field::UtmContent, "utm_content"),
            (Field::UtmTerm, "utm_term"),
        ] {
            let value = flat.take(field);
            if !value.is_empty() {
                let separator = if query.is_empty() { "" } else { "&" };
                query.to_mut().push_str(&format!("{separator}{key}={}", escaped(&value)));
            }
        }
        let host = if host.is_empty() { page.host } else { host };
        let (path, mut referrer) = (page.path, flat.take(Field::Referrer));
        if self.reading.hosts.iter().any(|own| source::is_internal(&referrer, own)) {
            referrer = Cow::Borrowed("");
        }
        Kind::Pageview(Pageview { path, host, query, referrer, props, ..Pageview::default() })
    }
}

/// What a line tells of its client.
const OF_CLIENT: [Field; 9] = [
    Field::Browser,
    Field::BrowserVersion,
    Field::Os,
    Field::OsVersion,
    Field::Device,
    Field::Country,
    Field::Region,
    Field::City,
    Field::Language,
];

fn client<'a>(flat: &'a Flat) -> Client<Text<'a>> {
    let said = user_agent::of(flat.get(Field::UserAgent), user_agent::Hints::default());
    let text = |field: Field, said: &'a str| {
        let own = flat.get(field);
        Cow::Borrowed(if own.is_empty() { said } else { own })
    };
    Client {
        browser: text(Field::Browser, said.browser),
        browser_version: text(Field::BrowserVersion, said.browser_version),
        os: text(Field::Os, said.os),
        os_version: text(Field::OsVersion, said.os_version),
        device: text(Field::Device, said.device),
        country: text(Field::Country, ""),
        region: text(Field::Region, ""),
        city: text(Field::City, ""),
        language: text(Field::Language, ""),
        ..Client::default()
    }
}
