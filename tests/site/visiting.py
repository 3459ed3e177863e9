"""Open a page in a browser that can reach nothing else, and look for faults in it."""

import re
from contextlib import contextmanager
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request

# Left on, axe fetches style sheets a second time, from wrong addresses.
AXE = {"resultTypes": ["violations"], "preload": False}
AXE["rules"] = {"label-content-name-mismatch": {"enabled": True}}  # as Lighthouse has it
FONTS = "document.fonts.ready.then(() => null)"
WAIT = 120_000  # milliseconds in which a busy machine shows a page, or what a click leads to
UNRENDERED = r"""() => {
  const code = "pre, code, script, style, math";
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const raw = [];
  while (walker.nextNode()) {
    const {data, parentElement} = walker.currentNode;
    if (/\$|\\[(\[]|\\[a-z]+/.test(data) && !parentElement.closest(code)) raw.push(data.trim());
  }
  const bare = document.querySelectorAll(".math > code, math:empty, merror");
  return [...raw, ...[...bare].map(e => e.textContent)];
}"""
BUDGET = {"KiB": 250, "requests": 15}
UNSEEN_FOCUS = """() => {
  const element = document.activeElement;
  const {outlineStyle, boxShadow} = getComputedStyle(element);
  const seen = outlineStyle !== "none" || boxShadow !== "none" || element === document.body;
  return seen ? [] : [element.outerHTML.slice(0, 100)];
}"""
# What a figure (.af) shows is the reader's choice, and made without a script.
HIDDEN = """() => [...document.querySelectorAll("article :is(h1, h2, h3, p, pre)")]
  .filter(e => !e.closest("details, .toctree-wrapper, .af, [popover]") && !e.checkVisibility())
  .map(e => e.textContent).filter(text => text.trim())"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

REACHABLE = """() => [...document.querySelectorAll("pre, .cell_output > .output")].every(
    (part) => part.scrollWidth <= part.clientWidth || part.tabIndex === 0)"""


@dataclass
class Visit:
    """An open page and what was noticed while it loaded."""

    tab: Page
    foreign: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    def refuse(self, route):
        self.foreign.append(route.request.url)
        route.abort()

    def hear(self, message):
        if message.type in ("error", "warning"):
            self.console.append(f"{message.text} {message.location['url']}")

    def resize(self, width):
        """At once, but for the theme, which makes what scrolls reachable by Tab a moment later."""
        self.tab.set_viewport_size({"width": width, "height": 900})
        self.tab.wait_for_function(REACHABLE)

    def kibibytes(self):
        """What has come over the network so far, as it was compressed."""
        return sum(request.sizes()["responseBodySize"] for request in self.requests) / 1024

    def too_heavy(self):
        """What of its budget the page exceeds, on its first screen."""
        used = {"KiB": self.kibibytes(), "requests": len(self.requests)}
        return [f"{used[unit]:.0f} {unit}" for unit, most in BUDGET.items() if used[unit] > most]

    def unseen_focus(self, steps):
        """Where Tab leads, in so many steps, without a mark that shows it."""
        unseen = []
        for _ in range(steps):
            self.tab.keyboard.press("Tab")
            unseen += self.tab.evaluate(UNSEEN_FOCUS)
        return unseen

    def unrendered_formulas(self):
        return self.tab.evaluate(UNRENDERED)

    def hidden_text(self):
        return self.tab.evaluate(HIDDEN)

    def pixels_too_wide(self):
        return self.tab.evaluate(TOO_WIDE)

    def barriers(self):
        """What axe holds against the page, one line a rule and element."""
        found = Axe().run(self.tab, options=AXE).response["violations"]
        return [
            f"{rule['id']} ({rule['impact']}) at {node['target']}: {node['failureSummary']}"
            for rule in found
            for node in rule["nodes"]
        ]


@contextmanager
def visit(browser, url, theme="light", width=1440, scripts=True):
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=theme, java_script_enabled=scripts
    )
    context.set_default_timeout(WAIT)
    opened = Visit(context.new_page())
    origin = re.match(r"\w+://[^/]*", url)[0]
    context.route(re.compile(rf"^(?!{re.escape(origin)}/|data:|blob:)"), opened.refuse)
    opened.tab.on("console", opened.hear)
    opened.tab.on("pageerror", lambda error: opened.crashes.append(str(error)))
    opened.tab.on("requestfinished", lambda request: opened.requests.append(request))
    opened.tab.goto(url)
    opened.tab.evaluate(FONTS)
    yield opened
    context.close()
