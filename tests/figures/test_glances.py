import io
from base64 import b64decode

import numpy as np
import pytest
from PIL import Image

from attention_book.figures import glances
from attention_book.figures.gray import address, levels
from tests.figures.samples import glances as sample
from tests.figures.samples import random_heads
from tests.figures.test_browser import show

__all__ = ["show"]
IMAGES = np.random.default_rng(5).random((2, 4, 6))
SHARES = random_heads(6, 2, keys=3).reshape(2, 3, 2, 3)
CHOICES = {"Digit": ["four", "five"], "Head": ["a", "b", "c"]}
SEEN = """e => [...e.querySelectorAll('.af-net i')].filter(i => i.checkVisibility())
    .map(i => +(i.style.getPropertyValue('--share') || 0))"""


def over(**more):
    return glances(IMAGES, SHARES, CHOICES, **more)


@pytest.mark.parametrize("shape", [(1, 1), (8, 8), (16, 80), (3, 5)])
def test_gray_pictures_come_back(shape):
    image = np.random.default_rng(0).random(shape)
    data = b64decode(address(image).partition(",")[2])
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(data))), 17 * levels(image))


@pytest.mark.parametrize("scripts", [True, False])
def test_every_digit_and_head_by_keyboard(show, scripts):
    with show(over().html, scripts=scripts) as opened:
        for i in range(2):
            for j in range(3):
                for key, place in (("a", i), ("b", j)):
                    opened.tab.locator(f".{key}{place}").focus()
                    opened.tab.keyboard.press("Space")
                seen = opened.tab.locator("figure").evaluate(SEEN)
                assert seen == np.round(100 * SHARES[i, j]).ravel().tolist()


def test_a_click_changes_the_picture(show):
    with show(over().html) as opened:
        before = opened.tab.locator(".af-glance img:visible").get_attribute("src")
        opened.tab.locator("label:has(.a1)").click()
        after = opened.tab.locator(".af-glance img:visible").get_attribute("src")
        assert [before, after] == [*map(address, IMAGES)]


def test_rows_stand_under_the_picture_and_mark_the_strongest(show):
    with show(sample().html) as opened:
        rows = opened.tab.locator(".af-read .af-row:visible")
        assert rows.count() == 4
        for row in rows.all():
            shares = [i.get_attribute("style") or "--share:0" for i in row.locator("i").all()]
            top = row.locator(".top").first.get_attribute("style")
            assert int(top[8:]) == max(int(share[8:]) for share in shares) > 0


def test_numbers_are_in_the_table():
    lines = over().lines()
    assert [line[0] for line in lines[:2]] == ["four, a", "four, b"]
    assert lines[5][1:] == [str(n) for n in np.round(100 * SHARES[1, 2]).astype(int).ravel()]
    assert sample().lines()[0][0].endswith("robot")


@pytest.mark.parametrize(
    "arrays, more, match",
    [
        ((IMAGES[0], SHARES), {}, r"images must be \(2,\) pictures, got shape \(4, 6\)"),
        ((IMAGES, SHARES), {"rows": [["ab"] * 3] * 2}, r"must be \(2, 3\) pictures, got"),
        ((2 * IMAGES, SHARES), {}, "from 0, white, to 1, black"),
        ((IMAGES, SHARES[:, :2]), {}, r"shares must be \(2, 3\) maps"),
        ((IMAGES, -SHARES), {}, "shares must be from 0 to 1"),
        ((IMAGES, SHARES), {"says": [["x"]]}, "says must be given for each"),
    ],
)
def test_what_does_not_fit_is_refused(arrays, more, match):
    with pytest.raises(ValueError, match=match):
        glances(*arrays, CHOICES, **more)
