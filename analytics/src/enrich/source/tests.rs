use super::*;

fn told(query: &str, referrer: &str) -> [String; 3] {
    let found = of(query, referrer);
    [found.source.into_owned(), found.medium.into_owned(), found.channel.label().to_owned()]
}

#[test]
fn a_campaign_comes_before_the_referrer() {
    let found = of("utm_source=news+letter&utm_medium=email", "https://www.google.com/");
    assert_eq!(found.source, "news letter");
    assert_eq!(found.utm_medium, "email");
    assert_eq!(found.referrer, "google.com");
    assert_eq!(found.channel, Channel::Email);
}

#[test]
fn a_known_host_and_its_subdomains_go_by_name() {
    for referrer in ["https://google.com", "https://www.google.co.uk/", "https://news.google.de/x?y", "GOOGLE.FR."] {
        assert!(of("", referrer).source.starts_with("Google"), "{referrer}");
    }
    assert_eq!(of("", "https://en.wikipedia.org/wiki/Passerby").source, "Wikipedia");
}

#[test]
fn a_host_that_only_looks_alike_does_not() {
    for referrer in [
        "notwikipedia.org",
        "google.example.com",
        "wikipedia.org.example",
        "mygoogle.com",
        "google.com.example.org",
        "xt.co",
        "facebook.com-login.example",
        "about.google",
        "google",
    ] {
        let address = format!("https://{referrer}/");
        let found = of("", &address);
        assert_eq!((&*found.source, found.channel), (referrer, Channel::Referral));
    }
}

#[test]
fn each_kind_of_source_has_its_medium_and_channel() {
    let cases = [
        ("https://www.bing.com/", ["Bing", "search", "Organic Search"]),
        ("https://l.facebook.com/", ["Facebook", "social", "Organic Social"]),
        ("https://mail.google.com/mail/u/0/", ["Gmail", "email", "Email"]),
        ("android-app://com.google.android.gm/", ["Gmail", "email", "Email"]),
        ("https://chatgpt.com/", ["ChatGPT", "ai assistant", "AI Assistants"]),
        ("https://gemini.google.com/app", ["Gemini", "ai assistant", "AI Assistants"]),
        ("https://x.com/i/grok/share/1", ["Grok", "ai assistant", "AI Assistants"]),
        ("https://x.com/someone", ["Twitter", "social", "Organic Social"]),
        ("https://www.youtube.com/watch", ["YouTube", "video", "Organic Video"]),
        ("https://www.amazon.de/dp/1", ["Amazon", "shopping", "Organic Shopping"]),
        ("https://example.org/a", ["example.org", "referral", "Referral"]),
    ];
    for (referrer, expected) in cases {
        assert_eq!(told("", referrer), expected, "{referrer}");
    }
}

#[test]
fn a_click_id_tells_an_advertisement() {
    let cases = [
        ("gclid=a", "https://www.google.com/", ["Google", "paid", "Paid Search"]),
        ("gbraid=a", "", ["Google", "paid", "Paid Search"]),
        ("gclid=a", "https://some-blog.example/", ["Google", "paid", "Paid Search"]),
        ("gclid=a", "https://www.youtube.com/", ["YouTube", "paid", "Paid Video"]),
        ("msclkid=a", "", ["Bing", "paid", "Paid Search"]),
        ("ttclid=a", "", ["TikTok", "paid", "Paid Social"]),
        ("twclid=a", "https://t.co/", ["Twitter", "paid", "Paid Social"]),
        ("li_fat_id=a", "", ["LinkedIn", "paid", "Paid Social"]),
        ("dclid=a", "", ["Google", "display", "Display"]),
        ("GCLID=a&utm_source=Google&utm_medium=CPC&utm_campaign=Summer", "", ["Google", "cpc", "Paid Search"]),
        ("gclid=", "https://www.google.com/", ["Google", "search", "Organic Search"]),
    ];
    for (query, referrer, expected) in cases {
        assert_eq!(told(query, referrer), expected, "{query} {referrer}");
    }
}

#[test]
fn facebooks_click_id_stands_on_free_links_too() {
    assert_eq!(told("fbclid=a", ""), ["Facebook", "social", "Organic Social"]);
    assert_eq!(told("fbclid=a", "https://l.instagram.com/"), ["Instagram", "social", "Organic Social"]);
    assert_eq!(told("fbclid=a&utm_source=shop&utm_medium=email", ""), ["shop", "email", "Email"]);
}

#[test]
fn campaigns_are_the_same_in_any_case_and_encoding() {
    let plain = of("utm_source=facebook&utm_medium=paid+social&utm_campaign=spring+sale", "");
    for query in [
        "utm_source=Facebook&utm_medium=Paid%20Social&utm_campaign=Spring%2BSale",
        "UTM_Source=FACEBOOK&utm_medium=paid%2520social&utm_campaign=Spring%20%20Sale+",
    ] {
        let found = of(query, "");
        assert_eq!((&found.source, &found.medium), (&plain.source, &plain.medium), "{query}");
        assert_eq!(found.channel, Channel::PaidSocial);
    }
    assert_eq!(of("utm_campaign=Spring%20%20Sale+", "").utm_campaign, plain.utm_campaign);
    assert_eq!(of("utm_source=%C3%9CBER", "").utm_source, "über");
}

#[test]
fn a_campaign_names_a_source_by_word_or_host() {
    assert_eq!(told("utm_source=chatgpt.com", ""), ["ChatGPT", "ai assistant", "AI Assistants"]);
    assert_eq!(told("utm_source=google&utm_medium=organic", ""), ["Google", "organic", "Organic Search"]);
    assert_eq!(told("utm_source=flyer", "https://www.google.com/"), ["flyer", "", "Unassigned"]);
    assert_eq!(told("ref=producthunt", ""), ["producthunt", "referral", "Referral"]);
}

#[test]
fn nothing_known_is_direct() {
    assert_eq!(of("", ""), Acquisition::default());
    assert!(!of("", "").is_known());
}

#[test]
fn the_own_host_is_internal() {
    assert!(is_internal("https://www.example.com/a?b", "example.com"));
    assert!(is_internal("http://localhost:8787/demo/", "localhost"));
    assert!(!is_internal("https://example.org/", "example.com"));
    assert!(!is_internal("https://notexample.com/", "example.com"));
    assert!(!is_internal("", "example.com"));
    assert!(is_internal("http://[::1]:8787/", "[::1]:80") && !is_internal("http://[::2]/", "[::1]"));
}

#[test]
fn a_password_in_a_referrer_is_left_out() {
    let found = of("", "https://me:secret@example.org:8080/@me?q");
    assert_eq!((&*found.referrer, &*found.source), ("example.org:8080/@me", "example.org"));
    assert_eq!(of("", "https://me@home:secret@example.org/").referrer, "example.org");
}
