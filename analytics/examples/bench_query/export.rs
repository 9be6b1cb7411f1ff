//! The same traffic for others: as CSV for DuckDB, and as a shard's rows for the Worker.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use passerby_analytics::calendar::Day;
use passerby_analytics::dimension::VisitDimension as V;
use passerby_analytics::segment::{Builder, Column, Segment};
use passerby_analytics::session::Session;
use passerby_analytics::visitor::Visitor;

/// Shards of the site that the Worker serves, as a power of two.
const SHARD_BITS: u32 = 2;

/// Files as they are written.
pub struct Export {
    folder: PathBuf,
    visits: BufWriter<File>,
    events: BufWriter<File>,
    /// Visits so far.
    count: usize,
}

impl Export {
    pub fn to(folder: &Path) -> Self {
        fs::create_dir_all(folder).unwrap();
        let file = |name: &str| BufWriter::new(File::create(folder.join(name)).unwrap());
        let (mut visits, mut events) = (file("visits.csv"), file("events.csv"));
        writeln!(visits, "session,visitor,start_ms,length_ms,events,pageviews,bounced,source,country,device").unwrap();
        writeln!(events, "session,visitor,at_ms,name,page,source,country,device").unwrap();
        Self { folder: folder.to_owned(), visits, events, count: 0 }
    }

    /// A day: what its segment says of visits and events, and its sessions for the shards.
    pub fn add(&mut self, day: Day, segment: &Segment, sessions: &[(Visitor, Session<&str>)]) {
        self.tables(segment);
        for shard in 0..1 << SHARD_BITS {
            let mut builder = Builder::default();
            let mut rows = Vec::new();
            for (visitor, session) in sessions.iter().filter(|(visitor, _)| visitor.shard(SHARD_BITS) == shard) {
                builder.add(*visitor, session);
                row(*visitor, session, &mut rows);
            }
            let file = |name: &str| self.folder.join(format!("{}.{shard}.{name}", day.0));
            fs::write(file("packed"), builder.build().bytes()).unwrap();
            fs::write(file("rows"), rows).unwrap();
        }
    }

    fn tables(&mut self, segment: &Segment) {
        let visit = |column| segment.of_visits(column);
        let (lengths, counts) = (visit(Column::Length), visit(Column::Events));
        let (pageviews, bounced) = (visit(Column::Pageviews), visit(Column::Bounced));
        let dimensions = [V::Source, V::Country, V::Device].map(|d| visit(Column::Dimension(d)));
        let (visitors, starts_ms) = (segment.visitors(), segment.starts_ms());
        let kinds = segment.of_events(Column::Kind);
        let (names, pages, after_ms) =
            (segment.names(&kinds), segment.of_events(Column::Page), segment.of_events(Column::After));
        let mut event = 0;
        for place in 0..segment.visits() {
            let (session, visitor, start_ms) = (self.count, visitors[place], starts_ms[place]);
            let [source, country, device] = dimensions.each_ref().map(|column| segment.string(column[place]));
            let (length_ms, events) = (lengths[place], counts[place]);
            let (pageviews, bounced) = (pageviews[place], bounced[place]);
            writeln!(
                self.visits,
                "{session},{visitor},{start_ms},{length_ms},{events},{pageviews},{bounced},{source},{country},{device}"
            )
            .unwrap();
            let mut at_ms = start_ms;
            for _ in 0..events {
                at_ms += after_ms[event] as i64;
                let (name, page) = (segment.string(names[event]), segment.string(pages[event]));
                writeln!(self.events, "{session},{visitor},{at_ms},{name},{page},{source},{country},{device}").unwrap();
                event += 1;
            }
            self.count += 1;
        }
    }

    pub fn finish(mut self) {
        self.visits.flush().unwrap();
        self.events.flush().unwrap();
    }
}

/// A session's row as a shard stores it: visitor, start, tabs and body, the last two behind their lengths.
fn row(visitor: Visitor, session: &Session<&str>, out: &mut Vec<u8>) {
    let tabs: Vec<u8> = session.tabs.iter().flat_map(|tab| tab.id.0).collect();
    out.extend(visitor.bytes());
    out.extend(session.start_ms().to_be_bytes());
    for part in [tabs, session.encode()] {
        out.extend((part.len() as u32).to_be_bytes());
        out.extend(part);
    }
}
