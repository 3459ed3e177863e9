"""What every tokenizer takes: a text, and ids in all the forms in which they come."""

import numpy as np
import pytest
import torch

from attention_book import GPT, Config, beam, generate
from attention_book.tokens import ByteBPE, Characters, GPT2Tokens, Words

from .texts import SENTENCE, TEXT

LINES = ["A robot", "must obey", "the orders"]


@pytest.fixture(scope="module", params=["ByteBPE", "Characters", "Words", "GPT2Tokens"])
def tokens(request, bpe, two):
    kinds = {
        "ByteBPE": lambda: bpe,
        "Characters": lambda: Characters.train(TEXT),
        "Words": lambda: Words.train(SENTENCE),
        "GPT2Tokens": lambda: GPT2Tokens.load(two),
    }
    return kinds[request.param]()


def test_a_row_may_be_a_list_an_array_or_a_tensor(tokens):
    ids = tokens.encode(SENTENCE)
    forms = [ids, tuple(ids), iter(ids), np.array(ids), np.array(ids, np.uint16)]
    forms += [torch.tensor(ids), torch.tensor(ids, dtype=torch.int32), list(np.array(ids))]
    forms += [list(torch.tensor(ids)), (i for i in torch.tensor(ids))]
    for form in forms:
        assert tokens.decode(form) == SENTENCE


def test_one_id_is_a_text_of_one_token(tokens):
    first = tokens.encode("A")
    assert len(first) == 1
    for one in (first[0], np.int64(first[0]), np.array(first[0]), torch.tensor(first[0])):
        assert tokens.decode(one) == "A"


def test_a_batch_gives_a_list_of_texts(tokens):
    batch = [tokens.encode(text) for text in LINES]
    assert tokens.decode(batch) == tokens.decode(tuple(map(tuple, batch))) == LINES
    twice = [batch[0], batch[0]]
    for form in (twice, np.array(twice), torch.tensor(twice), iter(twice)):
        assert tokens.decode(form) == [LINES[0]] * 2
    assert tokens.decode(torch.tensor([twice] * 3)) == [[LINES[0]] * 2] * 3


def test_nothing_is_an_empty_text_and_no_rows_are_no_texts(tokens):
    for nothing in ([], np.zeros(0, int), torch.zeros(0, dtype=torch.long)):
        assert tokens.decode(nothing) == ""
    for rows in ([[], []], np.zeros((2, 0), int), torch.zeros(2, 0, dtype=torch.long)):
        assert tokens.decode(rows) == ["", ""]
    assert tokens.decode(torch.zeros(0, 5, dtype=torch.long)) == []


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_what_generate_yields_gives_the_text_of_each_row(tokens, batch):
    sizes = {"d_model": 8, "n_heads": 1, "n_layers": 1, "max_len": 20}
    model = GPT(Config(vocab_size=len(tokens), **sizes)).eval()
    ids = torch.tensor(batch * [tokens.encode("A")])
    steps = [*generate(model, ids, 5)]
    texts = tokens.decode(list(map(list, torch.stack(steps, dim=1).tolist())), **replacing(tokens))
    assert tokens.decode(steps, **replacing(tokens)) == texts
    assert tokens.decode(generate(model, ids, 5), **replacing(tokens)) == texts
    assert len(texts) == batch
    found = beam(model, ids, 5, 2).ids
    assert tokens.decode(found, **replacing(tokens))[0][1] == tokens.decode(
        found[0, 1], **replacing(tokens)
    )


def replacing(tokens):
    return {"errors": "replace"} if isinstance(tokens, (ByteBPE, GPT2Tokens)) else {}


def test_steps_are_columns_and_lists_are_rows(tokens):
    a, b = (tokens.encode(text) for text in ("A A", "A A"))
    steps = list(map(torch.tensor, zip(a, b, strict=True)))
    assert tokens.decode(steps) == ["A A", "A A"]
    assert tokens.decode([step.numpy() for step in steps]) == ["A A", "A A"]


