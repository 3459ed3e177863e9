"""One figure of each kind, and labels that try to break them."""

from html.parser import HTMLParser

import numpy as np

from attention_book import figures
from attention_book.tokens import ByteBPE

WORDS = "robot must obey orders".split()
CAUSAL = np.tril(np.ones((4, 4), bool))
SCORES = np.array([
    [0.11, 0, 0.81, 0.79],
    [0.19, 0.5, 0.3, 0.48],
    [0.53, 0.98, 0.95, 0.14],
    [0.81, 0.86, 0.38, 0.9],
])
Q = np.array([[2, 1, 0], [0, 2, 1], [1, 0, 2], [0, -1, 0.5]])
COSINES = np.cos(np.arange(16)).reshape(2, 2, 4)
K = np.array([[1, 0, 1], [2, 2, 0], [0, 1, 1], [1, 1, 1]])


def softmax(scores, mask=True):
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True)) * mask
    sums = powers.sum(axis=-1, keepdims=True)
    return np.divide(powers, sums, out=np.zeros_like(powers), where=sums > 0)


def random_heads(count=3, tokens=4, spread=2.0, keys=None):
    shape = (count, tokens, keys or tokens)
    return softmax(spread * np.random.default_rng(0).normal(size=shape))


def attention_map(words=WORDS, **more):
    return figures.attention_map(random_heads(tokens=len(words)), words, **more)


def stepper(words=WORDS, **more):
    steps = [(w, w, {w: list(words), "query": 1.5}) for w in words]
    return figures.stepper(steps, words, **more)


def attention_steps(words=WORDS, **more):
    return figures.attention_steps(Q[0], K, Q, words, **more)


def cache_steps(words=WORDS, **more):
    return figures.cache_steps(words, **more)


def mask_painter(words=WORDS, **more):
    return figures.mask_painter(words, SCORES / 4, **more)


def matrix_view(words=WORDS, **more):
    return figures.matrix_view(Q, K, words, **more)


def matrices(words=WORDS, **more):
    parts = {"scores": SCORES / 4, "shares": softmax(SCORES / 4) * CAUSAL}
    return figures.matrices(parts, words, says=words, **more)


def temperature(words=WORDS, **more):
    return figures.temperature(words, SCORES, mask=CAUSAL, marks=softmax(SCORES / 4), **more)


def spread(words=WORDS, **more):
    drawn = np.random.default_rng(0).normal(size=(3, 50, 4)) * [[[2]], [[4]], [[8]]]
    return figures.spread(drawn, [4, 16, 64], **more)


def multi_head(words=WORDS, **more):
    values = np.array([[1, 0], [0, 1], [0, 1], [0, 1]])
    q, k = Q @ np.ones((3, 4)), K @ np.eye(3, 4)
    return figures.multi_head(q, k, values, values.T, words, **more)


def switches(words=WORDS, **more):
    shares = np.random.default_rng(0).random((2, 2, 2, len(words)))
    return figures.switches(words[:3], words, shares, floor=0.1, **more)


def tokens_cut(words=WORDS, **more):
    cut = [f"{n}{word}" for n, word in enumerate(words)]  # so that none is empty or twice the same
    return figures.tokens_cut([cut, ["".join(cut[:2]), *cut[2:]]], **more)


def architecture(words=WORDS, **more):
    first, second, *others = words
    others = [(w, w) for w in others]
    frame = figures.Part(second, first, "page.html", [figures.Beside(others), *others])
    parts = [(first, second, "page.html"), others, frame]
    return figures.architecture(parts, **more)


def sentence(words=WORDS, **more):
    return figures.sentence(words, random_heads(1)[0], rest="and so on", mask=CAUSAL, **more)


def plane(words=WORDS, **more):
    keys = [[2, 0.5], [-1, 1.8], [-1.6, -0.8], [0.8, -2]]
    return figures.plane(words, keys, np.flip(keys, axis=1), **more)


def paint_mask(words=WORDS, **more):
    return figures.paint_mask(words, SCORES / 4, **more)


def product(words=WORDS, **more):
    return figures.product(Q, K.T, words, words, **more)


def workbench(words=WORDS, **more):
    return figures.workbench(Q, K, Q, words, mask=CAUSAL, **more)


