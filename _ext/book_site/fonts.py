"""Of a font, only the signs that a site shows."""

import logging

from fontTools import subset

logging.getLogger("fontTools").setLevel(logging.WARNING)
OPTIONS = {"flavor": "woff", "layout_features": [], "notdef_outline": True}


def write(font, codes, target, **options):
    options = subset.Options(**OPTIONS | options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    subset.save_font(font, target, options)
