"""What lets a page open at once and be found; _config.yml registers it."""

from . import buttons, formulas, head, images, paper, scripts, search, styles, traces


def setup(app):
    for part in (buttons, formulas, head, images, paper, scripts, search, styles, traces):
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
