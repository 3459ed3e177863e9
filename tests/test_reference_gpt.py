import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from transformers import GPT2Config, GPT2LMHeadModel

from attention_book import reference

VOCABULARY, POSITIONS, WIDTH, HEADS, LAYERS = 37, 20, 24, 4, 3


def array(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def torch_linear(n_in, n_out, seed=0):
    """A torch layer with random numbers, and the same as arguments of reference.linear."""
    layer = nn.Linear(n_in, n_out, dtype=torch.float64)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(array(n_out, n_in, seed=seed)))
        layer.bias.copy_(torch.from_numpy(array(n_out, seed=seed + 1)))
    return layer, {"weight": layer.weight.T.detach().numpy(), "bias": layer.bias.detach().numpy()}


def agrees(ours, theirs, tolerance=1e-12):
    theirs = theirs.detach().numpy()
    scale = max(1.0, np.abs(theirs).max())
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=tolerance * scale)


@pytest.fixture(scope="module")
def hugging_face():
    sizes = {"vocab_size": VOCABULARY, "n_positions": POSITIONS, "n_embd": WIDTH}
    config = GPT2Config(**sizes, n_head=HEADS, n_layer=LAYERS, bos_token_id=0, eos_token_id=0)
    config._attn_implementation = "eager"
    model = GPT2LMHeadModel(config).double().eval()
    with torch.no_grad():
        for i, parameter in enumerate(model.parameters()):
            parameter.copy_(torch.from_numpy(0.3 * array(*parameter.shape, seed=i)))
    return model


@pytest.fixture(scope="module")
def gpt2(hugging_face):
    state = {k: v.numpy() for k, v in hugging_face.transformer.state_dict().items()}
    return reference.gpt_parameters(state) | {"n_heads": HEADS}


@pytest.fixture(scope="module")
def ids():
    return np.random.default_rng(7).integers(VOCABULARY, size=(2, POSITIONS))


def test_linear_equals_torch():
    layer, parameters = torch_linear(5, 3)
    x = array(2, 4, 5)
    agrees(reference.linear(x, **parameters), layer(torch.from_numpy(x)))
    np.testing.assert_array_equal(
        reference.linear(x, parameters["weight"]), x @ layer.weight.T.detach().numpy()
    )


@given(st.integers(1, 9), st.floats(1e-3, 1e3), st.integers(0, 99))
def test_layer_norm_equals_torch(width, scale, seed):
    x, w, b = scale * array(3, width, seed=seed), array(width, seed=1), array(width, seed=2)
    expected = F.layer_norm(torch.from_numpy(x), (width,), torch.from_numpy(w), torch.from_numpy(b))
    agrees(reference.layer_norm(x, w, b), expected, 1e-11)


def test_layer_norm_with_the_unbiased_variance_would_not_pass():
    x = array(3, 8)
    unbiased = (x - x.mean(-1, keepdims=True)) / x.std(-1, keepdims=True, ddof=1)
    with pytest.raises(AssertionError):
        agrees(unbiased, F.layer_norm(torch.from_numpy(x), (8,)), 1e-3)


@given(st.lists(st.floats(-1e3, 1e3), min_size=1))
def test_the_bends_equal_torch(x):
    x = np.array(x)
    agrees(reference.relu(x), F.relu(torch.from_numpy(x)))
    agrees(reference.gelu(x), F.gelu(torch.from_numpy(x)))
    agrees(reference.gelu_tanh(x), F.gelu(torch.from_numpy(x), approximate="tanh"))


def test_the_two_gelus_differ_by_less_than_a_thousandth_but_differ():
    x = np.linspace(-5, 5, 1001)
    gap = np.abs(reference.gelu(x) - reference.gelu_tanh(x)).max()
    assert 1e-4 < gap < 1e-3


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (reference.gelu, nn.GELU()),
        (reference.gelu_tanh, nn.GELU("tanh")),
        (reference.relu, nn.ReLU()),
    ],
)
def test_feed_forward_equals_torch(ours, theirs):
    (up, c_fc), (down, c_proj) = torch_linear(6, 24), torch_linear(24, 6, seed=5)
    x = array(2, 5, 6)
    agrees(reference.feed_forward(x, c_fc, c_proj, ours), down(theirs(up(torch.from_numpy(x)))))


@pytest.mark.parametrize("n_heads", [1, 2, 3, 6])
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("crossed", [False, True])
def test_multi_head_attention_equals_torch(n_heads, masked, crossed):
    theirs = nn.MultiheadAttention(12, n_heads, batch_first=True, dtype=torch.float64)
    packed = array(36, 12), array(36, seed=1)
    out, o_proj = torch_linear(12, 12, seed=2)
    with torch.no_grad():
        theirs.in_proj_weight.copy_(torch.from_numpy(packed[0]))
        theirs.in_proj_bias.copy_(torch.from_numpy(packed[1]))
    theirs.out_proj.load_state_dict(out.state_dict())
    projections = [
        {"weight": w.T, "bias": b} for w, b in zip(*(np.split(p, 3) for p in packed), strict=True)
    ]
    x = array(2, 5, 12, seed=3)
    memory = array(2, 7, 12, seed=4) if crossed else x
    mask = np.random.default_rng(0).random((5, memory.shape[1])) < 0.6 if masked else None
    if masked:
        mask[:, 0] = True
    y = torch.from_numpy(memory)
    blocked = ~torch.from_numpy(mask) if masked else None
    expected, _ = theirs(torch.from_numpy(x), y, y, attn_mask=blocked)
    ours = reference.multi_head_attention(
        x, *projections, o_proj, n_heads, memory if crossed else None, mask
    )
    agrees(ours, expected)


