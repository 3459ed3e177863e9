import dataclasses

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from attention_book import checks, padding_mask, record
from attention_book.counting import bert_parameters, count_parameters
from attention_book.models import BERT
from attention_book.models.pretrained import load_bert

from .drawn import random_ids, randomized, small


def config(**changes):
    return small(norm_first=False, n_segments=2, norm_eps=1e-12, **changes)


@pytest.fixture(scope="module")
def model():
    return randomized(BERT(config()))


@pytest.fixture(scope="module")
def loaded(bert_folder):
    return load_bert(bert_folder)


@pytest.mark.parametrize("lengths", [[9, 9, 9], [9, 4, 1]])
def test_equals_hugging_face(hf_bert, loaded, lengths):
    ids, segments = random_ids(3, 9), random_ids(3, 9, vocabulary=2)
    mask = padding_mask(torch.tensor(lengths), 9)
    inside = hf_bert.bert(ids, mask[:, 0, 0].long(), segments)
    theirs = hf_bert(ids, mask[:, 0, 0].long(), segments).prediction_logits
    hidden = loaded(ids, mask=mask, segments=segments)
    checks.same(loaded.pooled(hidden), inside.pooler_output)
    for row, length in enumerate(lengths):
        checks.same(hidden[row, :length], inside.last_hidden_state[row, :length])
        checks.same(loaded.logits(hidden)[row, :length], theirs[row, :length])


def test_without_segments_all_is_the_first_sentence(hf_bert, loaded):
    ids = random_ids(2, 9)
    checks.same(loaded(ids), hf_bert.bert(ids).last_hidden_state)
    checks.same(loaded(ids), loaded(ids, segments=torch.zeros_like(ids)), 0)


def test_the_same_with_any_activation(hf, tmp_path):
    sizes = {"vocab_size": 37, "hidden_size": 24, "num_hidden_layers": 1, "num_attention_heads": 2}
    for theirs in ("relu", "gelu_new"):
        bert = randomized(hf.BertForMaskedLM(hf.BertConfig(**sizes, hidden_act=theirs)))
        bert.save_pretrained(tmp_path)
        ours, ids = load_bert(tmp_path), random_ids(2, 9)
        checks.same(ours.logits(ours(ids)), bert(ids).logits)


def test_looks_both_ways(model):
    ids = random_ids(1, 6)
    with pytest.raises(AssertionError, match="row 0 changed when token 1 changed"):
        checks.causal(model, ids)


@pytest.fixture(scope="module", params=["learned", "sinusoidal", "none"])
def placed(request):
    return randomized(BERT(config(positions=request.param)))


@settings(max_examples=30)
@given(lengths=st.lists(st.integers(1, 9), min_size=2, max_size=2))
def test_case_13_padding_changes_nothing_at_real_tokens(placed, lengths):
    model, ids = placed, random_ids(2, 9)
    mask = padding_mask(torch.tensor(lengths), 9)
    padded = model(ids, mask=mask)
    for row in range(2):
        real = mask[row, 0, 0]
        checks.same(padded[row, real], model(ids[row, real][None])[0])


@pytest.mark.bad_input
@pytest.mark.parametrize("row", [[False, True, True, True], [True, False, True, True]])
def test_case_14_padding_that_is_not_on_the_right_is_refused(model, explained, row):
    """Places and `pooled` count from the first token, and published models give each its own."""
    ids, mask = random_ids(2, 4), torch.tensor([[True] * 4, row])[:, None, None]
    with explained(ValueError, "BERT: mask must be padding on the right", "move the padding"):
        model(ids, mask=mask)


def test_case_14_texts_without_any_token_and_full_ones_are_padded_on_the_right(model):
    ids, mask = random_ids(2, 4), torch.tensor([[False] * 4, [True] * 4])[:, None, None]
    assert model(ids, mask=mask).isfinite().all()


@pytest.mark.bad_input
def test_case_10_a_mask_of_two_axes_gets_the_advice_that_works(model, refused):
    ids, mask = random_ids(2, 5), padding_mask(torch.tensor([5, 3]), 5)
    flat = mask[:, 0, 0]
    with refused(ValueError, "BERT: mask", "(2, 5)", "write mask[:, None, None]"):
        model(ids, mask=flat)
    checks.same(model(ids, mask=flat[:, None, None]), model(ids, mask=mask), 0)


def test_starts_with_the_spread_of_the_config():
    torch.manual_seed(0)
    for changes, std in (({"init_std": 0.02}, 0.02), ({}, 1 / 10)):
        start = BERT(config(d_model=100, **changes))
        for weight in (start.embeddings.tokens.weight, start.head.dense.weight):
            assert weight.std().item() == pytest.approx(std, rel=0.1)
        assert start.blocks[0].attention.o_proj.weight.std().item() == pytest.approx(std, rel=0.1)