def glances(words=WORDS, **more):
    images = np.random.default_rng(5).random((2, 2, 4, 12))
    shares = random_heads(4, len(words), keys=6).reshape(2, 2, len(words), 6)
    options = {"Word": words[:2], "Picture": words[-2:]}
    return figures.glances(images, shares, options, rows=[[words] * 2] * 2, **more)


def bars(words=WORDS, **more):
    panels = {"shares": (words, random_heads(2, 2, keys=4)), "cosines": (words, COSINES)}
    return figures.bars(panels, {"Mask": ["on", "off"], "Word": words[:2]}, **more)


def blanks(words=WORDS, **more):
    open_, shares = np.ones((4, 4), bool), random_heads(2, keys=6)
    readers = {"both sides": (open_, shares[0]), "past only": (CAUSAL, shares[1])}
    return figures.blanks(words, readers, "uvwxyz", **more)


def sound(words=WORDS, **more):
    samples = np.random.default_rng(3).normal(size=(2, 900)) * [[1], [2]]
    return figures.sound(
        dict(zip(words, samples, strict=False)), [words, words[:2]], says=words[:2], **more
    )


def written(words=WORDS, **more):
    n = len(words)
    shares = np.tril(random_heads(1, n - 1, keys=n)[0], k=0)
    texts = [("one", words, 1, shares), ("two", [*words], n - 1, shares[-1:])]
    return figures.written(texts, **more)


def cache_race(words=WORDS, **more):
    return figures.cache_race(words, [3, 9, 18, 30], [3, 6, 9, 12], **more)


def cache_memory(words=WORDS, **more):
    sizes = [(12, 12, 64, 1024, 124_439_808), (44, 64, 96, 2048, 20_554_567_680), (1, 1, 8, 64, 9)]
    names = dict.fromkeys(words, sizes[2]) | dict(zip(words, sizes, strict=False))
    return figures.cache_memory(names, **more)


def cabinet(words=WORDS, **more):
    values = [[1, 0], [0, 1], [2, 2], [0, -1]]
    names = {"places": words[:3], "contents": words[:2]}
    return figures.cabinet(Q, words, K, values, words, **names, **more)


def lookup(words=WORDS, **more):
    return figures.lookup(np.arange(16).reshape(4, 4) - 8, words, words, **more)


def sharing(words=WORDS, **more):
    more.setdefault("title", words[0])
    return figures.sharing(4, 8, latent=12, **more)


def tokenizer(words=WORDS, **more):
    trained = ByteBPE.train("the robot obeys the robots", 8)
    names = dict(zip(words, (ByteBPE(), trained), strict=False))
    return figures.tokenizer(names, "the robot", examples=["\N{ROBOT FACE} obeys"], **more)


def maps(words=WORDS, **more):
    x = [[1, 1, 0], [0, 0, 1], [2, 0, -1], [0, 0, 0]]
    given = (x, Q, K, [[1, 0, -2], [0.5, 1, 0]], words, words[:3])
    return figures.maps(*given, places=words, contents=words[:2], **more)


def pairs(words=WORDS, **more):
    return figures.pairs({"own keys": Q @ K.T, "tied": Q @ Q.T}, words, **more)


def vectors(words=WORDS, **more):
    choices, says = (
        {"Layer": [0, 1], "Way": ["alone", "kept", "both"]},
        [f"n {n}" for n in range(6)],
    )
    states = np.random.default_rng(1).normal(size=(2, 3, 4, 5))
    return figures.vectors(states, words, choices, says, **more)


def stream(words=WORDS, **more):
    states = np.random.default_rng(2).normal(size=(4, 3, 5)).cumsum(axis=1)
    read = [[word] * 3 for word in words]
    return figures.stream(states, words, ["start", "attention", "feed-forward"], read, **more)


def normalize(words=WORDS, **more):
    return figures.normalize([1, 1, 5, 5], weight=2, bias=1, **more)


def norm_orders(words=WORDS, **more):
    length, gradient, *_ = words
    measured = {length: [[1, 1, 1], [2, 3, 4]], gradient: [[0.25, 0.5, 1], [1.5, 1.25, 1]]}
    return figures.norm_orders(measured, **more)


def arrows(words=WORDS, **more):
    return figures.arrows(Q[:, :2], K[:, :2], [1, 0.3, 0.1, 0.01], 20, query=5, key=2, **more)


def clocks(words=WORDS, **more):
    return figures.clocks([1, 0.3, 0.1, 0.01], 20, first=2, second=5, **more)