def test_self_attention_is_multi_head_attention_with_the_projections_side_by_side():
    parts = [{"weight": array(12, 12, seed=i), "bias": array(12, seed=9 + i)} for i in range(4)]
    side_by_side = {
        name: np.concatenate([part[name] for part in parts[:3]], axis=-1) for name in parts[0]
    }
    x = array(2, 5, 12)
    np.testing.assert_allclose(
        reference.self_attention(x, side_by_side, parts[3], n_heads=3),
        reference.multi_head_attention(x, *parts, n_heads=3),
        atol=1e-10,
    )


def test_causal_mask_by_hand():
    assert reference.causal_mask(2, 3).tolist() == [[True, True, False], [True, True, True]]


@pytest.mark.parametrize("norm_first", [False, True])
@pytest.mark.parametrize("causal", [False, True])
def test_block_equals_torch_in_both_norm_orders(norm_first, causal):
    theirs = nn.TransformerEncoderLayer(
        12, 3, 48, 0.0, "gelu" if norm_first else "relu", batch_first=True, norm_first=norm_first
    ).double()
    with torch.no_grad():
        for i, parameter in enumerate(theirs.parameters()):
            parameter.copy_(torch.from_numpy(0.3 * array(*parameter.shape, seed=i)))
    p = {name: value.numpy() for name, value in theirs.state_dict().items()}

    def pair(name, t=False):
        return {
            "weight": p[f"{name}.weight"].T if t else p[f"{name}.weight"],
            "bias": p[f"{name}.bias"],
        }

    attn = {
        "c_attn": {"weight": p["self_attn.in_proj_weight"].T, "bias": p["self_attn.in_proj_bias"]},
        "c_proj": pair("self_attn.out_proj", t=True),
    }
    mlp = {"c_fc": pair("linear1", t=True), "c_proj": pair("linear2", t=True)}
    norms = {"ln_1": pair("norm1"), "ln_2": pair("norm2")}
    x = array(2, 5, 12)
    blocked = torch.ones(5, 5).triu(1).bool() if causal else None
    mask = reference.causal_mask(5, 5) if causal else None
    expected = theirs(torch.from_numpy(x), src_mask=blocked)
    if norm_first:
        exact = mlp | {"activation": reference.gelu}
        ours = reference.block(x, **norms, attn=attn, mlp=exact, n_heads=3, mask=mask)
    else:
        ours = reference.post_norm_block(x, **norms, attn=attn, mlp=mlp, n_heads=3, mask=mask)
    agrees(ours, expected)


def test_gpt_equals_hugging_face(hugging_face, gpt2, ids):
    agrees(reference.gpt(ids, **gpt2), hugging_face(torch.from_numpy(ids)).logits)


def test_gpt_takes_one_sentence_as_well_as_a_batch(gpt2, ids):
    np.testing.assert_allclose(
        reference.gpt(ids, **gpt2)[1], reference.gpt(ids[1], **gpt2), atol=1e-11
    )


def test_gpt_with_one_matrix_transposed_is_another_model(hugging_face, gpt2, ids):
    first, *rest = gpt2["blocks"]
    c_proj = first["attn"]["c_proj"]
    turned = c_proj | {"weight": c_proj["weight"].T}
    blocks = [first | {"attn": first["attn"] | {"c_proj": turned}}, *rest]
    with pytest.raises(AssertionError):
        agrees(
            reference.gpt(ids, **gpt2 | {"blocks": blocks}),
            hugging_face(torch.from_numpy(ids)).logits,
            1e-3,
        )


def test_no_token_of_gpt_sees_the_future(gpt2, ids):
    changed = ids.copy()
    changed[:, 9] = (changed[:, 9] + 1) % VOCABULARY
    before, after = reference.gpt(ids, **gpt2), reference.gpt(changed, **gpt2)
    np.testing.assert_array_equal(before[:, :9], after[:, :9])
    assert np.abs(before[:, 9:] - after[:, 9:]).max() > 1e-3


def test_gpt_parameters_reads_a_whole_language_model_and_ignores_old_masks(hugging_face, gpt2, ids):
    state = {k: v.numpy() for k, v in hugging_face.state_dict().items()}
    state["transformer.h.0.attn.bias"] = np.tri(POSITIONS)[None, None]
    state["transformer.h.0.attn.masked_bias"] = np.array(-1e4)
    whole = reference.gpt_parameters(state)
    np.testing.assert_array_equal(
        reference.gpt(ids, **whole, n_heads=HEADS), reference.gpt(ids, **gpt2)
    )


