//! The channel of a visit: Google Analytics 4's default channel group, for traffic that is not Google Ads' own, as
//! published in <https://support.google.com/analytics/answer/9756891>, checked from top to bottom.
//!
//! One channel more: [`Channel::AiAssistants`], for what people follow out of an answer of ChatGPT, Claude, Perplexity
//! and their kin. GA4 counts those as referrals, or as organic search where the assistant lives below a search engine's
//! host. It stands behind the paid channels, so that an assistant's advertisement stays paid.

use super::source::Category;

macro_rules! channels {
    ($($(#[$doc:meta])* $name:ident = $label:literal,)*) => {
        /// Where visits come from, in the words of marketing.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub enum Channel {
            $($(#[$doc])* $name,)*
        }

        impl Channel {
            /// Every one there is.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its name in answers.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label,)* }
            }
        }
    };
}

channels! {
    /// No source is known: a typed address, a bookmark, a link that hides where it stands.
    #[default]
    Direct = "Direct",
    /// Advertisements over several of an advertiser's networks.
    CrossNetwork = "Cross-network",
    /// Paid, from a shop or for a campaign about shopping.
    PaidShopping = "Paid Shopping",
    /// Paid, from a search engine.
    PaidSearch = "Paid Search",
    /// Paid, from a social network.
    PaidSocial = "Paid Social",
    /// Paid, from a site of videos.
    PaidVideo = "Paid Video",
    /// Banners.
    Display = "Display",
    /// Paid, from elsewhere.
    PaidOther = "Paid Other",
    /// From the answer of an assistant.
    AiAssistants = "AI Assistants",
    /// From a shop.
    OrganicShopping = "Organic Shopping",
    /// From a social network.
    OrganicSocial = "Organic Social",
    /// From a site of videos.
    OrganicVideo = "Organic Video",
    /// From a search engine.
    OrganicSearch = "Organic Search",
    /// From a letter.
    Email = "Email",
    /// From a partner who is paid by sale.
    Affiliates = "Affiliates",
    /// From a link on another site.
    Referral = "Referral",
    /// From a podcast or another thing to hear.
    Audio = "Audio",
    /// From a text message.
    Sms = "SMS",
    /// From a notification on a phone.
    MobilePush = "Mobile Push Notifications",
    /// Tagged with what no rule knows.
    Unassigned = "Unassigned",
}

const EMAIL: &[&str] = &["email", "e-mail", "e_mail", "e mail"];
const DISPLAY: &[&str] = &["display", "banner", "expandable", "interstitial", "cpm"];
const SOCIAL: &[&str] = &["social", "social-network", "social-media", "sm", "social network", "social media"];
const REFERRAL: &[&str] = &["referral", "app", "link"];

/// The channel of a visit with this source, medium and campaign, all in lower case, and with what lists say of the
/// source.
#[must_use]
pub fn of(source: &str, medium: &str, campaign: &str, category: Category) -> Channel {
    let paid = is_paid(medium);
    let shops = category == Category::Shopping || is_about_shopping(campaign);
    let is_one_of = |texts: &[&str], text: &str| texts.contains(&text);
    match () {
        () if source.is_empty() && medium.is_empty() && campaign.is_empty() => Channel::Direct,
        () if campaign.contains("cross-network") => Channel::CrossNetwork,
        () if shops && paid => Channel::PaidShopping,
        () if category == Category::Search && paid => Channel::PaidSearch,
        () if category == Category::Social && paid => Channel::PaidSocial,
        () if category == Category::Video && paid => Channel::PaidVideo,
        () if is_one_of(DISPLAY, medium) => Channel::Display,
        () if paid => Channel::PaidOther,
        () if category == Category::Assistant => Channel::AiAssistants,
        () if shops => Channel::OrganicShopping,
        () if category == Category::Social || is_one_of(SOCIAL, medium) => Channel::OrganicSocial,
        () if category == Category::Video || medium.contains("video") => Channel::OrganicVideo,
        () if category == Category::Search || medium == "organic" => Channel::OrganicSearch,
        () if is_one_of(EMAIL, source) || is_one_of(EMAIL, medium) => Channel::Email,
        () if medium == "affiliate" => Channel::Affiliates,
        () if is_one_of(REFERRAL, medium) => Channel::Referral,
        () if medium == "audio" => Channel::Audio,
        () if source == "sms" || medium == "sms" => Channel::Sms,
        () if is_push(source, medium) => Channel::MobilePush,
        () => Channel::Unassigned,
    }
}

/// `^(.*cp.*|ppc|retargeting|paid.*)$`
fn is_paid(medium: &str) -> bool {
    medium.contains("cp") || medium == "ppc" || medium == "retargeting" || medium.starts_with("paid")
}

/// `^(.*(([^a-df-z]|^)shop|shopping).*)$`: "shop" behind anything but a letter other than e, so that "eshop" is one and
/// "bishop" none.
fn is_about_shopping(campaign: &str) -> bool {
    let before = |at: usize| campaign[..at].chars().next_back();
    campaign.contains("shopping")
        || campaign.match_indices("shop").any(|(at, _)| !before(at).is_some_and(|c| c.is_ascii_lowercase() && c != 'e'))
}

fn is_push(source: &str, medium: &str) -> bool {
    medium.ends_with("push") || medium.contains("mobile") || medium.contains("notification") || source == "firebase"
}

#[cfg(test)]
mod tests {
    use super::Category as C;
    use super::*;

    #[test]
    fn the_channels_are_those_of_ga4_and_one_more() {
        let rules = [
            ("", "", "", C::Other, "Direct"),
            ("google", "cpc", "eu cross-network", C::Search, "Cross-network"),
            ("amazon", "cpc", "", C::Shopping, "Paid Shopping"),
            ("google", "cpc", "summer-shop", C::Search, "Paid Shopping"),
            ("google", "cpc", "bishop", C::Search, "Paid Search"),
            ("bing", "paidsearch", "", C::Search, "Paid Search"),
            ("facebook", "paid_social", "", C::Social, "Paid Social"),
            ("youtube", "cpv", "", C::Video, "Paid Video"),
            ("example", "banner", "", C::Other, "Display"),
            ("example", "cpm", "", C::Other, "Display"),
            ("example", "retargeting", "", C::Other, "Paid Other"),
            ("chatgpt.com", "referral", "", C::Assistant, "AI Assistants"),
            ("chatgpt.com", "cpc", "", C::Assistant, "Paid Other"),
            ("etsy", "referral", "", C::Shopping, "Organic Shopping"),
            ("example", "", "eshop", C::Other, "Organic Shopping"),
            ("example", "social-media", "", C::Other, "Organic Social"),
            ("vimeo", "referral", "", C::Video, "Organic Video"),
            ("example", "organic", "", C::Other, "Organic Search"),
            ("newsletter", "e-mail", "", C::Other, "Email"),
            ("email", "", "", C::Other, "Email"),
            ("example", "affiliate", "", C::Other, "Affiliates"),
            ("example.org", "referral", "", C::Other, "Referral"),
            ("podcast", "audio", "", C::Other, "Audio"),
            ("sms", "", "", C::Other, "SMS"),
            ("app", "webpush", "", C::Other, "Mobile Push Notifications"),
            ("firebase", "", "", C::Other, "Mobile Push Notifications"),
            ("flyer", "print", "", C::Other, "Unassigned"),
        ];
        for (source, medium, campaign, category, expected) in rules {
            assert_eq!(of(source, medium, campaign, category).label(), expected, "{source} / {medium} / {campaign}");
        }
    }
}
