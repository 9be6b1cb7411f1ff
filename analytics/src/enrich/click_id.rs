//! Click ids: parameters that advertisers and networks add to the addresses that people follow.

/// What a click id says of a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClickId {
    /// Who added it.
    pub source: &'static str,
    /// "paid" where only advertisements carry it, "display" for banners, else that of the source's free links.
    pub medium: &'static str,
}

impl ClickId {
    /// Whether somebody paid for the click.
    #[must_use]
    pub fn is_paid(self) -> bool {
        matches!(self.medium, "paid" | "display")
    }
}

const fn id(source: &'static str, medium: &'static str) -> ClickId {
    ClickId { source, medium }
}

/// What a query parameter says, where it is a click id.
#[must_use]
pub fn of(parameter: &str) -> Option<ClickId> {
    Some(match parameter {
        // Google Ads: auto-tagging, and its forms for iOS 14 and later, app to web and web to app.
        "gclid" | "gbraid" | "wbraid" | "gclsrc" | "gad_source" => id("Google", "paid"),
        "dclid" => id("Google", "display"),
        "msclkid" => id("Bing", "paid"),
        "yclid" => id("Yandex", "paid"),
        "ttclid" => id("TikTok", "paid"),
        "twclid" => id("Twitter", "paid"),
        "li_fat_id" => id("LinkedIn", "paid"),
        "rdt_cid" => id("Reddit", "paid"),
        "sccid" => id("Snapchat", "paid"),
        "epik" => id("Pinterest", "paid"),
        "qclid" => id("Quora", "paid"),
        // These stand on free links too, so they name the source only.
        "fbclid" => id("Facebook", "social"),
        "igshid" | "igsh" => id("Instagram", "social"),
        "ysclid" => id("Yandex", "search"),
        "srsltid" => id("Google", "search"),
        "mc_eid" => id("Mailchimp", "email"),
        "_hsenc" => id("HubSpot", "email"),
        "mkt_tok" => id("Marketo", "email"),
        "_kx" => id("Klaviyo", "email"),
        _ => return None,
    })
}
