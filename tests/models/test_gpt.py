import dataclasses
import math

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from attention_book import KVCache, checks, padding_mask, record, reference
from attention_book.counting import count_parameters, gpt_parameters
from attention_book.models import GPT
from attention_book.models.pretrained import load_gpt2

from .drawn import random_ids, randomized, small


@pytest.fixture(scope="module")
def model():
    return randomized(GPT(small()))


def caches(model, room=20):
    return [KVCache(room) for _ in model.blocks]


def in_pieces(model, ids, sizes, mask=None, room=20):
    kept, outputs = caches(model, room), []
    for piece in ids.split(sizes, dim=1):
        end = kept[0].length + piece.shape[1]
        seen = None if mask is None else mask[..., :end]
        outputs.append(model(piece, mask=seen, caches=kept))
    return torch.cat(outputs, dim=1)


def test_equals_hugging_face(hf_gpt, gpt_folder):
    ids = random_ids(3, 20)
    checks.same(load_gpt2(gpt_folder)(ids), hf_gpt(ids).logits, 1e-12)


def test_equals_the_specification(hf_gpt, gpt_folder):
    state = {name: x.numpy() for name, x in hf_gpt.transformer.state_dict().items()}
    parameters = reference.gpt_parameters(state)
    ids = random_ids(3, 20)
    ours = load_gpt2(gpt_folder)(ids)
    checks.same(ours, reference.gpt(ids.numpy(), **parameters, n_heads=4), 1e-12)


def test_case_34_every_step_of_the_specification_with_a_cache(hf_gpt, gpt_folder):
    state = {name: x.numpy() for name, x in hf_gpt.transformer.state_dict().items()}
    parameters = reference.gpt_parameters(state) | {"n_heads": 4}
    ids, model, theirs = random_ids(1, 9), load_gpt2(gpt_folder), None
    ours = caches(model)
    for piece in ids.split([4, 1, 1, 3], dim=1):
        expected, theirs = reference.gpt_step(piece[0].numpy(), theirs, **parameters)
        checks.same(model(piece, caches=ours)[0], expected, 1e-12)


@pytest.mark.parametrize("norm_first", [True, False])
@pytest.mark.parametrize("positions", ["learned", "sinusoidal", "none"])
def test_never_looks_ahead(norm_first, positions):
    model = randomized(GPT(small(norm_first=norm_first, positions=positions)))
    checks.causal(model, random_ids(2, 8))


@settings(max_examples=25)
@given(sizes=st.lists(st.integers(1, 5), min_size=1, max_size=4), spare=st.integers(0, 3))
def test_case_34_every_way_to_cut(model, sizes, spare):
    ids = random_ids(2, sum(sizes))
    checks.same(in_pieces(model, ids, sizes, room=sum(sizes) + spare), model(ids))


@settings(max_examples=30)
@given(
    sizes=st.lists(st.integers(1, 4), min_size=1, max_size=4),
    lengths=st.lists(st.integers(1, 4), min_size=2, max_size=2),
    left=st.booleans(),
)
def test_case_13_padding_changes_nothing_at_real_tokens(model, sizes, lengths, left):
    n = sum(sizes)
    lengths = torch.tensor(lengths).clamp(max=n)
    ids, mask = random_ids(2, n), padding_mask(lengths, n)
    mask = mask.flip(-1) if left else mask
    padded = in_pieces(model, ids, sizes, mask)
    for row in range(2):
        real = mask[row, 0, 0]
        checks.same(padded[row, real], model(ids[row, real][None])[0])


@pytest.mark.parametrize("left", [True, False])
def test_case_13_and_14_left_and_right_word_by_word(model, left):
    ids, mask = random_ids(2, 7), padding_mask(torch.tensor([7, 4]), 7)
    mask = mask.flip(-1) if left else mask
    padded, real = in_pieces(model, ids, [4, 2, 1], mask), mask[1, 0, 0]
    checks.same(padded[0], model(ids[:1])[0])
    checks.same(padded[1, real], model(ids[1, real][None])[0])


