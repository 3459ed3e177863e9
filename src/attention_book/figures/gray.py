"""A small picture in sixteen grays: as an address, the same bytes on every machine, and drawn."""

import struct
from base64 import b64encode
from zlib import adler32, crc32

import numpy as np

from .drawing import Drawing
from .pictures import shade

LEFT, TOP, ROW = 72, 8, 24


def levels(image):
    """0 is white and 1 black there; here 15 is white and 0 black."""
    return 15 - np.round(15 * image).astype(int)


def address(image):
    """A PNG that is not compressed, since programs that compress differ in their bytes."""
    grays = levels(image).astype(np.uint8)
    height, width = grays.shape
    pairs = np.pad(grays, ((0, 0), (0, width % 2)))
    packed = pairs[:, ::2] << 4 | pairs[:, 1::2]
    rows = np.pad(packed, ((0, 0), (1, 0))).tobytes()  # each begins with: not filtered
    size = struct.pack("<HH", len(rows), len(rows) ^ 0xFFFF)
    data = b"\x78\x01\x01" + size + rows + struct.pack(">I", adler32(rows))
    head = struct.pack(">IIBBBBB", width, height, 4, 0, 0, 0, 0)
    parts = (_chunk(b"IHDR", head), _chunk(b"IDAT", data), _chunk(b"IEND", b""))
    return "data:image/png;base64," + b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(parts)).decode()


def _chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", crc32(name + data))


def drawing(image, shares, names=None):
    """The picture with percents over its squares or, with names, in rows under it."""
    scale = 16 if names is None else 4
    height, width = (scale * n for n in image.shape)
    picture = Drawing(LEFT + 8 + width, 2 * TOP + height + ROW * len(names or ()))
    for (y, x), level in np.ndenumerate(levels(image)):
        if level < 15:
            color = f"#{level:x}{level:x}{level:x}"
            picture.box(LEFT + scale * x, TOP + scale * y, scale, scale, color)
    if names is None:
        _over(picture, shares, height, width)
    else:
        _under(picture, shares, names, height, width)
    return picture


def _over(picture, shares, height, width):
    down, across = shares.shape
    for (y, x), share in np.ndenumerate(shares):
        if share:
            place = LEFT + width * (x + 0.5) / across, TOP + height * (y + 0.5) / down
            picture.box(place[0] - 12, place[1] - 9, 24, 18, "#fff")
            picture.text(*place, str(share))


def _under(picture, shares, names, height, width):
    for i, (name, row) in enumerate(zip(names, shares, strict=False)):
        top, wide = TOP + height + ROW * i, width / len(row)
        picture.text(LEFT - 12, top + ROW / 2, name, align="right")
        for x, share in enumerate(row):
            picture.box(LEFT + wide * x, top + 1, wide, ROW - 2, shade(share / 100))
