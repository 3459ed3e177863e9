// Drive every figure of the built book in Chromium and in Firefox, by mouse and by keys, and compare
// what they show after each step: node tools/two_browsers.js [PAGE…]. `make lighthouse` brings the
// driver; CHROMIUM and FIREFOX name other programs than those of Debian.
const fs = require("node:fs");
const path = require("node:path");
const puppeteer = require("../.tools/lighthouse/node_modules/puppeteer-core");

const HTML = path.resolve("_build/html/chapters");
const BROWSERS = {
  chrome: process.env.CHROMIUM ?? "/usr/bin/chromium",
  firefox: process.env.FIREFOX ?? "/usr/bin/firefox-esr",
};
const MOVES = { range: ["ArrowRight", "ArrowRight"], number: ["ArrowUp"], text: ["x"], "select-one": ["ArrowDown"] };
const CONTROLS = ":is(.af-live, .af-view) :is(input, button, select)";
// What a figure shows: its words without the options of menus, which Firefox does not count as seen,
// and how long its bars and how dark its cells are.
const SHOWN = (figure) =>
  [...figure.querySelectorAll("select")]
    .reduce((text, menu) => text.replace(menu.innerText, ""), figure.innerText)
    .replace(/\s+/g, "") +
  [...figure.querySelectorAll("i, li")]
    .filter((part) => part.checkVisibility())
    .map((part) => getComputedStyle(part).getPropertyValue("--share"))
    .map((share) => (share ? (+share).toFixed(6) : ""))
    .join(" ");

async function use(tab, control) {
  const kind = await control.evaluate((c) => c.type);
  if (kind in MOVES) {
    await control.focus();
    for (const key of MOVES[kind]) await tab.keyboard.press(key);
  } else {
    await control.evaluate((c) => c.scrollIntoView({ block: "center", behavior: "instant" }));
    await control.click();
  }
  await new Promise((done) => setTimeout(done, 50)); // copying answers late
}

// A chart starts when it is seen.
async function begin(figure) {
  await figure.evaluate((f) => f.scrollIntoView({ behavior: "instant" }));
  await figure.waitForSelector(".vega-bind input");
}

async function drive(tab, page) {
  await tab.goto(`file://${HTML}/${page}.html`, { waitUntil: "load" });
  const states = [];
  for (const figure of await tab.$$("article figure.af")) {
    const title = await figure.$eval(".af-title", (t) => t.textContent);
    if (await figure.$(".af-view")) await begin(figure);
    for (const control of await figure.$$(CONTROLS)) {
      if (!(await control.evaluate((c) => c.checkVisibility() && !c.disabled))) continue;
      await use(tab, control);
      states.push([title, await figure.evaluate(SHOWN)]);
    }
  }
  return states;
}

async function record(browser, executablePath, pages) {
  const quiet = browser === "chrome" ? ["--no-sandbox", "--no-first-run"] : [];
  const program = await puppeteer.launch({ browser, executablePath, args: quiet });
  const tab = await program.newPage();
  const faults = [];
  tab.on("pageerror", (error) => faults.push(`${error}`));
  tab.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  await tab.setViewport({ width: 1280, height: 900 });
  const states = {};
  for (const page of pages) states[page] = await drive(tab, page);
  await program.close();
  return { states, faults };
}

(async () => {
  const all = fs.readdirSync(HTML).filter((name) => /^\d\d-.*html$/.test(name)).map((name) => name.slice(0, -5));
  const pages = process.argv.length > 2 ? process.argv.slice(2) : all;
  const [ours, theirs] = await Promise.all(Object.entries(BROWSERS).map(([name, file]) => record(name, file, pages)));
  for (const fault of [...ours.faults, ...theirs.faults]) console.log(fault);
  let differ = ours.faults.length + theirs.faults.length;
  for (const page of pages) {
    const other = theirs.states[page];
    const found = ours.states[page].filter(([, shown], i) => shown !== other[i]?.[1]);
    for (const [title, shown] of found.slice(0, 3)) console.log(`${page}: "${title}" differs: ${shown}`);
    differ += found.length + Math.abs(other.length - ours.states[page].length);
    console.log(`${page}: ${other.length} steps`);
  }
  process.exitCode = differ ? 1 : 0;
})();
