"""Let Lighthouse judge pages of the built book as a phone gets them: python -m tools.lighthouse

Without names it takes every page. It needs Node and the npm package lighthouse, which
`make lighthouse` installs into .tools. Other work on the machine lowers the scores for speed.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tools import browser
from tools.serve import served

HTML = Path("_build/html")
LIGHTHOUSE = Path(".tools/lighthouse/node_modules/.bin/lighthouse")
FLAGS = "--headless=new --no-sandbox --no-first-run " + " ".join(browser.QUIET)
LEAST = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}
SECONDS = 1.8  # to the first paint
KIBIBYTES = 250
ROW = "{:32} {:>11} {:>13} {:>14} {:>3} {:>6} {:>8} {:>5}"


def report(address, chromium):
    command = [LIGHTHOUSE, address, "--quiet", "--output=json", f"--chrome-flags={FLAGS}"]
    environment = os.environ | {"CHROME_PATH": chromium}
    done = subprocess.run(command, env=environment, capture_output=True, check=True)
    return json.loads(done.stdout)


def numbers(report):
    """The four scores, seconds to the first paint, milliseconds blocked, kibibytes."""
    scores = {name: round(100 * report["categories"][name]["score"]) for name in LEAST}
    value = {name: audit.get("numericValue") for name, audit in report["audits"].items()}
    return scores | {
        "paint": round(value["first-contentful-paint"] / 1000, 1),
        "blocked": round(value["total-blocking-time"]),
        "KiB": round(value["total-byte-weight"] / 1024),
    }


def falls_short(found):
    """What of a page's numbers is not good enough."""
    low = [name for name, least in LEAST.items() if found[name] < least]
    high = [
        name for name, most in {"paint": SECONDS, "KiB": KIBIBYTES}.items() if found[name] > most
    ]
    return low + high


def judge(measure):
    """The first of up to three measurements that is good enough: other work only ever slows."""
    for _ in range(3):
        found = measure()
        if not falls_short(found):
            break
    return found


def main(pages):
    with sync_playwright() as playwright:
        chromium = browser.find(playwright)
    print(ROW.format("page", *LEAST, "paint", "blocked", "KiB"))
    faults = []
    with served(HTML) as address:
        for page in pages:
            found = judge(lambda page=page: numbers(report(f"{address}/{page}.html", chromium)))
            print(ROW.format(page, *found.values()), flush=True)
            faults += [f"{page}: {name}" for name in falls_short(found)]
    sys.exit("\n".join(["Not good enough:", *faults]) if faults else 0)


if __name__ == "__main__":
    every = [path.relative_to(HTML).with_suffix("").as_posix() for path in HTML.rglob("*.html")]
    main(sys.argv[1:] or sorted(name for name in every if not name.startswith("_")))
