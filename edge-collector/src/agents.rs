//! What user agents say, as an isolate remembers it. To read one takes a tenth of a batch's time, and a thousand of them are
//! most of those that there are.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use passerby_analytics::enrich::bot;
use passerby_analytics::enrich::user_agent::{self, Hints};

/// How many are remembered, and how long one may be: longer ones are made up, and mostly used once.
const MAX_REMEMBERED: usize = 1_000;
const MAX_BYTES: usize = 512;

/// What a user agent says, with the client hints that came along. Empty texts are unknown.
#[derive(Debug, Default)]
pub struct Agent {
    /// That it is a program's.
    pub is_bot: bool,
    /// As in [`user_agent::UserAgent`].
    pub browser: String,
    /// As there.
    pub browser_version: String,
    /// As there.
    pub os: String,
    /// As there.
    pub os_version: String,
    /// As there.
    pub device: String,
}

impl Agent {
    /// What this one says.
    pub fn of(text: &str, hints: Hints<'_>) -> Rc<Self> {
        let Hints { browser, platform, platform_version, model, mobile } = hints;
        let key = [text, browser, platform, platform_version, model, if mobile { "1" } else { "" }].join("\0");
        if key.len() > MAX_BYTES {
            return Rc::new(Self::read(text, hints));
        }
        if let Some(known) = REMEMBERED.with_borrow(|remembered| remembered.get(&key).cloned()) {
            return known;
        }
        let agent = Rc::new(Self::read(text, hints));
        REMEMBERED.with_borrow_mut(|remembered| {
            if remembered.len() >= MAX_REMEMBERED {
                remembered.clear();
            }
            remembered.insert(key, Rc::clone(&agent));
        });
        agent
    }

    fn read(text: &str, hints: Hints<'_>) -> Self {
        let said = user_agent::of(text, hints);
        Self {
            is_bot: bot::is_bot(text),
            browser: said.browser.to_owned(),
            browser_version: said.browser_version.to_owned(),
            os: said.os.to_owned(),
            os_version: said.os_version.to_owned(),
            device: said.device.to_owned(),
        }
    }
}

thread_local! {
    static REMEMBERED: RefCell<HashMap<String, Rc<Agent>>> = RefCell::default();
}
