"""About how wide a formula will be, so that its line keeps room for it until it is drawn.

The numbers were fitted to 256 formulas of this book: they miss by a third of an em on average.
"""

import re

UNSEEN = re.compile(r"\\(color\{[^}]*\}|(mathrm|mathbf|text|left|right|quad)\b|[,;:! ])")
FRACTION = re.compile(r"\\t?frac\{([^{}]*)\}\{([^{}]*)\}")
SCRIPT = re.compile(r"[_^](\{[^{}]*\}|\\\w+|.)")
SIGN = re.compile(r"\\\w+|[^\s{}]")
WIDE = re.compile(r"[=<>+-]|\\(cdot|times|approx|[gl]eq?|in|infty|to|sum|sqrt|dots|log|exp)")


def ems(tex):
    tex = FRACTION.sub(lambda parts: max(parts[1], parts[2], key=len), UNSEEN.sub("", tex))
    scripts = " ".join(SCRIPT.findall(tex))
    return sum(map(width, SIGN.findall(SCRIPT.sub("", tex)))) + 0.55 * len(SIGN.findall(scripts))


def width(sign):
    if WIDE.fullmatch(sign):
        return 1.3
    return 0.87 if sign.isupper() else 0.52
