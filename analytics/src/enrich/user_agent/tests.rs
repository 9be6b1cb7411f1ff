use super::*;

const SAFARI: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";
const EDGE: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0";
const SAMSUNG: &str = "Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36";
const CHROME: &str =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";
const ANDROID: &str =
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";

fn told(text: &str, hints: Hints) -> [String; 5] {
    let ua = of(text, hints);
    [ua.browser, ua.browser_version, ua.os, ua.os_version, ua.device].map(str::to_owned)
}

fn said(text: &str) -> [String; 5] {
    told(text, Hints::default())
}

#[test]
fn common_browsers_are_told_apart() {
    assert_eq!(said(SAFARI), ["Safari", "17", "iOS", "17", "Mobile"]);
    assert_eq!(said(EDGE), ["Edge", "126", "Windows", "10", "Desktop"]);
    assert_eq!(said(FIREFOX), ["Firefox", "127", "Linux", "", "Desktop"]);
    assert_eq!(said(SAMSUNG), ["Samsung Browser", "25", "Android", "14", "Mobile"]);
    assert_eq!(said(ANDROID), ["Chrome", "126", "Android", "10", "Tablet"]);
}

#[test]
fn a_browser_has_one_name_on_all_its_systems() {
    let ios = "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1";
    assert_eq!(said(ios), ["Chrome", "126", "iOS", "17", "Tablet"]);
    let mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15";
    assert_eq!(said(mac), ["Safari", "17", "macOS", "10.15", "Desktop"]);
}

#[test]
fn an_app_that_shows_pages_goes_by_its_name() {
    let app = "Mozilla/5.0 (Linux; Android 14; SM-S918B; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.0.0 Mobile Safari/537.36 Instagram 334.0.0.42.95 Android";
    assert_eq!(said(app)[..2], ["Instagram", "334"]);
}

#[test]
fn televisions_and_consoles_are_no_desktops() {
    let tv = "Mozilla/5.0 (SMART-TV; Linux; Tizen 7.0) AppleWebKit/537.36 (KHTML, like Gecko) 94.0.4606.31/7.0 TV Safari/537.36";
    assert_eq!(said(tv)[2..], ["Tizen", "7", "TV"]);
    let console = "Mozilla/5.0 (PlayStation 5 3.03/SmartTV) AppleWebKit/605.1.15 (KHTML, like Gecko)";
    assert!(["Console", "TV"].contains(&said(console)[4].as_str()));
    let fire = "Mozilla/5.0 (Linux; Android 9; AFTMM) AppleWebKit/537.36 (KHTML, like Gecko) Silk/126.3.1 like Chrome/126.0.0.0 Safari/537.36";
    assert_eq!(said(fire), ["Amazon Silk", "126", "Android", "9", "TV"]);
}

#[test]
fn a_hint_tells_windows_11_from_10() {
    let windows = |platform_version| Hints { platform: "Windows", platform_version, ..Hints::default() };
    assert_eq!(told(CHROME, windows("15.0.0"))[3], "11");
    assert_eq!(told(CHROME, windows("10.0.0"))[3], "10");
    assert_eq!(told(CHROME, windows(""))[3], "10");
}

#[test]
fn a_hint_tells_what_the_user_agent_hides() {
    let brave = Hints { browser: "Brave/126.0.0.0", platform: "macOS", platform_version: "14.5.0", ..Hints::default() };
    assert_eq!(told(CHROME, brave), ["Brave", "126", "macOS", "14", "Desktop"]);
    let phone = Hints {
        browser: "Google Chrome/127.0.1.2",
        platform: "Android",
        platform_version: "15.0.0",
        model: "Pixel 9",
        mobile: true,
    };
    assert_eq!(told(ANDROID, phone), ["Chrome", "127", "Android", "15", "Mobile"]);
    assert_eq!(told(ANDROID, Hints { mobile: false, model: "BRAVIA 4K", ..phone })[4], "TV");
    assert_eq!(told(SAMSUNG, phone)[0], "Samsung Browser");
    assert_eq!(told(CHROME, Hints { browser: "Not;A Brand/99", ..Hints::default() })[..2], ["Chrome", "126"]);
}

#[test]
fn a_program_is_a_bot() {
    assert_eq!(said("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")[4], "Bot");
}

#[test]
fn nothing_is_unknown() {
    assert_eq!(of("", Hints::default()), UserAgent::default());
    assert_eq!(said("é/1 ☃"), ["", "", "", "", "Bot"]);
}

#[test]
fn a_long_text_costs_no_more_than_its_beginning() {
    let long = format!("{}é{}", "a".repeat(words::MAX_BYTES - 1), FIREFOX.repeat(1000));
    assert_eq!(of(&long, Hints::default()).browser, "");
}
