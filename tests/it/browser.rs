//! The report in a browser: headless Chromium, driven over WebDriver. It needs `chromedriver` and `chromium`, so these tests
//! are ignored unless asked for:
//!
//! ```sh
//! cargo test --test it browser:: -- --ignored
//! ```
//!
//! Screenshots of what was seen are left in `target/tmp`.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::report::hostile;
use crate::support::{finish, firedrill, scratch, write_scenario};

/// A browser with a profile of its own, gone at the end of the test.
struct Browser {
    driver: Child,
    session: String,
    _profile: TempDir,
}

impl Browser {
    fn open() -> Browser {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts: install chromium and chromium-driver");
        let lines = BufReader::new(driver.stdout.take().unwrap()).lines().map(Result::unwrap);
        // "ChromeDriver was started successfully on port 37011."
        let port = |line: String| line.strip_suffix('.')?.rsplit_once("on port ")?.1.parse::<u16>().ok();
        let port = lines.filter_map(port).next().expect("chromedriver says its port");
        let profile = scratch();
        let arguments = json!([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            format!("--user-data-dir={}", profile.path().display()),
        ]);
        let options = json!({ "args": arguments });
        let logs = json!({ "browser": "ALL", "performance": "ALL" });
        let wanted = json!({ "browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": logs });
        let root = format!("http://127.0.0.1:{port}/session");
        let mut browser = Browser { driver, session: root.clone(), _profile: profile };
        let opened = browser.post("", json!({ "capabilities": { "alwaysMatch": wanted } }));
        browser.session = format!("{root}/{}", opened["sessionId"].as_str().expect("a session"));
        browser
    }

    fn post(&self, command: &str, body: Value) -> Value {
        let address = format!("{}{command}", self.session);
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut answer = agent.post(&address).send_json(&body).expect("chromedriver answers");
        let answer: Value = answer.body_mut().with_config().limit(1 << 28).read_json().expect("JSON");
        assert!(answer["value"]["error"].is_null(), "{command} {body}: {answer}");
        answer["value"].clone()
    }

    /// The value of a script that ends with `return`.
    fn script(&self, script: &str) -> Value {
        self.post("/execute/sync", json!({ "script": script, "args": [] }))
    }

    fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.post("/goog/cdp/execute", json!({ "cmd": command, "params": parameters }))
    }

    /// Opens `page` as on a screen of this width, in light or dark, and waits until its script has run.
    fn show(&self, page: &Path, width: u32, scheme: &str) {
        let screen = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500 });
        self.devtools("Emulation.setDeviceMetricsOverride", screen);
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.devtools("Emulation.setEmulatedMedia", json!({ "media": "", "features": features }));
        self.post("/url", json!({ "url": format!("file://{}", page.display()) }));
        assert_eq!(self.script("return document.documentElement.dataset.ready"), "yes", "the script did not run");
    }

    /// Messages of the log `kind` since the last time.
    fn log(&self, kind: &str) -> Vec<String> {
        let entries = self.post("/se/log", json!({ "type": kind }));
        entries.as_array().unwrap().iter().map(|entry| entry["message"].as_str().unwrap().to_owned()).collect()
    }

    /// Saves a picture of the whole page.
    fn picture(&self, name: &str) {
        let size = self.script("return [innerWidth, document.documentElement.scrollHeight]");
        let clip = json!({ "x": 0, "y": 0, "width": size[0], "height": size[1], "scale": 1 });
        let shot = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let shot = self.devtools("Page.captureScreenshot", shot);
        let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("report-{name}.png"));
        fs::write(&file, from_base64(shot["data"].as_str().unwrap())).unwrap();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = ureq::delete(&self.session).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn from_base64(text: &str) -> Vec<u8> {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let value = |digit: &u8| DIGITS.iter().position(|known| known == digit).map(|place| place as u32);
    let digits: Vec<u32> = text.as_bytes().iter().filter_map(value).collect();
    let bytes = digits.chunks(4).flat_map(|chunk| {
        let bits = chunk.iter().fold(0, |bits, digit| bits << 6 | digit) << (6 * (4 - chunk.len()));
        bits.to_be_bytes()[1..chunk.len()].to_vec()
    });
    bytes.collect()
}

/// A folder whose `out/report.html` is the report of the small scenario with hostile names.
fn reported() -> TempDir {
    let folder = scratch();
    let scenario = write_scenario(folder.path(), &hostile());
    let done = finish(firedrill(folder.path()).args(["compare", scenario, "--runs", "6", "--out", "out"]));
    assert_eq!(done.status, 0, "{}", done.stderr);
    folder
}

fn page(folder: &TempDir) -> PathBuf {
    folder.path().join("out/report.html")
}

#[test]
#[ignore = "needs chromedriver and chromium"]
fn the_report_draws_its_charts_without_errors_and_fetches_nothing() {
    let (folder, browser) = (reported(), Browser::open());
    // A new browser shows a page of its own first.
    browser.post("/url", json!({ "url": "about:blank" }));
    browser.log("performance");
    for (name, width, scheme) in [("light", 1100, "light"), ("dark", 1100, "dark"), ("phone", 390, "light")] {
        browser.show(&page(&folder), width, scheme);
        assert_eq!(browser.script("return document.querySelectorAll('.drawn canvas').length"), 4, "{name}");
        let wide = browser.script("return document.documentElement.scrollWidth").as_u64().unwrap();
        assert!(wide <= u64::from(width), "{name}: the page is {wide} wide");
        browser.picture(name);
    }
    assert_eq!(browser.log("browser"), Vec::<String>::new(), "the console is not empty");
    let asked = browser.log("performance").into_iter().filter(|entry| entry.contains("\"Network.requestWillBeSent\""));
    let addresses: Vec<String> = asked
        .map(|entry| {
            let entry: Value = serde_json::from_str(&entry).unwrap();
            entry["message"]["params"]["request"]["url"].as_str().unwrap().to_owned()
        })
        .collect();
    let own = format!("file://{}", page(&folder).display());
    assert_eq!(addresses, [own.as_str(); 3], "something else was fetched");
}

