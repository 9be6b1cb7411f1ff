//! Forms: begun, sent, given up, and at which field.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use passerby_analytics::report::forms::{Form, Forms};
use passerby_protocol::{FormField, FormSubmit, Kind};
use support::reports::{asked, scope};
use support::*;

fn start(form: Text) -> Kind<Text> {
    Kind::FormStart(FormField { form, field: "name" })
}

fn submit(form: Text) -> Kind<Text> {
    Kind::FormSubmit(FormSubmit { form })
}

fn abandon(form: Text, field: Text) -> Kind<Text> {
    Kind::FormAbandon(FormField { form, field })
}

fn forms(visits: &[Visited]) -> Vec<Form> {
    asked(&Forms { scope: scope(), limit: 10 }, &store(visits).shards(2)).rows
}

#[test]
fn a_form_is_begun_sent_and_given_up() {
    let anna = [
        (NOON, start("contact")),
        (NOON + 1, abandon("contact", "mail")),
        (NOON + 2, start("contact")),
        (NOON + 3, submit("contact")),
    ];
    let ben = [(NOON, start("contact")), (NOON + 1, abandon("contact", "name")), (NOON + 2, start("login"))];
    let rows = forms(&[(ANNA, &anna), (BEN, &ben)]);
    let [contact, login] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!(
        (contact.starts, contact.visitors, contact.submits, contact.submitters, contact.abandons),
        (3, 2, 1, 1, 2)
    );
    assert_eq!((contact.completion_rate, contact.abandon_rate), (Some(50.0), Some(66.67)));
    let fields: Vec<_> = contact.last_fields.iter().map(|f| (f.field.as_str(), f.abandons, f.share)).collect();
    assert_eq!(fields, [("mail", 1, Some(50.0)), ("name", 1, Some(50.0))]);
    assert_eq!((login.form.as_str(), login.starts, login.abandons, login.abandon_rate), ("login", 1, 0, Some(0.0)));
}

#[test]
fn a_form_that_was_sent_without_being_begun_has_no_rate() {
    let rows = forms(&[(ANNA, &[(NOON, submit("search"))])]);
    assert_eq!((rows[0].starts, rows[0].submits, rows[0].completion_rate), (0, 1, None));
}

#[test]
fn an_event_counts_where_it_happened() {
    let midnight = NOON + 12 * HOUR;
    let rows = forms(&[(ANNA, &[(midnight - 1, start("contact")), (midnight, submit("contact"))])]);
    assert_eq!((rows[0].starts, rows[0].submits), (1, 0));
}
