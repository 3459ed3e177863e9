"""What the site's extension does to the theme's output fails as soon as that has another form."""

from types import SimpleNamespace

import pytest
from book_site import buttons, icons, images, scripts, styles
from bs4 import BeautifulSoup

ALWAYS = ["site.js", "scripts/bootstrap.js", "scripts/pydata-sphinx-theme.js"]
OWN = ["search.js", "vega-start.js"]  # of a kind of page
FACES = "".join(f"@font-face{{src:url(../webfonts/{font}.woff2)}}" for font in icons.FONTS)


def other_parts(page):
    """Style sheets and scripts that a page loads beside the common ones and its own."""
    sheets = [link["href"] for link in page.find_all("link", rel="stylesheet")]
    loaded = [script["src"] for script in page.find_all("script", src=True)]
    parts = [part.rpartition("_static/")[2].partition("?")[0] for part in [*sheets, *loaded]]
    expected = ["site.css", *ALWAYS]
    lost = [part for part in expected if part not in parts]
    return lost + [part for part in parts if part not in [*expected, *OWN]]


def test_pages_load_the_common_parts_and_no_others(site):
    others = {path.stem: other_parts(page) for path, page in site.items() if path.stem != "404"}
    assert len(others) > 20
    assert {name: parts for name, parts in others.items() if parts} == {}


def test_a_part_that_the_theme_adds_is_found():
    html = "".join(f'<script src="_static/{name}"></script>' for name in [*ALWAYS, "new.js"])
    page = BeautifulSoup(f'<link rel="stylesheet" href="_static/site.css">{html}', "html.parser")
    assert other_parts(page) == ["new.js"]
    page.link.decompose()
    assert other_parts(page) == ["site.css", "new.js"]


def script(name):
    return SimpleNamespace(filename=name, attributes={})


def test_only_a_pages_own_scripts_stay():
    context = {"script_files": [*map(script, [*scripts.COMMON, "_static/own.js"])]}
    scripts.leave_out(None, "page", None, context, None)
    [own] = context["script_files"]
    assert (own.filename, own.attributes) == ("_static/own.js", {"defer": "defer"})


def test_a_script_that_the_theme_renames_is_noticed():
    context = {"script_files": [*map(script, scripts.COMMON - {"_static/doctools.js"})]}
    with pytest.raises(ValueError, match=r"no longer loads .*doctools\.js"):
        scripts.leave_out(None, "page", None, context, None)


@pytest.mark.parametrize("names", [[], ["mystnb.1.css", "mystnb.2.css"]])
def test_a_style_sheet_that_is_not_the_only_one_is_noticed(tmp_path, names):
    for name in names:
        (tmp_path / name).touch()
    with pytest.raises(ValueError, match="values to unpack"):
        styles.only(tmp_path.glob("mystnb.*.css"))


def test_icons_without_their_face_are_noticed(tmp_path):
    assert icons.FACE.findall(FACES) == icons.FONTS
    with pytest.raises(ValueError, match="no face for"):
        icons.cut(FACES.replace(icons.FONTS[0], "other"), tmp_path)


def test_an_image_in_another_form_is_noticed():
    app = SimpleNamespace(srcdir="", builder=SimpleNamespace(images={}))
    context = {"body": '<img alt="A." srcset="_images/a.png 2x">'}
    with pytest.raises(ValueError, match="form that is unknown"):
        images.describe(app, "page", None, context, doctree=True)


def menu(label):
    button = {"icon": "_static/images/logo_colab.png", "url": "https://a.org"}
    return {"label": label, "icon": "fas fa-rocket", "buttons": [button]}


@pytest.mark.parametrize(
    ("address", "left"),
    [
        ("https://OWNER.github.io/NAME/", ["download-buttons"]),
        ("https://ada.github.io/notes/", ["launch-buttons", "download-buttons"]),
    ],
)
def test_a_book_without_an_address_has_no_button_that_needs_one(address, left):
    app = SimpleNamespace(config=SimpleNamespace(ogp_site_url=address))
    context = {"header_buttons": [menu("launch-buttons"), menu("download-buttons")]}
    button = context["header_buttons"][1]["buttons"][0]
    buttons.choose(app, "page", None, context, None)
    assert [group["label"] for group in context["header_buttons"]] == left
    assert button["icon"] == "fas fa-rocket"
