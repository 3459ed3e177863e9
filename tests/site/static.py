"""Checks of a folder of HTML: each returns what is wrong, one line a fault."""

from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

from tools.serve import BELOW

IMAGES = (".png", ".svg", ".jpg", ".jpeg", ".gif", ".webp")
LOADS = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}
COLAB = "https://colab.research.google.com/github/"


def documents(html):
    """The parsed pages of the site, by path."""
    return {
        path: BeautifulSoup(path.read_text("utf-8"), "html.parser")
        for path in sorted(html.rglob("*.html"))
        if "_static" not in path.parts
    }


def targets(page):
    """The addresses within the site that a page names."""
    found = [
        tag.get("href") or tag.get("src")
        for tag in page.find_all(["a", "audio", "img", "link", "script"])
    ]
    return [urlsplit(url) for url in found if url and not urlsplit(url).scheme and url[:2] != "//"]


def broken_links(site):
    anchors = {path: {tag["id"] for tag in page.find_all(id=True)} for path, page in site.items()}
    faults = []
    for path, page in site.items():
        for url in targets(page):
            file = (path.parent / unquote(url.path.removeprefix(f"{BELOW}/"))).resolve()
            file = file if url.path else path
            if not file.is_file():
                faults.append(f"{path.name}: no file {url.path}")
            elif file in anchors and url.fragment and unquote(url.fragment) not in anchors[file]:
                faults.append(f"{path.name}: no anchor {url.path}#{url.fragment}")
    return faults


def images_without_words(site):
    """Images with no alternative text, or with a file's name for one."""
    return [
        f"{path.name}: {image.get('src', '')[-60:]} has alt={image.get('alt')!r}"
        for path, page in site.items()
        for image in page.find_all("img")
        if not is_described(image)
    ]


def is_described(image):
    words = image.get("alt", "").strip()
    if not words:
        return image.get("role") == "presentation"
    return not words.lower().endswith(IMAGES)


def images_without_size(site):
    """Images, not part of the page itself, for which no place is kept free until they come."""
    return [
        f"{path.name}: {image.get('src', '')[-60:]}"
        for path, page in site.items()
        for image in page.select("article img:not([src^='data:'])")
        if not (image.get("width") and image.get("height"))
    ]


def pages_without_description(site):
    """Pages with no language, or without exactly one sentence for search engines to show."""
    return [
        path.name
        for path, page in site.items()
        if len(page.find_all("meta", {"name": "description", "content": True})) != 1
        or not page.html.get("lang")
    ]


def foreign_resources(site):
    """What a page would load from another host, scripts or not."""
    return [
        f"{path.name}: {tag.name} {tag[LOADS[tag.name]]}"
        for path, page in site.items()
        for tag in page.find_all(LOADS)
        if urlsplit(tag.get(LOADS[tag.name], "")).netloc and tag.get("rel") != ["canonical"]
    ]


def colab_links(site):
    """Every link to Colab: the page it is on and what follows the host."""
    return [
        (path, a["href"].removeprefix(COLAB))
        for path, page in site.items()
        for a in page.find_all("a", href=True)
        if a["href"].startswith(COLAB)
    ]


def links_to(site, *places):
    """Every link whose address has one of these parts, with the name of its page."""
    return [
        (path.name, a["href"])
        for path, page in site.items()
        for a in page.find_all("a", href=True)
        if any(place in a["href"] for place in places)
    ]


def bad_colab_links(site, book, repository, branch):
    """Links to Colab that lead to no file of `book`, or to another repository or branch."""
    start = f"{repository.removeprefix('https://github.com/')}/blob/{branch}/"
    return [
        f"{path.name}: {link}"
        for path, link in colab_links(site)
        if not link.startswith(start) or not (book / link.removeprefix(start)).is_file()
    ]
