"""A chart with native sliders: Vega-Lite where it can be drawn, a picture and numbers elsewhere."""

import base64
import sys
from textwrap import wrap

import altair as alt
import vl_convert

from ..fonts import FOLDER, SANS
from ..numbers import number
from ..style import FAINT, INK, PAPER
from ..tables import table, text_table

VEGA_LITE = "application/vnd.vegalite.v5+json"  # the newest name that notebooks know
VERSION = "5.21"
FONT = SANS[0]
vl_convert.register_font_directory(str(FOLDER))
WIDTH = 640  # pixels; a notebook gives a chart that fills its container next to none
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
LINES = {"gridColor": "#dddddd", "domainColor": FAINT, "tickColor": FAINT}
LOOK = {  # colors for all, so that a notebook's dark theme writes no white on white
    "axis": {"labelFontSize": 13, "titleFontSize": 13, "titleFontWeight": "normal", **LINES},
    "background": PAPER,
    "legend": {"labelFontSize": 13, "title": None, "orient": "top"},
    "style": {"guide-label": {"fill": INK}, "guide-title": {"fill": INK}},
    "title": {"fontSize": 16, "subtitleFontSize": 13, "anchor": "start", "offset": 12}
    | {"color": INK, "subtitleColor": INK},
    "view": {"stroke": None},
}


class SliderFigure:
    """An Altair chart with what all figures have: a title, something to try, and numbers.

    In a notebook the chart itself says title and hint; on the book's pages the page does. In Colab,
    which draws no Vega-Lite by itself, the chart brings Altair's own page.
    """

    def __init__(self, chart, title, hint, answer, columns, rows):
        try_this = wrap(f"Try this: {hint}", 80)
        self.chart = chart.configure(**LOOK).properties(title=alt.Title(title, subtitle=try_this))
        self.title, self.hint, self.answer = title, hint, answer
        self.columns = columns
        self.rows = [[number(cell) for cell in row] for row in rows]

    def spec(self):
        """The chart as Vega-Lite, with title, hint, answer and numbers for the page around it."""
        usermeta = {
            "title": self.title,
            "hint": self.hint,
            "answer": self.answer,
            "numbers": table(self.title, self.columns, [("", "At some settings", self.rows)]),
        }
        chart = self.chart.to_dict() | {"$schema": SCHEMA, "description": repr(self)}
        return chart | {"usermeta": usermeta}

    def __repr__(self):
        return f"{self.title}\n{text_table(self.columns, self.rows)}"

    def _repr_mimebundle_(self, include=None, exclude=None):
        if "google.colab" in sys.modules:
            return {"text/html": self.chart.to_html(), "text/plain": repr(self)}
        look = {"vl_version": VERSION, "config": {"font": FONT}}
        picture = vl_convert.vegalite_to_png(self.spec(), **look)
        return {
            VEGA_LITE: self.spec(),
            "image/png": base64.b64encode(picture).decode(),
            "text/plain": repr(self),
        }