def test_case_13_padding_on_the_right_equals_hugging_face(hf_gpt, gpt_folder):
    ids, lengths = random_ids(3, 9), torch.tensor([9, 4, 1])
    mask = padding_mask(lengths, 9)
    theirs = hf_gpt(ids, attention_mask=mask[:, 0, 0].long()).logits
    ours = load_gpt2(gpt_folder)(ids, mask=mask)
    for row, length in enumerate(lengths):
        checks.same(ours[row, :length], theirs[row, :length], 1e-12)


def test_case_13_a_mask_of_real_tokens_only_changes_nothing(model):
    ids = random_ids(2, 7)
    checks.same(model(ids, mask=padding_mask(torch.tensor([7, 7]), 7)), model(ids))


def test_case_16_a_row_does_not_depend_on_its_batch(model):
    ids = random_ids(8, 12)
    checks.same(model(ids), torch.cat([model(row[None]) for row in ids]))
    single, ids = GPT(small()).eval(), random_ids(8, 12)
    with torch.no_grad():
        checks.same(single(ids), torch.cat([single(row[None]) for row in ids]), 1e-5)


def test_case_16_no_rows_at_all(model):
    assert model(random_ids(0, 5)).shape == (0, 5, 37)


def test_case_22_nothing_given_is_changed(model):
    ids, mask = random_ids(2, 5), padding_mask(torch.tensor([5, 3]), 5)
    before = ids.clone(), mask.clone()
    model(ids, mask=mask)
    assert torch.equal(ids, before[0])
    assert torch.equal(mask, before[1])


def test_case_29_dropout_is_off_at_evaluation_and_on_in_training():
    model, ids = randomized(GPT(small(dropout=0.5))), random_ids(2, 5)
    assert torch.equal(model(ids), model(ids))
    assert not torch.equal(model.train()(ids), model(ids))


def test_dropout_falls_on_the_embeddings_too():
    model, ids = randomized(GPT(small(dropout=0.5))).train(), random_ids(2, 5)
    model.blocks.eval()
    assert not torch.equal(model(ids), model(ids))
    with record(model, replace={"embeddings.output": torch.zeros_like}):
        assert torch.equal(model(ids), model(ids))


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_case_38_logits_have_the_dtype_of_the_model(dtype):
    assert GPT(small()).to(dtype)(random_ids(1, 5)).dtype == dtype


def test_case_40_the_same_bits_every_time(model):
    ids = random_ids(2, 9)
    first = model(ids)
    assert all(torch.equal(model(ids), first) for _ in range(100))


@pytest.mark.parametrize("norm_first", [True, False])
@pytest.mark.parametrize(("std", "surplus"), [(0.02, 0), (None, 0.5)])
def test_the_first_loss_is_that_of_guessing(norm_first, std, surplus):
    """Logits of spread 1, as the default spread makes them, cost half a nat more."""
    torch.manual_seed(0)
    model = GPT(small(norm_first=norm_first, vocab_size=500, init_std=std))
    ids = random_ids(8, 20, vocabulary=500)
    loss = F.cross_entropy(model(ids)[:, :-1].flatten(0, 1), ids[:, 1:].flatten())
    assert loss.item() == pytest.approx(math.log(500) + surplus, abs=0.1)


@pytest.mark.parametrize(("given", "std"), [({"init_std": 0.02}, 0.02), ({}, 1 / 10)])
def test_starts_as_gpt2_does_with_the_spread_of_the_config(given, std):
    torch.manual_seed(0)
    model = GPT(small(d_model=100, n_layers=8, **given))
    for block in model.blocks:
        for sublayer in (block.attention.o_proj, block.feed_forward.down_proj):
            assert sublayer.weight.std().item() == pytest.approx(std / 4, rel=0.1)
        assert block.attention.q_proj.weight.std().item() == pytest.approx(std, rel=0.1)
        assert not block.attention.q_proj.bias.any()
    assert model.embeddings.tokens.weight.std().item() == pytest.approx(std, rel=0.1)
    assert model.embeddings.positions.codes.std().item() == pytest.approx(std, rel=0.1)


