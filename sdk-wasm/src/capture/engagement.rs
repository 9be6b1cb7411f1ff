//! How long a page was looked at and how far it was seen.

use passerby_protocol::Engagement;

/// What one visitor saw of one page. Pure: times and places are arguments.
#[derive(Debug, Default)]
pub struct Reading {
    /// There is a page that it is about.
    begun: bool,
    /// Since when the page has been visible and focused.
    attentive_since_ms: Option<u64>,
    /// Until then, and not yet told.
    attentive_ms: u64,
    /// The lowest edge that was in the window, in pixels from the page's top.
    seen_to: f64,
    page_height: f64,
    told_percent: u8,
}

impl Reading {
    /// Whether the page is looked at, from now on.
    pub fn attend(&mut self, attentive: bool, now_ms: u64) {
        if let Some(since_ms) = self.attentive_since_ms {
            self.attentive_ms += now_ms.saturating_sub(since_ms);
        }
        self.attentive_since_ms = attentive.then_some(now_ms);
    }

    /// The window's lower edge is at `bottom` on a page of this height. The height may have grown since, so what was
    /// seen is kept in pixels until somebody asks.
    pub fn see(&mut self, bottom: f64, page_height: f64) {
        self.seen_to = self.seen_to.max(bottom);
        self.page_height = page_height;
    }

    /// What is new since the last time, if anything is.
    pub fn tell(&mut self, now_ms: u64) -> Option<Engagement> {
        self.attend(self.attentive_since_ms.is_some(), now_ms);
        // Browsers round places and heights differently: a pixel does not keep a page from its end.
        let percent = ((self.seen_to + 1.0) / self.page_height.max(1.0) * 100.0).min(100.0) as u8;
        let percent = percent.max(self.told_percent);
        let told =
            Engagement { visible_ms: u32::try_from(self.attentive_ms).unwrap_or(u32::MAX), scroll_percent: percent };
        let is_new = told.visible_ms > 0 || percent > self.told_percent;
        self.attentive_ms = 0;
        self.told_percent = percent;
        (is_new && self.begun).then_some(told)
    }

    /// Another page is shown from now on, and of it at least what fits the window; whether it is looked at stays. Its
    /// address often comes before its content, so how far the page before was scrolled says nothing.
    pub fn turn_page(&mut self, now_ms: u64, window_height: f64) {
        let attentive_since_ms = self.attentive_since_ms.map(|_| now_ms);
        let page_height = self.page_height;
        *self = Self { begun: true, attentive_since_ms, page_height, seen_to: window_height, ..Self::default() };
    }
}
