"""Find and start the Chromium that is installed: the site tests and the screenshots use it."""

from pathlib import Path
from shutil import which

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
# Waits for the fonts and for the images further down, which are else fetched when seen.
READY = """async () => {
  await document.fonts.ready;
  for (const image of document.images) image.loading = "eager";
  await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
}"""


def find(playwright):
    """The path of a browser: the system's, else Playwright's own, else None."""
    own = playwright.chromium.executable_path
    return next(filter(None, map(which, NAMES)), own if Path(own).exists() else None)


def launch(playwright):
    """Start it without a sandbox, which containers do not offer, and without its own errands."""
    args = ["--no-sandbox", "--no-first-run", *QUIET]
    return playwright.chromium.launch(executable_path=find(playwright), args=args)