@pytest.mark.parametrize("tied", [True, False])
def test_case_42_tied_before_and_after_a_file(tied, tmp_path):
    from safetensors.torch import load_file, save_file

    model = GPT(small(tie_embeddings=tied))
    save_file(model.state_dict(), tmp_path / "model.safetensors")
    loaded = GPT(model.config)
    loaded.load_state_dict(load_file(tmp_path / "model.safetensors"))
    ids = random_ids(2, 5)
    checks.same(loaded(ids), model(ids), 0)
    with torch.no_grad():
        loaded.embeddings.tokens.weight[:] = 0
    assert bool(loaded(ids).any()) is not tied


def test_case_42_a_tied_table_learns_from_both_ends():
    model = GPT(small())
    model(torch.zeros(1, 3, dtype=torch.long)).square().sum().backward()
    assert model.embeddings.tokens.weight.grad.any(-1).all()  # also tokens that were never read


def test_gradients_reach_every_parameter():
    model = GPT(small())
    model(random_ids(2, 20)).square().sum().backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad.any(), name


def test_recording_shows_every_layer_and_changes_nothing(model):
    ids = random_ids(2, 6)
    with record(model) as maps:
        recorded = model(ids)
    checks.same(recorded, model(ids))
    assert maps["blocks.2.attention.weights"][0].shape == (2, 4, 6, 6)
    checks.same(maps["embeddings.output"][0], model.embeddings(ids))


def test_124439808_parameters():
    sizes = {"vocab_size": 50257, "max_len": 1024, "d_model": 768, "n_heads": 12, "n_layers": 12}
    with torch.device("meta"):
        model = GPT(small(**sizes))
    assert count_parameters(model) == gpt_parameters(**sizes) == 124_439_808


def test_case_35_a_cache_of_another_batch_is_refused_and_a_new_one_starts_afresh(model):
    kept, ids = caches(model), random_ids(2, 4)
    model(ids, caches=kept)
    with pytest.raises(ValueError, match="batch of 2, got a batch of 3"):
        model(random_ids(3, 1), caches=kept)
    checks.same(model(ids, caches=caches(model)), model(ids))


def test_case_32_across_the_edge(model):
    kept = caches(model, 30)
    model(random_ids(1, 20), caches=kept)
    with pytest.raises(ValueError, match="1 tokens after 20 earlier ones, but max_len is 20"):
        model(random_ids(1, 1), caches=kept)
    assert kept[0].length == 20


def test_case_33_an_overflow_leaves_every_cache_as_it_was(model):
    kept, ids = caches(model, 5), random_ids(1, 7)
    model(ids[:, :4], caches=kept)
    with pytest.raises(ValueError, match="2 more do not fit"):
        model(ids[:, 4:6], caches=kept)
    checks.same(model(ids[:, 4:5], caches=kept), model(ids[:, :5])[:, 4:])


BAD_IDS = {
    "list": ([[1, 2]], TypeError, ["torch.Tensor", "torch.tensor(ids)"]),
    "float": (torch.zeros(1, 2), TypeError, ["int64", "float32"]),
    "bool": (torch.ones(1, 2, dtype=torch.bool), TypeError, ["int64", "bool"]),
    "uint8": (torch.ones(1, 2, dtype=torch.uint8), TypeError, ["int64", "uint8"]),
    "flat": (torch.zeros(3, dtype=torch.long), ValueError, ["(batch, tokens)", "ids[None]"]),
    "deep": (torch.zeros(1, 1, 3, dtype=torch.long), ValueError, ["(1, 1, 3)"]),
    "empty": (torch.zeros(2, 0, dtype=torch.long), ValueError, ["at least one token"]),
    "long": (torch.zeros(1, 21, dtype=torch.long), ValueError, ["21 tokens", "max_len is 20"]),
    "meta": (torch.zeros(1, 2, dtype=torch.long, device="meta"), TypeError, ["meta", "cpu"]),
}


@pytest.mark.bad_input
@pytest.mark.parametrize(("ids", "error", "words"), BAD_IDS.values(), ids=BAD_IDS)
def test_case_31_bad_ids(model, refused, ids, error, words):
    with refused(error, "GPT", "ids", *words):
        model(ids)


