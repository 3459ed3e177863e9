import pytest

from tests.browsing import browser
from tests.site.building import ROOT, build, is_stale
from tests.site.static import documents
from tests.site.visiting import visit
from tools.serve import served

__all__ = ["browser"]


@pytest.fixture(scope="session")
def html():
    """The folder of the book's pages, built anew only where a source is younger."""
    return build(ROOT) if is_stale(ROOT) else ROOT / "_build" / "html"


@pytest.fixture(scope="session")
def site(html):
    return documents(html)


@pytest.fixture(scope="module")
def address(html):
    with served(html) as address:
        yield address


@pytest.fixture
def sabotage(browser, tmp_path):
    """A function that opens a page with the given body and applies a check to it."""

    def look(body, check, **options):
        page = tmp_path / "page.html"
        head = '<html lang="en"><head><title>Page</title></head>'
        page.write_text(
            f"{head}<body><main><article><h1>Page</h1>{body}</article></main></body>", "utf-8"
        )
        with visit(browser, page.as_uri(), **options) as opened:
            return check(opened)

    return look
