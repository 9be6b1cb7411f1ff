//! Keys: 256 random bits each, shown once, kept as their SHA-256.
//!
//! A fast hash is the right one here: a slow one makes the guessing of passwords dear, and nobody guesses 256 random bits,
//! however fast. It would only cost every request the time. That what is stored says nothing of the key is all that is needed.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};

use crate::routes::Need;

/// The SHA-256 of a key's text.
pub type Digest = [u8; 32];

/// What keys begin with, so that whoever finds one knows whose it is, and scanners for secrets find it.
const PREFIX: &str = "passerby_";

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Everything, on all sites.
    Admin,
    /// All that there is of one site.
    Read,
    /// A server that sends one site's events, and whose word counts about visitors' addresses, agents and times.
    Ingest,
    /// One site's reports: what a share link carries.
    Share,
}

impl Kind {
    /// Every one, by its name.
    pub const ALL: [(&'static str, Self); 4] =
        [("admin", Self::Admin), ("read", Self::Read), ("ingest", Self::Ingest), ("share", Self::Share)];

    /// Its name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Read => "read",
            Self::Ingest => "ingest",
            Self::Share => "share",
        }
    }

    /// How far it reads.
    #[must_use]
    pub const fn reach(self) -> Need {
        match self {
            Self::Admin => Need::Admin,
            Self::Read => Need::Read,
            Self::Share => Need::Look,
            Self::Ingest => Need::Nothing,
        }
    }

    /// The text of a key that these random bytes make.
    #[must_use]
    pub fn text(self, random: &[u8; 32]) -> String {
        format!("{PREFIX}{}_{}", self.label(), hex(random))
    }
}

/// What a key is called where it is listed: the first 64 bits of its digest, which say nothing of the key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct KeyId(pub [u8; 8]);

impl KeyId {
    /// That of the key with this text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self::of_digest(&digest(text))
    }

    fn of_digest(digest: &Digest) -> Self {
        Self(digest.first_chunk().copied().unwrap_or_default())
    }
}

impl core::fmt::Display for KeyId {
    fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

/// A key, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// What it is for.
    pub kind: Kind,
    /// What its owner calls it.
    pub name: String,
    /// What is stored in its place.
    pub digest: Digest,
    /// When it was made.
    pub made_ms: i64,
    /// From when on it counts no more.
    pub expires_ms: Option<i64>,
}

impl Key {
    /// The key with this text.
    #[must_use]
    pub fn new(text: &str, kind: Kind, name: &str, made_ms: i64, expires_ms: Option<i64>) -> Self {
        Self { kind, name: name.to_owned(), digest: digest(text), made_ms, expires_ms }
    }

    /// What it is called where it is listed.
    #[must_use]
    pub fn id(&self) -> KeyId {
        KeyId::of_digest(&self.digest)
    }

    /// Whether it counts no more.
    #[must_use]
    pub fn is_expired(&self, now_ms: i64) -> bool {
        self.expires_ms.is_some_and(|expires_ms| now_ms >= expires_ms)
    }
}

/// The one of these keys that is shown. Every one is looked at to its end, so that the time says nothing about any.
#[must_use]
pub fn find<'k>(keys: &'k [Key], shown: &str) -> Option<&'k Key> {
    let digest = digest(shown);
    let mut place = 0u32;
    let mut any = Choice::from(0);
    for (at, key) in (0u32..).zip(keys) {
        let is_it = key.digest.ct_eq(&digest);
        place.conditional_assign(&at, is_it);
        any |= is_it;
    }
    keys.get(place as usize).filter(|_| bool::from(any))
}

/// Whether a text is a key of this kind by its form.
#[must_use]
pub fn is_key(text: &str, kind: Kind) -> bool {
    text.strip_prefix(PREFIX).and_then(|rest| rest.strip_prefix(kind.label())).is_some_and(|rest| rest.starts_with('_'))
}

/// Whether a text is a token by its form.
#[must_use]
pub fn is_token(text: &str) -> bool {
    text.starts_with(super::token::PREFIX)
}

fn digest(text: &str) -> Digest {
    Sha256::digest(text).into()
}

/// Bytes as small hex digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    bytes.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(n: u8) -> (String, Key) {
        let text = Kind::Read.text(&[n; 32]);
        let key = Key::new(&text, Kind::Read, "a key", 0, None);
        (text, key)
    }

    #[test]
    fn a_key_says_what_it_is_and_holds_all_its_random_bits() {
        for (label, kind) in Kind::ALL {
            let text = kind.text(&[0xa5; 32]);
            assert_eq!(text, format!("passerby_{label}_{}", "a5".repeat(32)));
            assert_eq!(Kind::ALL.map(|(_, other)| is_key(&text, other)), Kind::ALL.map(|(_, other)| other == kind));
            assert!(!is_token(&text));
        }
    }

    #[test]
    fn a_key_is_found_among_others_and_nothing_else_is() {
        let keys: Vec<Key> = (0..20).map(|n| key(n).1).collect();
        for n in 0..20 {
            assert_eq!(find(&keys, &key(n).0), Some(&keys[usize::from(n)]));
        }
        for other in ["", "passerby_read_", &key(21).0, &key(3).0[..77]] {
            assert_eq!(find(&keys, other), None, "{other}");
        }
        assert_eq!(find(&[], ""), None);
    }

    #[test]
    fn what_is_stored_does_not_hold_the_key() {
        let (text, key) = key(7);
        let stored = postcard::to_allocvec(&key).unwrap_or_default();
        assert!(!stored.windows(16).any(|part| part == [7; 16] || text.as_bytes().windows(16).any(|of| of == part)));
        assert_eq!(key.id(), KeyId::of(&text));
        assert_eq!(key.id().to_string().len(), 16);
    }

    #[test]
    fn a_key_counts_until_the_instant_at_which_it_expires() {
        let key = Key { expires_ms: Some(1000), ..key(1).1 };
        assert!(!key.is_expired(999));
        assert!(key.is_expired(1000));
        assert!(!self::key(1).1.is_expired(i64::MAX));
    }
}
