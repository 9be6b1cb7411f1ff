//! Who an event belongs to, without a cookie: a keyed hash that cannot be turned back into an address.

use passerby_protocol::{TabId, VisitorId};
use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher24;
use std::hash::Hasher;

/// A visitor: the 53 highest bits of a keyed hash, as many as a number in storage has, so that it names a row. Two of a site's
/// visitors share one with a chance of n² / 2⁵⁴: one in 18,000 for a million visitors, who would then be counted as one less.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Visitor(pub u64);

/// How many of a hash's bits are no part of a visitor.
const SPARE: u32 = u64::BITS - 53;

/// A 128-bit key: the salt of a day, or one that a site keeps.
pub type Key = [u8; 16];

/// A visitor as the site's owner sees one: a keyed hash of it, which is of no use to another site, nor against the
/// stored visitors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Handle(u64);

impl Handle {
    /// Reads what [`Handle`] is written as.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_hex = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hex.then(|| u64::from_str_radix(text, 16).ok().map(Self)).flatten()
    }
}

impl core::fmt::Display for Handle {
    fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl Visitor {
    /// The visitor of one day: whoever has this address and this browser, under the day's salt. The salt is destroyed
    /// after 48 hours, and then nobody can say whose hash it was.
    #[must_use]
    pub fn of_the_day(salt: &Key, site: &str, address: &str, user_agent: &str) -> Self {
        Self::of_hash(keyed(salt, &[site.as_bytes(), address.as_bytes(), user_agent.as_bytes()]))
    }

    /// The visitor who consented and carries an id of their own.
    #[must_use]
    pub fn of_id(site_key: &Key, site: &str, id: VisitorId) -> Self {
        Self::of_hash(keyed(site_key, &[site.as_bytes(), &id.0]))
    }

    /// The visitor whom another client's code names: by the site's own id of the user, or one that its library keeps.
    #[must_use]
    pub fn of_person(site_key: &Key, site: &str, person: &str) -> Self {
        Self::of_hash(keyed(site_key, &[site.as_bytes(), b"person", person.as_bytes()]))
    }

    /// The visitor of a hash, or of what [`Visitor::bytes`] gave.
    pub(crate) const fn of_hash(hash: u64) -> Self {
        Self(hash >> SPARE << SPARE)
    }

    /// The row that is this visitor's: a number of 53 bits, which JavaScript's numbers hold.
    #[must_use]
    pub const fn row(self) -> u64 {
        self.0 >> SPARE
    }

    /// Whose row it is.
    #[must_use]
    pub const fn of_row(row: u64) -> Self {
        Self(row << SPARE)
    }

    /// The tab of all events of this visitor whose client knows no tabs. It follows from the visitor, so such an event
    /// finds its twin however it is sent again.
    #[must_use]
    pub fn tab(self, site_key: &Key) -> TabId {
        TabId(keyed(site_key, &[b"tab", &self.bytes()]).to_be_bytes())
    }

    /// Which of 2^`bits` shards keeps this visitor.
    #[must_use]
    pub const fn shard(self, bits: u32) -> u32 {
        shard(self.0, bits)
    }

    /// What the site's owner may call this visitor: it says nothing but that two are the same.
    #[must_use]
    pub fn handle(self, site_key: &Key) -> Handle {
        Handle(keyed(site_key, &[b"handle", &self.bytes()]))
    }

    /// As bytes.
    #[must_use]
    pub const fn bytes(self) -> [u8; 8] {
        self.0.to_be_bytes()
    }
}

/// Which of 2^`bits` shards a keyed hash names: its highest bits.
pub(crate) const fn shard(hash: u64, bits: u32) -> u32 {
    // A shift by 64 would be undefined, and one shard needs none.
    if bits == 0 { 0 } else { (hash >> (64 - bits)) as u32 }
}

/// The number in [`Visitor::tab`] of an event that its client gave a name (a UUID): 64 bits of a keyed hash. Two of a
/// visitor's events share one with a chance of n² / 2⁶⁵: one in 370 billion for ten thousand of them.
#[must_use]
pub fn number_of_name(site_key: &Key, name: &str) -> u64 {
    keyed(site_key, &[b"event", name.as_bytes()])
}

/// SipHash-2-4 over parts whose lengths are hashed too, so that no two lists of parts are one.
pub(crate) fn keyed(key: &Key, parts: &[&[u8]]) -> u64 {
    let mut hasher = SipHasher24::new_with_key(key);
    for part in parts {
        hasher.write(&(part.len() as u64).to_le_bytes());
        hasher.write(part);
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cannot_be_shifted_into_one_another() {
        let salt = [7; 16];
        let hash = |site, address| Visitor::of_the_day(&salt, site, address, "agent");
        assert_ne!(hash("ab", "c"), hash("a", "bc"));
        assert_eq!(hash("ab", "c"), hash("ab", "c"));
    }

    #[test]
    fn another_salt_is_another_visitor() {
        let hash = |salt| Visitor::of_the_day(&[salt; 16], "a", "192.0.2.1", "agent");
        assert_ne!(hash(1), hash(2));
    }

    #[test]
    fn a_row_names_its_visitor_and_is_a_number_in_javascript() {
        for number in 0..1000u64 {
            let visitor = Visitor::of_person(&[7; 16], "a", &number.to_string());
            assert_eq!(Visitor::of_row(visitor.row()), visitor);
            assert_eq!(visitor.row() as f64 as u64, visitor.row());
        }
    }

    #[test]
    fn shards_are_the_highest_bits() {
        assert_eq!(Visitor(u64::MAX).shard(0), 0);
        assert_eq!(Visitor(u64::MAX).shard(4), 15);
        assert_eq!(Visitor(1 << 60).shard(4), 1);
    }
}