@pytest.mark.bad_input
@pytest.mark.parametrize("wrong", [-1, 37, 10**9, -(2**62)])
def test_case_31_ids_outside_the_vocabulary(model, wrong):
    ids = random_ids(2, 3)
    ids[1, 2] = wrong
    with pytest.raises(IndexError, match=rf"GPT: ids\[1, 2\] is {wrong}, but vocab_size is 37"):
        model(ids)


MASK = padding_mask(torch.tensor([5, 3]), 5)
BAD_MASKS = {
    "int": (MASK.long(), TypeError, ["bool", "int64"]),
    "float": (MASK.double(), TypeError, ["bool", "float64"]),
    "list": ([[True] * 5] * 2, TypeError, ["torch.Tensor", "list"]),
    "two axes": (MASK[:, 0, 0], ValueError, ["(2, 1, 1, 5)", "(2, 5)"]),
    "too short": (MASK[..., :4], ValueError, ["(2, 1, 1, 4)"]),
    "other batch": (MASK[[0, 1, 1]], ValueError, ["(3, 1, 1, 5)"]),
    "for every query": (MASK.expand(2, 1, 5, 5), ValueError, ["(2, 1, 5, 5)"]),
    "meta": (MASK.to("meta"), TypeError, ["meta", "cpu"]),
}


@pytest.mark.bad_input
@pytest.mark.parametrize(("mask", "error", "words"), BAD_MASKS.values(), ids=BAD_MASKS)
def test_case_10_bad_padding(model, refused, mask, error, words):
    ids = random_ids(2, 5)
    with refused(error, "GPT", "mask", *words):
        model(ids, mask=mask)


@pytest.mark.bad_input
def test_case_10_a_mask_of_two_axes_gets_the_advice_that_works(model, refused):
    """As Hugging Face has it: bool, (batch, tokens)."""
    ids, flat = random_ids(2, 5), MASK[:, 0, 0]
    with refused(ValueError, "GPT: mask", "(2, 5)", "write mask[:, None, None]"):
        model(ids, mask=flat)
    checks.same(model(ids, mask=flat[:, None, None]), model(ids, mask=MASK), 0)


def _shared(cache=None):
    cache = KVCache(20)
    return [cache, cache, cache]


def _uneven():
    uneven = [KVCache(20) for _ in range(3)]
    uneven[1].append(torch.zeros(2, 4, 1, 6), torch.zeros(2, 4, 1, 6))
    return uneven


BAD_CACHES = {
    "one": (KVCache(20), TypeError, ["list of KVCache", "KVCache"]),
    "none": ([], ValueError, ["each of the 3 blocks", "0"]),
    "two": ([KVCache(20), KVCache(20)], ValueError, ["each of the 3 blocks", "2"]),
    "tensors": ([torch.zeros(1)] * 3, TypeError, ["list of KVCache", "Tensor"]),
    "shared": (_shared(), ValueError, ["a cache of its own"]),
    "uneven": (_uneven(), ValueError, ["all of one length", "[0, 1]"]),
    "small": ([KVCache(4) for _ in range(3)], ValueError, ["room for 4", "5 more"]),
    "small last": ([KVCache(9), KVCache(9), KVCache(4)], ValueError, ["room for 4", "5 more"]),
}


@pytest.mark.bad_input
@pytest.mark.parametrize(("caches", "error", "words"), BAD_CACHES.values(), ids=BAD_CACHES)
def test_case_35_bad_caches(model, refused, caches, error, words):
    ids = random_ids(2, 5)
    with refused(error, "GPT", *words):
        model(ids, caches=caches)


@pytest.mark.bad_input
def test_bad_configs_and_hidden_states(model, refused):
    with refused(TypeError, "GPT", "config", "Config", "dict"):
        GPT({"d_model": 8})
    with refused(ValueError, "GPT", "n_segments", "2"):
        GPT(dataclasses.replace(model.config, n_segments=2))
    wrong = torch.zeros(2, 3, 23, dtype=torch.float64), torch.zeros(2, 3, 24)
    with refused(ValueError, "GPT.logits", "hidden", "24", "(2, 3, 23)"):
        model.logits(wrong[0])
    with refused(TypeError, "GPT.logits", "hidden", "float32"):
        model.logits(wrong[1])
    with refused(TypeError, "GPT.logits", "hidden", "list"):
        model.logits([1.0])