def shuffle(words=WORDS, **more):
    vectors, codes = np.random.default_rng(0).normal(size=(2, 4, 8))
    return figures.shuffle(words, vectors, codes, **more)


def diagonals(words=WORDS, **more):
    vectors = np.random.default_rng(0).normal(size=(2, 4, 8))
    return figures.diagonals(
        dict(zip(words, vectors @ vectors.swapaxes(1, 2), strict=False)), **more
    )


def two_halves(words=WORDS, **more):
    first, second, third, last = words
    decoder = [(first, third), (last, second, True), (third, last)]
    return figures.two_halves([(first, second), (second, first)], decoder, **more)


def who_sees(words=WORDS, **more):
    masks, says = {"decoder": CAUSAL, "encoder": np.ones((4, 4), bool)}, words[:2]
    return figures.who_sees(masks, words, says, **more)


def overwriting(words=WORDS, **more):
    keys = dict(zip(words, [[1, 0], [0, 1], [0.8, 0.6], [-1, 0]], strict=True))
    pairs = [(words[0], [3, 0]), (words[2], [0, -2]), (words[0], [1, 1])]
    return figures.overwriting(keys, pairs, **more)


def wirings(words=WORDS, **more):
    return figures.wirings({words[0]: [[0, 1], [0, 1]], words[1]: [[0.25, 0.75], [1, 0]]}, **more)


def next_token(words=WORDS, **more):
    logits = np.random.default_rng(0).normal(size=(2, 7)) * 2
    return figures.next_token([*words, 5, 6, 7], logits, words[:2], shown=4, **more)


def forming(words=WORDS, **more):
    powers = np.exp(np.arange(3)[:, None, None] * SCORES) * CAUSAL
    patterns = powers / powers.sum(axis=-1, keepdims=True)
    heads = {words[0]: patterns, words[1]: patterns[::-1]}
    marks = dict.fromkeys(heads, np.eye(4, k=-1, dtype=bool))
    return figures.forming([0, 5, 20], [0.1, 0.5, 1], heads, marks, words, **more)


def tiles(words=WORDS, **more):
    return figures.tiles(words, SCORES[3], np.eye(4)[:, :2], words[:2], **more)


LIVE = [
    tiles,
    forming,
    next_token,
    normalize,
    stream,
    vectors,
    temperature,
    cache_memory,
    plane,
    paint_mask,
    workbench,
    tokenizer,
    clocks,
    arrows,
    shuffle,
]  # with a script
MAKERS = [
    *LIVE,
    sharing,
    norm_orders,
    overwriting,
    two_halves,
    who_sees,
    wirings,
    cache_race,
    product,
    pairs,
    maps,
    cabinet,
    bars,
    blanks,
    lookup,
    diagonals,
    sentence,
    attention_map,
    stepper,
    attention_steps,
    cache_steps,
    mask_painter,
    matrix_view,
    matrices,
    multi_head,
    spread,
    switches,
    tokens_cut,
    architecture,
    sound,
    written,
    glances,
]

ATTACKS = [
    "<script>alert(1)</script>", "</style><script>x</script>", "<img src=x onerror=x>", "</figure>",
    '" onclick="x', "' onclick='x", "<!--", "-->", "<![CDATA[", "]]>", "&lt;b&gt;", "&", "&#0;",
    "</details>", "<svg/onload=x>", "<style>*{}", "}*{color:red}", "\\", "#", "%3Cb%3E", "$$",
    "$x$",
    "\u202eabc", "\u2066x\u2069", "a\u200bb", "\x00", "\n", "", " ", "\t\t", "\ud800", "\ufeff",
    "\N{ROBOT FACE}", "机器人", "שלום", "مرحبا", "e\u0301\u0301\u0301", "\uffff", "\U000e0041",
    "long" * 50, "{}", "{0}", "%s", "</script>", "javascript:x", "<s>", "0", "None", "`x`",
    "</table>",
]  # fmt: skip
FORMS = [lambda attack: attack, lambda attack: f"word{attack}", lambda attack: f"{attack}<b>word"]
HOSTILE = [form(attack) for attack in ATTACKS for form in FORMS]


class Skeleton(HTMLParser):
    """The elements of a piece of HTML, each with the names of its attributes."""

    def __init__(self, html):
        super().__init__()
        self.elements = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, *(name for name, _ in attrs)))


def skeleton(html):
    return Skeleton(html).elements
