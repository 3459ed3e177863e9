"""Sounds come when they are played, and are the ones that the notebook holds."""

import io
import wave
from base64 import b64encode
from types import SimpleNamespace

import numpy as np
import pytest
from book_site import sounds

from attention_book.sound import wav

SOUND = wav(np.array([0.5, -0.5, 1.0]))
CODE = b64encode(SOUND).decode("ascii")
AUDIO = f'<audio controls preload="metadata" aria-label="C4" src="data:audio/wav;base64,{CODE}">'


def written(tmp_path, builder):
    app = SimpleNamespace(outdir=tmp_path, builder=SimpleNamespace(name=builder))
    context = {"body": AUDIO, "pathto": lambda name, resource: f"../{name}"}
    sounds.put_beside(app, "chapters/20-sound", "page.html", context, None)
    return context["body"]


def test_a_sound_is_put_beside_the_page(tmp_path):
    body = written(tmp_path, "html")
    [file] = (tmp_path / "_images").glob("*.wav")
    assert file.read_bytes() == SOUND
    assert body == f'<audio controls preload="none" aria-label="C4" src="../_images/{file.name}">'


def test_one_page_for_paper_is_left_as_it_is(tmp_path):
    assert written(tmp_path, "singlehtml") == AUDIO
    assert list(tmp_path.iterdir()) == []


def test_the_chapter_on_sound_has_its_sounds_in_files(html, site):
    page = html / "chapters/20-sound.html"
    players = site[page].find_all("audio")
    assert len(players) > 5
    for player in players:
        with wave.open(io.BytesIO((page.parent / player["src"]).read_bytes())) as sound:
            assert sound.getnframes() > 1000


@pytest.mark.parametrize("page", ["intro", "chapters/03-self-attention"])
def test_other_pages_have_none(html, site, page):
    assert site[html / f"{page}.html"].find_all("audio") == []