#[test]
#[ignore = "needs chromedriver and chromium"]
fn dark_is_dark_and_light_is_light() {
    let (folder, browser) = (reported(), Browser::open());
    let lightness = |scheme| {
        browser.show(&page(&folder), 1100, scheme);
        let colour = browser.script("return getComputedStyle(document.body).backgroundColor");
        let parts = colour.as_str().unwrap().trim_start_matches("rgb(").trim_end_matches(')').split(", ");
        parts.map(|part| part.parse::<u32>().unwrap()).sum::<u32>()
    };
    assert!(lightness("light") > 700 && lightness("dark") < 150);
}

#[test]
#[ignore = "needs chromedriver and chromium"]
fn a_design_can_be_turned_off_and_on_in_charts_and_tables() {
    let (folder, browser) = (reported(), Browser::open());
    browser.show(&page(&folder), 1100, "light");
    let state =
        "const parts = Array.from(document.querySelectorAll('td[data-design=\"1\"], .fall[data-design=\"1\"]'));
        const off = document.querySelectorAll('.u-legend .u-off:not(.aux)').length;
        const drawn = Array.from(document.querySelectorAll('.drawn canvas')).map((canvas) => canvas.toDataURL()).join();
        return [parts.filter((part) => part.offsetParent !== null).length, off, drawn]";
    let click = "document.querySelector('input[data-toggle=\"1\"]').click();
        return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))";
    let before = browser.script(state);
    browser.script(click);
    let without = browser.script(state);
    browser.script(click);
    let after = browser.script(state);
    assert!(before[0].as_u64().unwrap() > 3 && before[1] == 0, "{} {}", before[0], before[1]);
    assert_eq!((&without[0], &without[1]), (&json!(0), &json!(4)), "it is still there");
    assert!(without[2] != before[2], "the charts did not change");
    assert!(after == before, "it did not come back as it was");
}

#[test]
#[ignore = "needs chromedriver and chromium"]
fn the_charts_read_out_what_is_under_the_pointer_and_zoom_to_an_incident() {
    let (folder, browser) = (reported(), Browser::open());
    browser.show(&page(&folder), 1100, "light");
    let place = "const chart = document.querySelector('figure[data-chart=success] .u-over');
        chart.scrollIntoView({ block: 'center' });
        const box = chart.getBoundingClientRect();
        return [box.left + box.width / 2, box.top + box.height / 2]";
    let at = browser.script(place);
    let point = |kind: &str| json!({ "type": kind, "x": at[0], "y": at[1] });
    browser.devtools("Input.dispatchMouseEvent", point("mouseMoved"));
    let read = "return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(
        Array.from(document.querySelectorAll('figure[data-chart=success] .u-series:not(.aux) .u-value'))
            .map((value) => value.textContent)))))";
    let values = browser.script(read);
    let values: Vec<&str> = values.as_array().unwrap().iter().map(|value| value.as_str().unwrap()).collect();
    assert!(values.len() == 3 && values[0].contains("min") && values[1].contains('%'), "{values:?}");
    let drawn = "return Array.from(document.querySelectorAll('.drawn canvas')).map((canvas) => canvas.toDataURL())";
    let whole = browser.script(drawn);
    let press = |button: usize| {
        browser.script(&format!(
            "document.querySelectorAll('#zooms button')[{button}].click();
            return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
        ))
    };
    press(1);
    let near = browser.script(drawn);
    let changed: Vec<bool> = (0..4).map(|chart| whole[chart] != near[chart]).collect();
    assert_eq!(changed, [true, true, false, false], "both charts over time zoom, the others do not");
    press(0);
    // The names of incidents once came back on the other side of their start.
    assert!(browser.script(drawn) == whole, "the whole run is not drawn as it was at first");
}

#[test]
#[ignore = "needs chromedriver and chromium"]
fn paper_and_pages_without_scripts_have_still_pictures() {
    let (folder, browser) = (reported(), Browser::open());
    let seen = "return ['.still svg', '.live', '.controls'].map((part) =>
        Array.from(document.querySelectorAll(part)).filter((one) => one.getClientRects().length > 0).length)";
    browser.show(&page(&folder), 1100, "light");
    assert_eq!(browser.script(seen), json!([5, 4, 1]));
    browser.devtools("Emulation.setEmulatedMedia", json!({ "media": "print" }));
    assert_eq!(browser.script(seen), json!([9, 0, 0]));
    browser.picture("print");
    browser.devtools("Emulation.setEmulatedMedia", json!({ "media": "" }));
    browser.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": true }));
    browser.post("/url", json!({ "url": format!("file://{}", page(&folder).display()) }));
    assert_eq!(browser.script("return document.documentElement.dataset.ready || 'no'"), "no");
    let seen = browser.script(seen);
    assert_eq!((&seen[0], &seen[2]), (&json!(9), &json!(0)));
}
