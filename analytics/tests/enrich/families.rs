//! Names of ua-parser beside ours.

use passerby_analytics::enrich::user_agent::browser_names;

/// Families that ua-parser tells apart or names otherwise.
const BROWSERS: &[(&str, &str)] = &[
    ("360 Secure Browser", "360 Secure Browser"),
    ("AOL", "AOL Desktop"),
    ("AOL Desktop Gold Browser", "AOL Desktop"),
    ("AOL Shield Browser", "AOL Shield"),
    ("AVG", "AVG Secure Browser"),
    ("Aloha Browser", "Aloha"),
    ("Android", "Android Browser"),
    ("Atom Browser", "Atom"),
    ("Avira", "Avira Secure Browser"),
    ("Baidu Explorer", "Baidu"),
    ("BlackBerry WebKit", "BlackBerry Browser"),
    ("CCleaner", "CCleaner Browser"),
    ("Chrome Mobile", "Chrome"),
    ("Chrome Mobile WebView", "Chrome"),
    ("Chrome Mobile iOS", "Chrome"),
    ("Coc Coc", "Cốc Cốc"),
    ("Craving Explorer Browser", "Craving Explorer"),
    ("Dragon", "Comodo Dragon"),
    ("DuckDuckGo Mobile", "DuckDuckGo"),
    ("Ecosia Android", "Ecosia"),
    ("Ecosia iOS", "Ecosia"),
    ("Edge Mobile", "Edge"),
    ("Firefox (Shiretoko)", "Firefox"),
    ("Firefox Beta", "Firefox"),
    ("Firefox Mobile", "Firefox"),
    ("Firefox iOS", "Firefox"),
    ("Google", "Google App"),
    ("HeadlessChrome", "Chrome"),
    ("HiBrowser", "Hi Browser"),
    ("Hola Browser", "Hola"),
    ("IE", "Internet Explorer"),
    ("IE Large Screen", "Internet Explorer"),
    ("IE Mobile", "Internet Explorer"),
    ("JiSu Browser", "JiSu"),
    ("MiuiBrowser", "MIUI Browser"),
    ("Mobile Safari", "Safari"),
    ("Mobile Safari UI/WKWebView", "Safari"),
    ("MullvadBrowser", "Mullvad Browser"),
    ("Mypal Browser", "Mypal"),
    ("Norton", "Norton Private Browser"),
    ("Opera Coast", "Opera"),
    ("Opera GX", "Opera"),
    ("Opera Mobile", "Opera"),
    ("Opera Tablet", "Opera"),
    ("Opera Touch", "Opera"),
    ("QQ Browser Mini", "QQ Browser"),
    ("QQ Browser Mobile", "QQ Browser"),
    ("Quark PC", "Quark"),
    ("Samsung Internet", "Samsung Browser"),
    ("Seznam prohlížeč", "Seznam"),
    ("Smart Lenovo Browser", "Lenovo Browser"),
    ("Tenta Browser", "Tenta"),
    ("Vewd Browser", "Vewd"),
    ("VivoBrowser", "Vivo Browser"),
    ("WeChat Browser", "WeChat"),
    ("Wolvic Browser", "Wolvic"),
];

/// Our name for a family; none where our browsers do not hold it.
pub fn browser(family: &str) -> Option<&'static str> {
    let alias = BROWSERS.iter().find(|(theirs, _)| *theirs == family).map(|(_, ours)| *ours);
    alias.or_else(|| browser_names().find(|name| *name == family))
}

const SYSTEMS: &[(&str, &str)] = &[
    ("ATV OS X", "tvOS"),
    ("BSD", "BSD"),
    ("BlackBerry Tablet OS", "BlackBerry OS"),
    ("Brew MP", "BREW"),
    ("Chrome OS", "ChromeOS"),
    ("Chromecast Android", "Chromecast"),
    ("Chromecast Fuchsia", "Chromecast"),
    ("Chromecast Linux", "Chromecast"),
    ("Chromecast SmartSpeaker", "Chromecast"),
    ("Debian", "Linux"),
    ("Gentoo", "Linux"),
    ("GoogleTV", "Google TV"),
    ("Mac OS", "macOS"),
    ("Mac OS X", "macOS"),
    ("Mandriva", "Linux"),
    ("Nokia Series 40", "Series 40"),
    ("Red Hat", "Linux"),
    ("Nokia Series 30 Plus", "Series 30+"),
    ("Roku", "Roku OS"),
    ("Symbian OS", "Symbian"),
    ("Symbian^3", "Symbian"),
    ("Symbian^3 Anna", "Symbian"),
    ("Symbian^3 Belle", "Symbian"),
    ("Ubuntu", "Linux"),
    ("WatchOS", "watchOS"),
    ("WeTab", "Linux"),
    ("Web0S", "webOS"),
];

/// Our name for a system; ua-parser's own where it is the same. "Other" is unknown.
pub fn system(family: &str) -> &str {
    if family == "Other" {
        return "";
    }
    SYSTEMS.iter().find(|(theirs, _)| *theirs == family).map_or(family, |(_, ours)| ours)
}