def test_gpt_computes_in_float64_whatever_the_checkpoint_holds(gpt2, hugging_face, ids):
    state = {k: v.half().numpy() for k, v in hugging_face.transformer.state_dict().items()}
    assert reference.gpt(ids, **reference.gpt_parameters(state), n_heads=HEADS).dtype == np.float64


@settings(max_examples=30)
@given(cuts=st.sets(st.integers(1, POSITIONS - 1)))
def test_case_34_every_way_of_cutting_the_input_gives_the_same_logits(gpt2, ids, cuts):
    caches, logits = None, []
    for chunk in np.split(ids, sorted(cuts), axis=1):
        step, caches = reference.gpt_step(chunk, caches, **gpt2)
        logits.append(step)
    full = reference.gpt(ids, **gpt2)
    np.testing.assert_allclose(
        np.concatenate(logits, axis=1), full, rtol=0, atol=1e-12 * np.abs(full).max()
    )


def test_a_stale_cache_would_be_noticed(gpt2, ids):
    _, stale = reference.gpt_step(ids[:, :5][:, ::-1], None, **gpt2)
    step, _ = reference.gpt_step(ids[:, 5:], stale, **gpt2)
    assert np.abs(step - reference.gpt(ids, **gpt2)[:, 5:]).max() > 1e-3


def test_gpt_step_leaves_the_caches_it_was_given_alone(gpt2, ids):
    _, caches = reference.gpt_step(ids[:, :5], None, **gpt2)
    before = [k.copy() for k, _ in caches]
    reference.gpt_step(ids[:, 5:6], caches, **gpt2)
    assert all(np.array_equal(a, k) for a, (k, _) in zip(before, caches, strict=True))


def test_decode_writes_what_hugging_face_writes(hugging_face, gpt2, ids):
    prompt = torch.from_numpy(ids[:1, :5])
    expected = hugging_face.generate(
        prompt,
        attention_mask=torch.ones_like(prompt),
        max_new_tokens=15,
        do_sample=False,
        eos_token_id=None,
        pad_token_id=0,
    )
    assert [*reference.decode(ids[0, :5], 15, **gpt2)] == expected[0, 5:].tolist()


def test_decode_equals_choosing_from_the_full_forward_each_time(gpt2):
    text = [3, 1, 4]
    for chosen in reference.decode(np.array(text), 10, **gpt2):
        assert chosen == reference.gpt(text, **gpt2)[-1].argmax()
        text.append(chosen)


BAD_IDS = {
    "negative": ([3, -1], IndexError, "id -1 at [1]"),
    "too large": ([[0, 1], [2, VOCABULARY]], IndexError, "vocabulary of 37"),
    "empty": ([], ValueError, "at least one"),
    "no tokens": (np.zeros((2, 0), int), ValueError, "(2, 0)"),
    "single number": (3, ValueError, "shape ()"),
    "float": ([1.0, 2.0], ValueError, "float64"),
    "bool": ([True, False], ValueError, "bool"),
    "text": (["a"], ValueError, "whole numbers"),
    "complex": ([1j], ValueError, "complex"),
    "none": ([None], ValueError, "object"),
    "too many": ([0] * (POSITIONS + 1), ValueError, "0 + 21 tokens, but wpe has 20"),
}


@pytest.mark.bad_input
@pytest.mark.parametrize("function", ["gpt", "gpt_step"])
@pytest.mark.parametrize("case", BAD_IDS)
def test_case_31_bad_ids_are_named(gpt2, function, case):
    bad, error, words = BAD_IDS[case]
    arguments = [bad] if function == "gpt" else [bad, None]
    with pytest.raises(error) as caught:
        getattr(reference, function)(*arguments, **gpt2)
    assert words in str(caught.value)
    assert str(caught.value).startswith(f"{function}: ")


@pytest.mark.bad_input
def test_case_32_more_tokens_than_positions_also_in_the_middle(gpt2, ids):
    _, caches = reference.gpt_step(ids, None, **gpt2)
    with pytest.raises(ValueError, match=r"20 \+ 1 tokens, but wpe has 20"):
        reference.gpt_step(ids[:, :1], caches, **gpt2)


@pytest.mark.bad_input
@pytest.mark.parametrize("n_heads", [0, -1, 5, 48, True, 2.0, "2", None, math.nan])
def test_case_19_bad_numbers_of_heads_are_named(gpt2, ids, n_heads):
    with pytest.raises(ValueError, match="n_heads"):
        reference.gpt(ids, **gpt2 | {"n_heads": n_heads})


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "lacking", ["wte", "wpe", "ln_f", "h.1.attn.c_proj", "h.0.ln_1", "h.2.mlp", "h.1", "h"]
)
def test_case_43_a_checkpoint_that_lacks_a_part_is_refused(hugging_face, lacking):
    state = hugging_face.transformer.state_dict()
    kept = {k: v.numpy() for k, v in state.items() if not k.startswith(f"{lacking}.")}
    with pytest.raises(ValueError, match="gpt_parameters") as caught:
        reference.gpt_parameters(kept)
    assert lacking.split(".")[-1] in str(caught.value)
