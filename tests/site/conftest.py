import pytest

from tests.site.building import ROOT, build, is_stale
from tests.site.static import documents


@pytest.fixture(scope="session")
def html():
    """The folder of the book's pages, built anew only where a source is younger."""
    return build(ROOT) if is_stale(ROOT) else ROOT / "_build" / "html"


@pytest.fixture(scope="session")
def site(html):
    return documents(html)
