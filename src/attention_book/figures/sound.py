"""Sounds to choose from: each is heard, drawn as its spectrum over time, and written out."""

from base64 import b64encode

import numpy as np

from .. import sound as sounds
from . import inputs
from .choice import Choice, ChoiceFigure
from .labels import html, plain
from .pictures import table_picture
from .tables import table, text_table

SIZE, COLUMNS = 512, 27  # samples of a frame; frames of the longest sound
LEVELS = 5


def sound(samples, transcripts, *, says=None, chosen=0, kind="sound", top=1000, **texts):
    """Sounds by their names, with a player, a spectrum and a transcript for each.

    `samples` are sounds by name, up to 3 seconds long; `transcripts` lists for each what is heard
    in equal parts of it, such as names of notes. `says` has a sentence for each; `top` is the
    highest frequency drawn, in hertz; `kind` says what a button stands for. Nothing plays by
    itself. Texts: `title`, `hint` (what to try), `answer` and `name`. ValueError for sounds without
    a transcript, or longer ones.
    """
    return Sound(samples, transcripts, says, chosen, kind, top).finish(**texts)


class Sound(ChoiceFigure):
    title = "Listen"
    hint = "choose a sound, and play it."
    details = "What is heard"
    untouched = "Run this cell to listen."
    sheet = "sound.css"

    def __init__(self, samples, transcripts, says=None, chosen=0, kind="sound", top=1000):
        self.kind = kind
        self.names = inputs.texts(samples, "sound: samples")
        self.files = [sounds.wav(x) for x in samples.values()]
        self.written = [list(map(inputs.text, transcript)) for transcript in transcripts]
        self.says = [""] * len(self.names) if says is None else list(map(inputs.text, says))
        _validate(self)
        hop = max(1, round(max(map(len, samples.values())) / COLUMNS))
        self.levels = [_levels(x, top, hop) for x in samples.values()]
        self.chosen = inputs.place(self.names, chosen, "sound: chosen")

    def choices(self):
        return [Choice("s", f"Choose a {self.kind}", self.names, self.chosen)]

    def live(self):
        return "".join(f'<div class="on-s{i}">{self._one(i)}</div>' for i in range(len(self.names)))

    def _one(self, i):
        name = html(f"{self.names[i]}: {', '.join(self.written[i])}")
        parts = "".join(f"<b>{html(part)}</b>" for part in self.written[i])
        address = "data:audio/wav;base64," + b64encode(self.files[i]).decode("ascii")
        return (
            f"<p>{html(self.says[i]) if self.says[i] else ''}</p>"
            f'<audio controls preload="metadata" aria-label="{name}" src="{address}"></audio>'
            f'<div class="af-spectrum" aria-hidden="true">{_drawn(self.levels[i])}</div>'
            f'<p class="af-heard" style="--n:{len(self.written[i])}">{parts}</p>'
        )

    def _rows(self):
        longest = max(map(len, self.written))
        return [
            [name, *parts, *[""] * (longest - len(parts))]
            for name, parts in zip(self.names, self.written, strict=True)
        ]

    def _columns(self):
        return [str(i + 1) for i in range(max(map(len, self.written)))]

    def numbers(self):
        return table(self.title, self._columns(), [("", f"Each {self.kind}", self._rows())])

    def __repr__(self):
        return f"{plain(self.title)}\n{text_table(self._columns(), self._rows())}"

    def alternative(self):
        i = self.chosen
        return f"{self.title}. {self.names[i]}: {', '.join(self.written[i])}. {self.says[i]}"

    def drawing(self):
        return table_picture(self._columns(), self._rows())


def _levels(samples, top, hop):
    """Whole levels from 0 to 5 of what is strong when: (frequencies, columns)."""
    columns, before = -(-len(samples) // hop), max(0, SIZE - hop) // 2
    padded = np.pad(np.asarray(samples, dtype=np.float64), (before, SIZE + hop))
    rows = slice(1, 1 + top * SIZE // sounds.RATE)
    heard = sounds.frames(padded, SIZE, hop)[:columns, rows].T
    return np.rint(LEVELS * heard / max(heard.max(), 1e-9)).astype(int)


def _drawn(levels):
    """One path for each level, low frequencies at the bottom."""
    height, width = levels.shape
    paths = "".join(
        f'<path class="l{level}" d="{_strokes(levels == level)}"/>'
        for level in range(1, LEVELS + 1)
    )
    box = f'viewBox="0 0 {width} {height}" preserveAspectRatio="none"'
    return f"<svg {box}>{paths}</svg>"


def _strokes(on):
    found = []
    for row, line in enumerate(on[::-1]):
        edges = np.flatnonzero(np.diff(np.concatenate([[0], line, [0]])))
        for start, stop in edges.reshape(-1, 2).tolist():
            found.append(f"M{start} {row}.5h{stop - start}")
    return "".join(found)


def _validate(figure):
    counts = [len(figure.names), len(figure.written), len(figure.says)]
    if len(set(counts)) > 1 or not all(figure.written):
        raise ValueError(
            f"sound: {counts[0]} sounds need a transcript and a sentence each, got {counts[1]} "
            f"and {counts[2]}; no transcript may be empty"
        )
    longest = max(map(len, figure.files)) - 44
    if longest > 3 * sounds.RATE:
        raise ValueError(f"sound: {longest} samples, expected at most {3 * sounds.RATE}")
