import pytest
import torch

from attention_book import generate, padding_mask
from attention_book.exercises import encoder_decoder
from attention_book.models.wirings import Mean
from attention_book.tasks import roman
from tests.exercises.answers import refused

WRONG_ROWS = {
    (0.047, 0.002, 0.002, 0.949): "divide by the root of 4",
    (0.33, 0, 0, 0.67): "powers of e",
    (0.69, 0.15, 0.15, 0): "no future",
    (0.17, 0.04, 0.76): "four",
    (0.25, 0.25, 0.25, 0.25): "differ",
    (0.17, 0.04, 0.04, 1.76): "add up to 1",
    (..., ..., ..., ...): "replace the dots",
}
RIGHT_MASK = padding_mask(torch.tensor([3, 6]), 6)
WRONG_MASKS = {
    "turned around": (~RIGHT_MASK, "turned around"),
    "open": (torch.ones(2, 1, 1, 6).bool(), "three letters"),
    "causal": (RIGHT_MASK.expand(2, 1, 6, 6).tril(), "one row serves all"),
    "numbers": (RIGHT_MASK.int(), "bool tensor"),
    "two axes": (RIGHT_MASK[:, 0, 0], "(2, 1, 1, 6)"),
    "the target's": (RIGHT_MASK[..., :4], "six letters"),
    "one text": (RIGHT_MASK[:1], "one mask for each"),
    "too much hidden": (padding_mask(torch.tensor([3, 5]), 6), "six letters"),
    "only two letters": (padding_mask(torch.tensor([2, 6]), 6), "differ"),
    "dots": (..., "replace the dots"),
}


@pytest.mark.parametrize("answer", WRONG_ROWS)
def test_wrong_rows(answer):
    assert WRONG_ROWS[answer] in repr(encoder_decoder.row(list(answer)))


def test_the_row_and_the_mask():
    assert encoder_decoder.row([0.17, 0.04, 0.04, 0.76])
    assert encoder_decoder.source_mask(RIGHT_MASK)


test_wrong_masks = refused(encoder_decoder.source_mask, WRONG_MASKS)


def translate(model, ids, mask, row=-1, again=False, hide=("encode", "decode"), cut=slice(1, -1)):
    shown = {half: {"source_mask": mask} if half in hide else {} for half in ("encode", "decode")}
    target, memories = [roman.START], model.encode(ids, **shown["encode"])
    while target[-1] != roman.END:
        if again:
            memories = model.encode(ids, **shown["encode"])
        logits = model.decode(torch.tensor([target]), memories, **shown["decode"])
        target.append(logits[0, row].argmax().item())
    return "".join(roman.tokens.pieces[i] for i in target[cut])


def by_rule(model, ids, mask):
    return str(roman._number(ids[0].tolist()))


def by_rule_beside_the_model(model, ids, mask):
    translate(model, ids, mask)
    return by_rule(model, ids, mask)


def with_generate(model, ids, mask):
    reading = model.reading(ids, source_mask=mask)
    steps = generate(reading, torch.tensor([[roman.START]]), 5, end=roman.END)
    return roman.tokens.decode([step.item() for step in steps])


WRONG_TRANSLATIONS = {
    "the first row": (lambda *a: translate(*a, row=0), "it never ends"),
    "reads at each step": (lambda *a: translate(*a, again=True), "outside of the loop"),
    "no mask in the encoder": (lambda *a: translate(*a, hide=["decode"]), "the encoder sees"),
    "no mask in the decoder": (lambda *a: translate(*a, hide=["encode"]), "the decoder sees"),
    "with start and end": (lambda *a: translate(*a, cut=slice(None)), "leave out the start"),
    "cut too early": (lambda *a: translate(*a, cut=slice(1, -2)), "your text is 199."),
    "by rule": (by_rule, "encoder never ran"),
    "by rule beside the model": (by_rule_beside_the_model, "does not take what the decoder says"),
    "the library's": (with_generate, "no attribute 'reading'"),
    "a constant": (lambda *a: "1994", "encoder never ran"),
    "a number": (lambda *a: int(translate(*a)), "return a text"),
    "nothing": (lambda *a: None, "return"),
    "dots": (lambda *a: ..., "replace the dots"),
}


def test_translate():
    assert encoder_decoder.translate(translate)


test_wrong_translations = refused(encoder_decoder.translate, WRONG_TRANSLATIONS)


def mix(states, shares):
    return [sum(s * state for s, state in zip(row, states, strict=True)) for row in shares]


WRONG_MIXES = {
    "columns": (lambda states, shares: mix(states, shares.T), "row i is for the decoder's"),
    "one memory": (lambda states, shares: mix(states, shares)[:1], "for each row"),
    "the last": (lambda states, shares: [states[-1]] * 3, "differ"),
    "the states": (lambda states, shares: states, "differ"),
    "summed": (lambda states, shares: [m.sum(0) for m in mix(states, shares)], "as large as a"),
    "the library's": (lambda s, _: Mean.memories(encoder_decoder._untrained(), s), "write it your"),
    "nothing": (lambda states, shares: None, "return"),
    "dots": (lambda states, shares: ..., "replace the dots"),
}


def test_mix():
    assert encoder_decoder.mix(mix)
    assert encoder_decoder.mix(lambda s, r: torch.einsum("ij,j...->i...", r, torch.stack(s)))


test_wrong_mixes = refused(encoder_decoder.mix, WRONG_MIXES)
