"""A chart with native sliders: Vega-Lite where it can be drawn, a picture and numbers elsewhere."""

import base64
import sys

import vl_convert

from ..choice import table, text_table
from ..numbers import number

VEGA_LITE = "application/vnd.vegalite.v5+json"  # the newest name that notebooks know
VERSION = "5.21"
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
LOOK = {
    "axis": {"labelFontSize": 13, "titleFontSize": 13, "titleFontWeight": "normal"},
    "background": "#ffffff",
    "legend": {"labelFontSize": 13, "title": None, "orient": "top"},
    "view": {"stroke": None},
}


class SliderFigure:
    """An Altair chart with what all figures have: a title, something to try, and numbers.

    In Colab, which draws no Vega-Lite by itself, the chart brings Altair's own page.
    """

    def __init__(self, chart, title, hint, columns, rows):
        self.chart = chart.configure(**LOOK)
        self.title, self.hint = title, hint
        self.columns = columns
        self.rows = [[number(cell) for cell in row] for row in rows]

    def spec(self):
        """The chart as Vega-Lite, with title, hint and numbers for the page around it."""
        usermeta = {
            "title": self.title,
            "hint": self.hint,
            "numbers": table(self.title, self.columns, [("", "At some settings", self.rows)]),
        }
        chart = self.chart.to_dict() | {"$schema": SCHEMA, "description": repr(self)}
        return chart | {"usermeta": usermeta}

    def __repr__(self):
        return f"{self.title}\n{text_table(self.columns, self.rows)}"

    def _repr_mimebundle_(self, include=None, exclude=None):
        if "google.colab" in sys.modules:
            return {"text/html": self.chart.to_html(), "text/plain": repr(self)}
        picture = vl_convert.vegalite_to_png(still(self.spec()), vl_version=VERSION)
        return {
            VEGA_LITE: self.spec(),
            "image/png": base64.b64encode(picture).decode(),
            "text/plain": repr(self),
        }


def still(spec):
    """The chart at a fixed width, for a picture."""
    return spec | {"width": 640} if spec.get("width") == "container" else spec
