"""A text that one types, and how tokenizers cut it at once."""

from ..tokens.bytepairs import CHUNK
from . import inputs
from .labels import SPACE, html, plain
from .live import LiveFigure
from .pictures import table_picture
from .tables import table, text_table

MOST = 60  # characters
COLUMNS = ["tokens", "cut", "ids"]
CHUNK_IN_SCRIPT = CHUNK.pattern.replace(r"[^\w\s]", r"[^\p{L}\p{N}_\s]").replace(
    r"\w", r"[\p{L}\p{N}_]"
)


def tokenizer(tokenizers, text, *, examples=(), **texts):
    """A line to type in, and the tokens that each byte-pair tokenizer makes of it.

    `tokenizers` are `ByteBPE`s by their names, `text` is what stands in the line at the start, 60
    characters at most, and `examples` are texts to put there by a button. A token that is only
    part of a character shows its bytes. Texts: `title`, `hint` (what to try), `answer` and `name`.
    ValueError for a longer text.
    """
    return Tokenizer(tokenizers, text, examples).finish(**texts)


class Tokenizer(LiveFigure):
    title = "Type a text, and see it cut"
    hint = "type your name. Which row needs the fewest tokens, and why?"
    classes = "af af-scripted af-tokenizer"
    script = "tokenizer.js"
    sheet = "live/tokenizer.css"
    untouched = "Run this cell to type."

    def __init__(self, tokenizers, text, examples=()):
        self.names = inputs.texts(tokenizers, "tokenizer: tokenizers")
        self.tokenizers = list(tokenizers.values())
        self.examples = list(map(inputs.text, examples))
        if too_long := [t for t in [text, *self.examples] if not 0 < len(t) <= MOST]:
            raise ValueError(
                f"tokenizer: texts must have 1 to {MOST} characters, got {len(too_long[0])}"
            )
        self.text = text

    def data(self):
        return {"chunk": CHUNK_IN_SCRIPT, "merges": [t.merges for t in self.tokenizers]}

    def live(self):
        buttons = "".join(f'<button type="button">{html(e)}</button>' for e in self.examples)
        rows = "".join(map(self._row, self.names, self.tokenizers))
        line = f'<input type="text" maxlength="{MOST}" value="{html(self.text)}" autocomplete="off"'
        return (
            f'<div class="af-moves"><label>Your text{line} spellcheck="false"></label>{buttons}'
            f'</div><output class="af-says" aria-live="polite">{_counts(self.text)}</output>{rows}'
        )

    def _row(self, name, tokenizer):
        ids = tokenizer.encode(self.text)
        tokens = "".join(_token(i, tokenizer) for i in ids)
        return (
            f'<p>{html(name)}: <b class="af-count">{len(ids)}</b> tokens</p>'
            f'<ol class="af-cut">{tokens}</ol>'
        )

    def rows(self):
        """For each tokenizer how many tokens, the tokens and their ids."""
        for name, tokenizer in zip(self.names, self.tokenizers, strict=True):
            ids = tokenizer.encode(self.text)
            cut = " | ".join(shown(tokenizer.pieces[i]) for i in ids)
            yield [name, len(ids), cut, " ".join(map(str, ids))]

    def numbers(self):
        return table(f"The text “{self.text}”", COLUMNS, [("", "Spaces are ␣", self.rows())])

    def __repr__(self):
        return f"{plain(self.title)}: {plain(self.text)}\n{text_table(COLUMNS, list(self.rows()))}"

    def alternative(self):
        rows = (f"{name}: {count} tokens, {cut}" for name, count, cut, _ in self.rows())
        return f"{self.title}. {self.text}: {'; '.join(rows)}."

    def drawing(self):
        return table_picture(COLUMNS[:2], [row[:3] for row in self.rows()])


def shown(piece):
    """The text of a token; its bytes as numbers where that is only part of a character."""
    try:
        return piece.decode().replace(" ", SPACE)
    except UnicodeDecodeError:
        return " ".join(map(str, piece))


def _token(i, tokenizer):
    piece = tokenizer.pieces[i]
    whole = "" if piece.decode(errors="ignore").encode() == piece else ' class="af-byte"'
    return f"<li{whole}><b>{html(shown(piece))}</b><small>{i}</small></li>"


def _counts(text):
    return f"{len(text)} characters, {len(text.encode())} bytes"
