//! The ticket: what a tab shows instead of its address after the first reply.
//!
//! One block of AES-128 under a key of the site, over the visitor (8 bytes), the day it was given (2), chance (2) and
//! zeros (4). A block cipher is a permutation that nobody without the key can tell from a random one, so a page can neither
//! read the visitor nor make a ticket: a forged block decrypts to four zeros and one of the days that count with a chance of
//! 2⁻⁴⁶ a try. Chance makes each tab's ticket another, so that it identifies nobody to the page.

use aes::Aes128;
use aes::cipher::{BlockDecrypt, BlockEncrypt, KeyInit};
use passerby_protocol::Ticket;

use crate::calendar::Day;
use crate::visitor::{Key, Visitor};

/// For how many days after the day it was given a ticket counts: as long as an event may be late. A tab that is open
/// longer is a new visitor then, as one that was loaded anew would be.
const MAX_DAYS: u16 = 3;

/// The ticket of a visitor, given on this day.
#[must_use]
pub fn seal(key: &Key, visitor: Visitor, today: Day, chance: [u8; 2]) -> Ticket {
    let mut block = [0; 16];
    block[..8].copy_from_slice(&visitor.bytes());
    block[8..10].copy_from_slice(&(today.0 as u16).to_be_bytes());
    block[10..12].copy_from_slice(&chance);
    let mut block = block.into();
    Aes128::new(key.into()).encrypt_block(&mut block);
    Ticket(block.to_vec())
}

/// The visitor of a ticket; `None` where it is not one of this site's, or too old.
#[must_use]
pub fn open(key: &Key, ticket: &Ticket, today: Day) -> Option<Visitor> {
    let block: [u8; 16] = ticket.0.as_slice().try_into().ok()?;
    let mut block = block.into();
    Aes128::new(key.into()).decrypt_block(&mut block);
    let (visitor, rest) = block.split_first_chunk::<8>()?;
    let (day, rest) = rest.split_first_chunk::<2>()?;
    let age = (today.0 as u16).wrapping_sub(u16::from_be_bytes(*day));
    // The object that gives tickets may be a moment ahead of the one that opens them.
    let counts = age <= MAX_DAYS || age == u16::MAX;
    (rest.ends_with(&[0; 4]) && counts).then(|| Visitor::of_hash(u64::from_be_bytes(*visitor)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Key = *b"a key of a site.";
    const TODAY: Day = Day(20_000);

    fn sealed(visitor: u64) -> Ticket {
        seal(&KEY, Visitor(visitor), TODAY, [1, 2])
    }

    #[test]
    fn a_ticket_opens_to_its_visitor_for_three_days_after_its_own() {
        for visitor in [0, 1 << 11, u64::MAX << 11] {
            for days in -1..=3 {
                assert_eq!(open(&KEY, &sealed(visitor), Day(TODAY.0 + days)), Some(Visitor(visitor)));
            }
            assert_eq!(open(&KEY, &sealed(visitor), Day(TODAY.0 + 4)), None);
            assert_eq!(open(&KEY, &sealed(visitor), Day(TODAY.0 - 2)), None);
        }
    }

    #[test]
    fn a_ticket_that_was_changed_or_is_anothers_does_not_open() {
        let ticket = sealed(42);
        assert_eq!(open(b"another site key", &ticket, TODAY), None);
        for at in 0..16 {
            let mut changed = ticket.clone();
            changed.0[at] ^= 1;
            assert_eq!(open(&KEY, &changed, TODAY), None);
        }
        assert_eq!(open(&KEY, &Ticket(Vec::new()), TODAY), None);
        assert_eq!(open(&KEY, &Ticket(vec![0; 17]), TODAY), None);
    }

    #[test]
    fn the_visitor_cannot_be_read_off_the_ticket_nor_two_be_told_to_be_ones() {
        assert_ne!(&sealed(0).0[..8], &[0; 8]);
        assert_ne!(sealed(7), seal(&KEY, Visitor(7), TODAY, [1, 3]));
    }
}
