"""What lets a page open at once and be found; _config.yml registers it."""

from . import (
    buttons,
    figures,
    formulas,
    head,
    images,
    letters,
    paper,
    scripts,
    search,
    sounds,
    stops,
    styles,
    traces,
)

PARTS = [buttons, figures, formulas, head, images]
PARTS += [letters, paper, scripts, search, sounds, stops, styles, traces]


def setup(app):
    for part in PARTS:
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