def test_a_generation_of_one_text_is_streamed(bpe):
    ids = bpe.encode(TEXT)
    for form in (ids, torch.tensor(ids), np.array(ids), [torch.tensor([i]) for i in ids]):
        assert "".join(bpe.stream(form)) == TEXT
    assert "".join(bpe.stream(iter([torch.tensor(97)]))) == "".join(bpe.stream(97)) == "a"


BAD_IDS = [
    ([-1], IndexError, "id -1 at 0"),
    ([0, 10_000], IndexError, "id 10000 at 1"),
    (np.array([0, 2**62]), IndexError, "at 1"),
    ([[0], [0, -1]], IndexError, "row 1: id -1 at 1"),
    (torch.tensor([[0], [-1]]), IndexError, "row 1: id -1 at 0"),
    ([True], TypeError, "ids[0] must be an int, got True (bool)"),
    (True, TypeError, "got True"),
    (np.array([True]), TypeError, "got True"),
    (torch.tensor([True]), TypeError, "got True"),
    ([torch.tensor(True)], TypeError, "ids[0] must be an int"),
    ([1.0], TypeError, "got 1.0"),
    (np.array([1.0]), TypeError, "got 1.0"),
    (torch.tensor([0.5, 1.0]), TypeError, "got 0.5"),
    (torch.tensor(1.0), TypeError, "got 1.0"),
    (["a"], TypeError, "'a'"),
    ([None], TypeError, "None"),
    ([0, [0]], TypeError, "ids[1] must be an int, got [0] (list)"),
    ([[0], 0], TypeError, "ids[0] must be an int"),
    ([[0, [0]]], TypeError, "row 0: ids[1] must be an int"),
    (None, TypeError, "got None"),
    ("ids", TypeError, "got 'ids'"),
    (b"ids", TypeError, "got b'ids'"),
    ([torch.tensor([0, 0]), torch.tensor([0])], ValueError, "write [row.tolist() for row in ids]"),
]


@pytest.mark.bad_input
@pytest.mark.parametrize(("bad", "error", "words"), BAD_IDS)
def test_case_31_bad_ids_are_named(tokens, bad, error, words):
    with pytest.raises(error) as caught:
        tokens.decode(bad)
    assert words in str(caught.value)
    assert str(caught.value).startswith(f"{type(tokens).__name__}.decode")


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "bad", [[-1], [0, 10**9], [True], [1.0], ["a"], None, "ids", b"ids", [[0]]]
)
def test_case_31_bad_ids_are_named_in_a_stream(bpe, bad):
    with pytest.raises((TypeError, IndexError), match=r"^ByteBPE\.stream: id"):
        list(bpe.stream(bad))


@pytest.mark.bad_input
def test_a_stream_is_of_one_text(bpe):
    with pytest.raises(TypeError, match=r"ids\[0\] must be an int, got a Tensor of shape \(2,\)"):
        list(bpe.stream([torch.tensor([97, 98])]))


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "large",
    [torch.full((2, 5000), 0.5), np.full(9999, 10**9), [torch.zeros(9, 9, 99)], [0] * 999 + [-1]],
)
def test_errors_never_print_whole_tensors(tokens, large):
    with pytest.raises((TypeError, IndexError)) as caught:
        tokens.decode(large)
    assert len(str(caught.value)) < 200


@pytest.mark.bad_input
@pytest.mark.parametrize("bad", [None, 3, b"robot", ["robot"], 1.5, np.array(["a"])])
def test_what_is_no_text_is_named(tokens, bad):
    functions = [tokens.encode]
    if hasattr(tokens, "train"):
        functions.append(lambda text: type(tokens).train(text, *[1] * isinstance(tokens, ByteBPE)))
    for function in functions:
        with pytest.raises(TypeError, match="text must be a str"):
            function(bad)
