import re
from base64 import b64decode

import numpy as np
import pytest

from attention_book.figures import sound
from attention_book.sound import frames, melody, wav
from tests.figures.samples import HOSTILE, skeleton
from tests.figures.test_browser import show

__all__ = ["show"]

RNG = np.random.default_rng(0)
SOUNDS = {"up": melody([60, 64, 67], 500, RNG), "down": melody([67, 64], 500, RNG)}
NOTES = [["C4", "E4", "G4"], ["G4", "E4"]]


def test_the_bytes_on_the_page_are_those_of_the_sounds():
    files = re.findall(r'src="data:audio/wav;base64,([^"]*)"', sound(SOUNDS, NOTES).html)
    assert [b64decode(file) for file in files] == [wav(x) for x in SOUNDS.values()]


def test_players_are_named_and_play_nothing_by_themselves():
    html = sound(SOUNDS, NOTES).html
    assert html.count("<audio controls ") == 2
    assert html.count('aria-label="up: C4, E4, G4"') == 1
    assert "autoplay" not in html
    assert "<script" not in html


def test_the_same_sounds_give_the_same_figure():
    assert sound(SOUNDS, NOTES).html == sound(dict(SOUNDS), NOTES).html


def test_strokes_are_the_levels_of_the_spectrum():
    figure = sound({"up": SOUNDS["up"]}, NOTES[:1], top=2000)
    hop = 56  # 1,500 samples in 27 columns
    padded = np.pad(SOUNDS["up"], ((512 - hop) // 2, 600))
    strong = frames(padded, 512, hop)[:27, 1:129].T
    levels = np.rint(5 * strong / strong.max())
    drawn = np.zeros_like(levels)
    for level, path in re.findall(r'class="l(\d)" d="([^"]*)"', figure.html):
        for x, y, width in re.findall(r"M(\d+) (\d+)\.5h(\d+)", path):
            drawn[len(levels) - 1 - int(y), int(x) : int(x) + int(width)] = int(level)
    assert np.array_equal(drawn, levels)


def test_what_is_heard_is_written_in_words():
    figure = sound(SOUNDS, NOTES, says=["It rises.", "It falls."], chosen="down", kind="melody")
    assert figure.alternative() == "Listen. down: G4, E4. It falls."
    assert repr(figure).splitlines()[2].split() == ["up", "C4", "E4", "G4"]
    assert "Choose a melody" in figure.html


def test_hostile_labels_add_no_element():
    plain = skeleton(sound({"x": SOUNDS["up"]}, [["x"]], says=["x"], title="x").html)
    for label in HOSTILE[::7]:
        made = sound({label: SOUNDS["up"]}, [[label]], says=[label + "x"], title=label + "x")
        assert skeleton(made.html) == plain


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ((SOUNDS, NOTES[:1]), "2 sounds need a transcript"),
        ((SOUNDS, [["C4"], []]), "no transcript may be empty"),
        (({"long": np.zeros(24_001)}, [["C4"]]), "24001 samples, expected at most 24000"),
        (({"none": np.zeros(0)}, [["C4"]]), "wav: samples must be at least 1"),
        (({}, []), "sound: samples are empty"),
    ],
)
def test_what_cannot_be_heard_is_refused(given, message):
    with pytest.raises(ValueError, match=message):
        sound(*given)


def test_a_choice_shows_one_player_and_the_browser_can_play_it(show):
    with show(sound(SOUNDS, NOTES).html) as opened:
        tab = opened.tab
        player = tab.locator("audio:visible")
        assert player.count() == 1
        assert player.get_attribute("aria-label") == "up: C4, E4, G4"
        tab.locator(".af-s label").nth(1).click()
        assert player.get_attribute("aria-label") == "down: G4, E4"
        tab.keyboard.press("ArrowLeft")
        assert player.get_attribute("aria-label") == "up: C4, E4, G4"
        seconds = player.evaluate(
            "a => new Promise(done => a.duration ? done(a.duration) : a.onloadedmetadata = "
            "() => done(a.duration))"
        )
        assert seconds == pytest.approx(1500 / 8000)
        assert player.evaluate("a => a.paused")
