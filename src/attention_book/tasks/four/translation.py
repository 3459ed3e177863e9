"""English into French: adjectives change sides, *the* and *a* have a gender, *bank* has two words.

    the red robot reaches a bank      le robot rouge atteint une banque
    a bank sees the quick boat        une rive voit le bateau rapide

A bank is a shore where the sentence has a boat, and else it keeps money. The rule to beat takes
word by word from a dictionary.
"""

from .layout import Kind, Text

ADJECTIVES = {"red": "rouge", "quick": "rapide", "calm": "calme", "weak": "faible"}
NOUNS = {"robot": "robot", "king": "roi", "law": "loi", "boat": "bateau", "bank": "banque"}
VERBS = {"sees": "voit", "reaches": "atteint", "robs": "pille"}
ARTICLES = {"the": ("le", "la"), "a": ("un", "une")}
DICTIONARY = {**ADJECTIVES, **NOUNS, **VERBS, "the": "le", "a": "un"}
FEMININE = ("loi", "banque", "rive")


def write(choose):
    """A sentence of two nouns and a verb."""
    nouns = [(choose([*ARTICLES]), choose(["", *ADJECTIVES]), choose([*NOUNS])) for _ in range(2)]
    verb = choose([*VERBS])
    shore = "boat" in (nouns[0][2], nouns[1][2])
    before, behind = (_french(*noun, shore) for noun in nouns)
    source = [word for word in (*nouns[0], verb, *nouns[1]) if word]
    pairs = [noun[1:] for noun in nouns]
    return Text(source, [*before, VERBS[verb], *behind], pairs, pairs)


def word_by_word(source):
    return [DICTIONARY[word] for word in source]


def _french(article, adjective, noun, shore):
    noun = "rive" if noun == "bank" and shore else NOUNS[noun]
    words = [ARTICLES[article][noun in FEMININE], noun]
    return [*words, ADJECTIVES[adjective]] if adjective else words


KIND = Kind("translate", write, word_by_word, {*zip(ADJECTIVES, NOUNS, strict=False)})
