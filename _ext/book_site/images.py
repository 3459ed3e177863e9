"""Say how large each image is, so that nothing moves when it comes, let those below wait, and
publish each PNG as a WebP of the same pixels, which is a third as large."""

import re
from pathlib import Path

import imagesize
from PIL import Image

IMAGE = re.compile(r'<img ([^>]*src="[^"]*?_images/)([^"]*)"')
LEFT = re.compile(r'_images/[^"]*\.png')


def setup(app):
    app.connect("html-page-context", describe)
    app.connect("build-finished", convert, priority=900)


def describe(app, pagename, templatename, context, doctree):
    if doctree:
        sources = {name: Path(app.srcdir, source) for source, name in app.builder.images.items()}
        body = IMAGE.sub(lambda image: described(image, sources), context["body"])
        if left := LEFT.findall(body):
            raise ValueError(f"{pagename} has images in a form that is unknown: {left}")
        context["body"] = body


def described(image, sources):
    width, height = imagesize.get(sources[image[2]])
    name = re.sub(r"\.png$", ".webp", image[2])
    return f'<img width="{width}" height="{height}" loading="lazy" {image[1]}{name}"'


def convert(app, error):
    if error or app.builder.format != "html":
        return
    for png in Path(app.outdir, "_images").glob("*.png"):
        Image.open(png).save(png.with_suffix(".webp"), lossless=True)
        png.unlink()
