//! Events with consecutive numbers, and what must be said in front of them: on which page, in which window and as
//! which user they begin. The queue is one, and so is each batch that is cut from it.

use passerby_protocol::Size;

use super::envelope::Timed;
use super::told::{Told, Turn};

/// Events of one tab with consecutive numbers.
#[derive(Default)]
pub struct Run {
    /// The number of the first event, or of the next one where there is none.
    pub first: u32,
    /// The path of the last page view before the first event.
    pub page: String,
    /// The user that was identified before the first event.
    pub user: String,
    /// The window before the first event.
    pub viewport: Size,
    /// The events. Each one's `after_ms` counts from the one before; the first one's is set when it is sent.
    pub events: Vec<Timed>,
    at_ms: u64,
    last_at_ms: u64,
    weight: usize,
}

impl Run {
    pub fn new(page: String, viewport: Size) -> Self {
        Self { page, viewport, ..Self::default() }
    }

    pub fn len(&self) -> usize {
        self.events.len()
    }

    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// When the first event happened.
    pub fn at_ms(&self) -> u64 {
        self.at_ms
    }

    /// Bytes that the events take at the most.
    pub fn weight(&self) -> usize {
        self.weight
    }

    /// Appends an event and gives its number.
    pub fn push(&mut self, told: Told, at_ms: u64) -> u32 {
        if self.is_empty() {
            self.at_ms = at_ms;
            self.last_at_ms = at_ms;
        }
        self.weight += told.weight();
        self.events.push(Timed { after_ms: difference_ms(at_ms, self.last_at_ms), told });
        self.last_at_ms = at_ms;
        self.first + (self.len() - 1) as u32
    }

    /// How many events from the front weigh at most `bytes`, but one at least: a single heavier one is for the
    /// collector to refuse.
    pub fn count_within(&self, bytes: usize) -> usize {
        let mut total = 0;
        let fits = |event: &&Timed| {
            total += event.told.weight();
            total <= bytes
        };
        self.events.iter().take_while(fits).count().max(1)
    }

    /// Cuts off the first `count` events, fewer where there are not so many. What stays behind begins where they end.
    pub fn take_front(&mut self, count: usize) -> Self {
        let count = count.min(self.len());
        let mut front = Self {
            first: self.first,
            page: self.page.clone(),
            user: self.user.clone(),
            viewport: self.viewport,
            at_ms: self.at_ms,
            ..Self::default()
        };
        for event in self.events.drain(..count) {
            match event.told.turn() {
                Some(Turn::Page(path)) => path.clone_into(&mut self.page),
                Some(Turn::User(user)) => user.clone_into(&mut self.user),
                Some(Turn::Window(width, height)) => self.viewport = Size(width, height),
                None => {}
            }
            front.weight += event.told.weight();
            front.events.push(event);
        }
        self.first += count as u32;
        self.weight -= front.weight;
        let span_ms = |events: &[Timed]| events.iter().skip(1).map(|e| i64::from(e.after_ms)).sum();
        front.last_at_ms = front.at_ms.saturating_add_signed(span_ms(&front.events));
        if let Some(next) = self.events.first() {
            self.at_ms = front.last_at_ms.saturating_add_signed(next.after_ms.into());
        }
        front
    }

    /// Titles the newest page view, where it has none.
    pub fn set_title(&mut self, title: String) {
        let newest = self.events.iter_mut().rev().find_map(|event| event.told.title_mut());
        if let Some(known) = newest.filter(|known| known.is_empty()) {
            self.weight += title.len();
            *known = title;
        }
    }
}

/// From `earlier` to `later`, as far as the wire can say it: 24 days either way.
pub fn difference_ms(later_ms: u64, earlier_ms: u64) -> i32 {
    let difference = later_ms as i64 - earlier_ms as i64;
    difference.clamp(i32::MIN.into(), i32::MAX.into()) as i32
}
