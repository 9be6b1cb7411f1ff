//! Plausible's events API: one event a request, in long names or the tracker's short ones.

use passerby_protocol::{Custom, DecodeError, Download, Engagement, FormSubmit, Kind, Outbound, Reason};
use serde_json::Value;

use crate::call::{Arrival, Call, Claims};
use crate::money::{add_revenue, currency};
use crate::page::Page;
use crate::route::Asked;
use crate::said::{Body, Said};

/// Reads a request. An event has neither a name of its own nor a time: two alike are two.
pub(crate) fn read(asked: &Asked<'_>) -> Result<Call, DecodeError> {
    let body = Body::read(asked.body, None)?;
    let envelope = Said(&body.envelope);
    let domain = envelope.any(&["d", "domain"]).text();
    let address = envelope.any(&["u", "url"]).text();
    // Several domains are the site and its roll-ups, of which there are none here.
    let site = match domain.split(',').next().unwrap_or_default().trim() {
        "" => Page::of(address).map(|page| page.host).unwrap_or_default(),
        domain => domain.to_owned(),
    };
    let site = site.strip_prefix("www.").unwrap_or(&site).to_owned();
    let events = body.each(|event| arrival(event, asked));
    Ok(Call { site, events, ..Call::default() })
}

fn arrival(event: Said<'_>, asked: &Asked<'_>) -> Result<Arrival, Reason> {
    let name = event.any(&["n", "name"]).text();
    let address = event.any(&["u", "url"]).text();
    if name.is_empty() || address.is_empty() {
        return Err(Reason::MissingField);
    }
    let mut page = Page::of(address).ok_or(Reason::Malformed)?;
    let by_hash = event.any(&["h", "hashMode"]);
    if by_hash.number() == Some(1.0) || by_hash.truth() == Some(true) {
        page = page.with_fragment(address);
    }
    let mut arrival = Arrival::default();
    arrival.on(&page);
    // The visitor's own address stands first.
    arrival.claims = Claims {
        address: asked.forwarded_for.split(',').next().unwrap_or_default().trim().to_owned(),
        ..Claims::default()
    };
    arrival.push(kind(name, event, page)?);
    Ok(arrival)
}

fn kind(name: &str, event: Said<'_>, page: Page) -> Result<Kind<crate::Text>, Reason> {
    // Older trackers write the properties as JSON in a text.
    let said = event.any(&["p", "props", "m", "meta"]);
    let written: Value = serde_json::from_slice(said.text().as_bytes()).unwrap_or_default();
    let said = if said.fields().is_some() { said } else { Said(&written) };
    let url = said.at("url");
    Ok(match name {
        "pageview" => {
            let mut view = Arrival::view(page, String::new(), event.any(&["r", "referrer"]).text());
            view.props = said.props(|_| false);
            Kind::Pageview(view)
        }
        "engagement" => Kind::Engagement(Engagement {
            visible_ms: event.at("e").whole().unwrap_or(0),
            // Plausible writes 255 where it was not measured.
            scroll_percent: event.at("sd").whole().filter(|percent| *percent <= 100).unwrap_or(0) as u8,
        }),
        "Outbound Link: Click" if !url.text().is_empty() => {
            Kind::Outbound(Outbound { url: crate::page::referrer(url.text()).into(), ..Outbound::default() })
        }
        "File Download" if !url.text().is_empty() => {
            Kind::Download(Download { url: crate::page::referrer(url.text()).into() })
        }
        "Form: Submission" => {
            let path = said.at("path").text();
            Kind::FormSubmit(FormSubmit { form: if path.is_empty() { page.path } else { path.to_owned() }.into() })
        }
        name => {
            let mut props = said.props(|_| false);
            let written: Value =
                serde_json::from_slice(event.any(&["$", "revenue"]).text().as_bytes()).unwrap_or_default();
            let revenue = event.any(&["$", "revenue"]);
            let revenue = if revenue.fields().is_some() { revenue } else { Said(&written) };
            add_revenue(&mut props, "revenue", revenue.at("amount"), currency(revenue.at("currency")))?;
            let custom = Custom { name: name.to_owned().into(), props };
            let is_passive = event.any(&["i", "interactive"]).truth() == Some(false);
            if is_passive { Kind::PassiveCustom(custom) } else { Kind::Custom(custom) }
        }
    })
}
