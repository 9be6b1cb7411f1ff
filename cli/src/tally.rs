//! What became of the lines: every one that is not counted has a reason, and a place where to look.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use crate::log::Visits;

/// Counts of lines and of what happened to them.
#[derive(Debug, Default)]
pub struct Tally {
    /// Lines read, or rows of a CSV.
    pub lines: u64,
    /// Events counted.
    pub events: u64,
    /// Lines or events not counted, by reason.
    left_out: BTreeMap<String, Entry>,
    /// Lines counted although something was odd, by what.
    mended: BTreeMap<String, Entry>,
    /// How long it took, how many visitors and visits there are, how many of these have no page view.
    end: Option<(Duration, [usize; 3])>,
}

#[derive(Debug)]
struct Entry {
    count: u64,
    first_line: u64,
    example: String,
}

/// Characters of an example that are shown.
const EXAMPLE_CHARS: usize = 80;

impl Tally {
    /// A line or an event that is not counted. `line` is 0 where it is not known any more.
    pub fn leave_out(&mut self, reason: &str, line: u64, example: &str) {
        add(&mut self.left_out, reason, line, example);
    }

    /// A line that is counted, though something is odd about it.
    pub fn mend(&mut self, what: &str, line: u64, example: &str) {
        add(&mut self.mended, what, line, example);
    }

    /// Everything is read and in its visits.
    pub fn took(&mut self, time: Duration, visits: &Visits) {
        self.end = Some((time, [visits.visitors, visits.visits, visits.without_pageview]));
    }
}

fn add(entries: &mut BTreeMap<String, Entry>, reason: &str, line: u64, example: &str) {
    if let Some(entry) = entries.get_mut(reason) {
        entry.count += 1;
        return;
    }
    let printable = |c: char| if c.is_control() { ' ' } else { c };
    let mut shown: String = example.chars().take(EXAMPLE_CHARS).map(printable).collect();
    if shown.len() < example.len() {
        shown.push('…');
    }
    entries.insert(reason.to_owned(), Entry { count: 1, first_line: line, example: shown });
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} lines, {} events", self.lines, self.events)?;
        if let Some((time, [visitors, visits, without_pageview])) = self.end {
            let per_s = self.lines as f64 / time.as_secs_f64().max(1e-6);
            writeln!(f, ", {visitors} visitors, {visits} visits; {:.2} s, {per_s:.0} lines/s", time.as_secs_f64())?;
            if without_pageview > 0 {
                writeln!(
                    f,
                    "  {without_pageview} visits have no page view, so no page and no source (see --pageviews)"
                )?;
            }
        } else {
            writeln!(f)?;
        }
        for (said, entries) in [("left out", &self.left_out), ("counted, but", &self.mended)] {
            for (reason, Entry { count, first_line, example }) in entries {
                write!(f, "  {said}: {count} {reason}")?;
                match (first_line, example.as_str()) {
                    (0, _) => writeln!(f)?,
                    (line, "") => writeln!(f, " (first: line {line})")?,
                    (line, example) => writeln!(f, " (first: line {line}: {example})")?,
                }
            }
        }
        Ok(())
    }
}