def test_case_29_dropout_falls_on_the_embeddings_too_and_is_off_at_evaluation():
    model, ids = randomized(BERT(config(dropout=0.5))).train(), random_ids(2, 5)
    model.blocks.eval()
    assert not torch.equal(model(ids), model(ids))
    assert torch.equal(model.eval()(ids), model(ids))


def test_case_16_a_row_does_not_depend_on_its_batch(model):
    ids = random_ids(8, 9)
    checks.same(model(ids), torch.cat([model(row[None]) for row in ids]))


def test_norm_first_ends_with_a_norm():
    model = BERT(dataclasses.replace(config(), norm_first=True)).double().eval()
    hidden = model(random_ids(2, 5))
    checks.same(hidden.mean(-1), torch.zeros(2, 5), 1e-7)


def test_109482240_parameters_and_the_head(hf):
    sizes = {"vocab_size": 30522, "max_len": 512, "d_model": 768, "n_heads": 12, "n_layers": 12}
    with torch.device("meta"):
        model = BERT(config(**sizes))
        theirs = hf.BertModel(hf.BertConfig()), hf.BertForMaskedLM(hf.BertConfig())
    head, pooler = count_parameters(model.head), count_parameters(model.pooler)
    assert head == 622_650
    assert count_parameters(model) - head == bert_parameters(**sizes) == 109_482_240
    assert count_parameters(theirs[0]) == 109_482_240
    assert count_parameters(theirs[1]) == count_parameters(model) - pooler


def test_recording_shows_every_layer(model):
    ids = random_ids(2, 6)
    with record(model) as maps:
        recorded = model(ids)
    checks.same(recorded, model(ids))
    for layer in range(3):
        checks.rows_sum_to_one(maps[f"blocks.{layer}.attention.weights"][0])


def test_gradients_reach_every_parameter():
    model = BERT(config())
    hidden = model(random_ids(2, 20), segments=random_ids(2, 20, vocabulary=2))
    (model.logits(hidden).square().sum() + model.pooled(hidden).square().sum()).backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad.any(), name


BAD_SEGMENTS = {
    "list": ([[0, 1]], TypeError, ["torch.Tensor", "list"]),
    "float": (torch.zeros(2, 5), TypeError, ["int64", "float32"]),
    "too few": (torch.zeros(2, 4, dtype=torch.long), ValueError, ["(2, 5)", "(2, 4)"]),
    "flat": (torch.zeros(5, dtype=torch.long), ValueError, ["(2, 5)", "(5,)"]),
}


@pytest.mark.bad_input
@pytest.mark.parametrize(("segments", "error", "words"), BAD_SEGMENTS.values(), ids=BAD_SEGMENTS)
def test_bad_segments(model, segments, error, words):
    with pytest.raises(error) as caught:
        model(random_ids(2, 5), segments=segments)
    for word in ["BERT", "segments", *words]:
        assert word in str(caught.value)


@pytest.mark.bad_input
def test_case_31_segments_and_ids_out_of_range(model):
    ids = random_ids(1, 3)
    with pytest.raises(IndexError, match=r"BERT: segments\[0, 0\] is 2, but n_segments is 2"):
        model(ids, segments=torch.full_like(ids, 2))
    with pytest.raises(IndexError, match=r"BERT: ids\[0, 0\] is 37, but vocab_size is 37"):
        model(torch.full_like(ids, 37))
    with pytest.raises(ValueError, match="BERT: segments were given, but the model's n_segments"):
        BERT(dataclasses.replace(model.config, n_segments=0))(ids, segments=ids)


BAD_CALLS = {
    "long": (torch.zeros(1, 21, dtype=torch.long), None, ValueError, "max_len is 20"),
    "flat": (torch.zeros(3, dtype=torch.long), None, ValueError, "ids[None]"),
    "text": ("robot", None, TypeError, "torch.Tensor"),
    "mask of ints": (torch.zeros(1, 2, dtype=torch.long), torch.ones(1, 2), TypeError, "bool"),
    "flat mask": (
        torch.zeros(1, 2, dtype=torch.long),
        torch.ones(1, 2, dtype=torch.bool),
        ValueError,
        "(1, 1, 1, 2)",
    ),
}


@pytest.mark.bad_input
@pytest.mark.parametrize(("ids", "mask", "error", "word"), BAD_CALLS.values(), ids=BAD_CALLS)
def test_case_10_bad_calls(model, refused, ids, mask, error, word):
    with refused(error, "BERT", word):
        model(ids, mask=mask)


@pytest.mark.bad_input
def test_bad_hidden_states_and_configs(model, refused):
    with refused(TypeError, "BERT", "config", "int"):
        BERT(3)
    narrow, flat = torch.zeros(2, 3, 8).double(), torch.zeros(2, 24).double()
    for function in (model.logits, model.pooled):
        with refused(ValueError, "BERT." + function.__name__, "hidden", "24", "(2, 3, 8)"):
            function(narrow)
    with refused(ValueError, "BERT.pooled", "(batch, tokens, 24)", "(2, 24)"):
        model.pooled(flat)
