"""Nonsense words drawn in the fonts that come with matplotlib, to be read letter by letter.

    a picture of 16 by 80 pixels that shows *kobani*        k o b a n i <end>

Words have three to seven letters, every second one mostly a vowel; the tenth of the words that is
held out is never drawn in training. Font, size, place and noise are drawn anew for each picture.
Inputs are the pictures and the letters so far; the baseline says the most common letter at each
place. Drawing needs the extra "figures".
"""

import string
from functools import cache
from pathlib import Path

import numpy as np
import torch

from ..tokens import Words
from .sorting import shifted_right
from .task import IGNORED, Task, generator, most_common

HEIGHT, WIDTH, LONGEST, NOISE = 16, 80, 7, 0.15
FONTS = """DejaVuSans DejaVuSans-Bold DejaVuSans-Oblique DejaVuSansMono DejaVuSansMono-Bold
DejaVuSerif DejaVuSerif-Italic STIXGeneral STIXGeneralBol cmr10 cmtt10 cmb10""".split()
NEW_FONTS = ["DejaVuSerif-Bold", "STIXGeneralItalic", "cmss10"]

LETTERS, VOWELS = string.ascii_lowercase, "aeiou"
tokens = Words(["<start>", "<end>", *LETTERS])
START, END = 0, 1


def task(fonts=FONTS):
    """Read nonsense words that are drawn in these fonts."""
    answers = targets(draw(5000, np.random.default_rng(0)))

    def pose(words, rng):
        drawn = [_anywhere(row, fonts, rng) for row in words]
        images = np.stack(drawn)[:, None] + NOISE * rng.normal(size=(len(words), 1, HEIGHT, WIDTH))
        return (images.astype(np.float32), so_far(words)), targets(words)

    return Task(tokens=tokens, draw=draw, pose=pose, guess=most_common(answers))


def draw(n, rng):
    """Words of three to seven letters as ids, <end> after the last and to the end of the row."""
    vowels, others = ([tokens.ids[a] for a in kind] for kind in (VOWELS, LETTERS))
    turns = np.arange(LONGEST) % 2 ^ (rng.random((n, LONGEST)) < 0.25)
    words = np.where(turns, rng.choice(vowels, (n, LONGEST)), rng.choice(others, (n, LONGEST)))
    lengths = rng.integers(3, LONGEST + 1, size=(n, 1))
    return np.where(np.arange(LONGEST + 1) < lengths, np.pad(words, ((0, 0), (0, 1))), END)


def encode(words):
    """The rows of ids of written words."""
    rows = np.full((len(words), LONGEST + 1), END)
    for row, word in zip(rows, words, strict=True):
        row[: len(word)] = [tokens.ids[letter] for letter in word]
    return rows


def spell(row):
    """The word that a row of ids spells, up to its <end>."""
    ids = [*map(int, row), END]
    return "".join(tokens.pieces[i] for i in ids[: ids.index(END)])


def so_far(words):
    """What a decoder has read when it is asked for each letter."""
    return shifted_right(words, START)


def targets(words):
    """Each letter and the end; nothing is asked after it."""
    ended = np.cumsum(words == END, axis=1) > 1
    return np.where(ended, IGNORED, words)


def picture(word, font, size=13, left=4, base=12):
    """The word in black on white as (16, 80) from 0, paper, to 1, ink, without noise."""
    from PIL import Image, ImageDraw

    image = Image.new("L", (WIDTH, HEIGHT))
    ImageDraw.Draw(image).text((left, base), word, 255, font=_face(font, size), anchor="ls")
    return np.asarray(image) / 255


def middles(word, font, size=13, left=4):
    """How many pixels from the left the middle of each letter stands."""
    ends = [_face(font, size).getlength(word[:i]) for i in range(len(word) + 1)]
    return left + np.convolve(ends, [0.5, 0.5], "valid")


def placed(fonts, n, rng, left=4):
    """n held-out words at one size and place: pictures, letters so far, and letters' middles.

    Shapes: (n, 1, 16, 80), int (n, 8), and (n, 8) in pixels, NaN where there is no letter.
    """
    rows = task(fonts).examples(n, rng := generator("drawn_words.placed", rng), keep=True)
    spelled = [(spell(row), font) for row, font in zip(rows, rng.choice(fonts, n), strict=True)]
    found = np.full(rows.shape, np.nan)
    for row, (word, font) in zip(found, spelled, strict=True):
        row[: len(word)] = middles(word, font, left=left)
    images = np.stack([picture(word, font, left=left) for word, font in spelled])[:, None]
    return tuple(map(torch.from_numpy, (images, so_far(rows), found)))


def moved(images, width, rng):
    """The strips of each picture in an order of its own."""
    cut = images.unflatten(3, (-1, width))
    order = generator("drawn_words.moved", rng).random((len(cut), cut.shape[3])).argsort(1)
    return cut.gather(3, torch.from_numpy(order)[:, None, None, :, None].expand_as(cut)).flatten(3)


def _anywhere(row, fonts, rng):
    """A word in some font and size, near the left edge, where there is room for it."""
    word, room = spell(row), -1
    while room < 0:
        font, size = rng.choice(fonts), int(rng.integers(11, 15))
        room = WIDTH - 3 - round(_face(font, size).getlength(word))
    left = 1 + int(rng.integers(min(room, 7) + 1))
    return picture(word, font, size, left, int(rng.integers(11, 14)))


@cache
def _face(font, size):
    try:
        import matplotlib
        from PIL import ImageFont
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            'tasks.drawn_words needs the extra "figures": run `pip install ".[figures]"` in the '
            "book's folder"
        ) from None
    file = Path(matplotlib.get_data_path()) / "fonts/ttf" / f"{font}.ttf"
    return ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.BASIC)
