import torch

from attention_book.exercises import pictures
from tests.exercises.answers import accepted, all_refused


def tokens(height, width, size):
    return height // size * (width // size) + 1


WRONG_TOKENS = {
    "no class": (lambda h, w, s: tokens(h, w, s) - 1, "class token is a token too"),
    "pixels": (lambda h, w, s: h * w + 1, "not a pixel"),
    "one side": (lambda h, w, s: h * w // s + 1, "size × size"),
    "one size": (lambda h, w, s: 18, "give 17 tokens, got 18"),
    "nothing": (lambda h, w, s: None, "return"),
    "dots": (lambda h, w, s: ..., "replace the dots"),
}


def cut(image, size):
    height, width = image.shape
    split = image.reshape(height // size, size, width // size, size)
    return split.transpose(1, 2).reshape(-1, size * size)


WRONG_CUT = {
    "rows": (lambda x, s: x.reshape(-1, s * s), "pieces of rows"),
    "columns first": (
        lambda x, s: x.unfold(0, s, s).unfold(1, s, s).transpose(0, 1).reshape(-1, s * s),
        "as one reads",
    ),
    "turned": (lambda x, s: cut(x, s).view(-1, s, s).mT.reshape(-1, s * s), "within a square"),
    "backward": (lambda x, s: cut(x, s).flip(1), "lie elsewhere"),
    "whole": (lambda x, s: x, "got shape (4, 6)"),
    "list": (lambda x, s: cut(x, s).tolist(), "a tensor"),
    "nothing": (lambda x, s: None, "return"),
    "dots": (lambda x, s: ..., "replace the dots"),
}


def own_order(pieces, orders):
    return pieces[torch.arange(len(pieces))[:, None], orders]


WRONG_ORDER = {
    "as it is": (lambda p, o: p, "nothing has moved"),
    "alike": (lambda p, o: p[:, o[0]], "the first one's order"),
    "undone": (lambda p, o: own_order(p, o.argsort(1)), "not go there"),
    "all with all": (lambda p, o: p[:, o], "the shape stays"),
    "backward": (lambda p, o: own_order(p, o).flip(2) * 2, "should be pieces[b, orders[b, i]]"),
    "list": (lambda p, o: own_order(p, o).tolist(), "a tensor"),
    "nothing": (lambda p, o: None, "return"),
    "dots": (lambda p, o: ..., "replace the dots"),
}


def on_the_letter(weights, middles, width):
    pixels = weights.argmax(-1) * width + width / 2
    return ((pixels - middles).abs() <= width).float().mean(-1)


WRONG_LETTER = {
    "counts": (lambda w, m, s: on_the_letter(w, m, s) * w.shape[1], "a share, not a count"),
    "strips": (
        lambda w, m, s: ((w.argmax(-1) - m).abs() <= s).float().mean(-1),
        "pixels, not strips",
    ),
    "all heads": (lambda w, m, s: on_the_letter(w, m, s).mean(), "for each of 2 heads"),
    "the weakest": (lambda w, m, s: on_the_letter(-w, m, s), "near enough"),
    "list": (lambda w, m, s: on_the_letter(w, m, s).tolist(), "a tensor"),
    "nothing": (lambda w, m, s: None, "return"),
    "dots": (lambda w, m, s: ..., "replace the dots"),
}

RIGHT = {
    pictures.tokens: tokens,
    pictures.cut: cut,
    pictures.own_order: own_order,
    pictures.on_the_letter: on_the_letter,
}
WRONG = {
    pictures.tokens: WRONG_TOKENS,
    pictures.cut: WRONG_CUT,
    pictures.own_order: WRONG_ORDER,
    pictures.on_the_letter: WRONG_LETTER,
}


test_right_answers = accepted(RIGHT)


test_wrong_answers = all_refused(WRONG)
