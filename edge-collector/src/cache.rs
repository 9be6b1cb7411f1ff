//! What isolates remember of objects for a moment, so that a request need not ask them.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use worker::{Date, Result};

/// How long something counts as it was read: so long a change takes to be known everywhere.
pub const KEPT_MS: i64 = 5_000;

/// While one request asks anew, others go on with what was known, for so long.
const ASKING_MS: i64 = 1_000;

/// While the object cannot be reached, what was known counts for so long.
pub const UNREACHED_MS: i64 = 60_000;

struct Kept<T> {
    value: Rc<T>,
    read_ms: i64,
    until_ms: i64,
}

/// Values by name.
pub struct Cache<T>(RefCell<HashMap<String, Kept<T>>>);

impl<T> Default for Cache<T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<T: 'static> Cache<T> {
    /// The value of this name: as it is remembered, or as `read` has it.
    pub async fn get(
        cache: &'static std::thread::LocalKey<Self>,
        name: &str,
        read: impl AsyncFnOnce() -> Result<T>,
    ) -> Result<Rc<T>> {
        let now_ms = Date::now().as_millis() as i64;
        let fresh = cache.with(|Self(kept)| {
            let mut kept = kept.borrow_mut();
            let known = kept.get_mut(name)?;
            if now_ms < known.until_ms {
                return Some(Rc::clone(&known.value));
            }
            known.until_ms = (now_ms + ASKING_MS).min(known.read_ms + UNREACHED_MS);
            None
        });
        if let Some(value) = fresh {
            return Ok(value);
        }
        match read().await {
            Ok(value) => {
                let value = Rc::new(value);
                let kept = Kept { value: Rc::clone(&value), read_ms: now_ms, until_ms: now_ms + KEPT_MS };
                cache.with(|Self(all)| all.borrow_mut().insert(name.to_owned(), kept));
                Ok(value)
            }
            Err(error) => cache.with(|Self(kept)| {
                let kept = kept.borrow();
                let known = kept.get(name).filter(|known| now_ms < known.read_ms + UNREACHED_MS);
                known.map(|known| Rc::clone(&known.value)).ok_or(error)
            }),
        }
    }

    /// Forgets what this isolate knows of a name, once it has changed that itself.
    pub fn forget(cache: &'static std::thread::LocalKey<Self>, name: &str) {
        cache.with(|Self(kept)| kept.borrow_mut().remove(name));
    }
}
