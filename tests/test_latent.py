import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from attention_book import KVCache, LatentAttention, MultiHeadAttention, causal_mask, checks
from attention_book.latent import from_deepseek


def normal(*shape, seed=0):
    return torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def make(d_model=24, n_heads=3, d_latent=5, **sizes):
    torch.manual_seed(0)
    layer = LatentAttention(d_model, n_heads, d_latent, **sizes).double().requires_grad_(False)
    layer.norm.weight.uniform_(0.5, 1.5)
    return layer


@pytest.mark.parametrize("d_rotary", [0, 4])
def test_absorbed_is_plain(d_rotary):
    layer, x = make(d_rotary=d_rotary), normal(2, 7, 24)
    parts = layer.seen(x)
    plain = layer.plain(*parts, causal=True)
    checks.same(layer.absorbed(*parts, causal=True), plain)
    checks.same(layer.absorbed(*parts, mask=causal_mask(7)), plain)


@given(sizes=st.lists(st.integers(0, 3), min_size=1, max_size=6), d_rotary=st.sampled_from([0, 4]))
def test_every_way_to_cut_a_text(sizes, d_rotary):
    layer, x = make(d_rotary=d_rotary), normal(2, sum(sizes), 24)
    cache = KVCache(max(1, sum(sizes)))
    parts = [layer(part, causal=True, cache=cache) for part in x.split(sizes, dim=1)]
    checks.same(torch.cat(parts, dim=1), layer(x, causal=True))
    assert (cache.k.shape[1:], cache.v.shape[3]) == ((1, cache.k.shape[2], 5), d_rotary)


def test_without_a_rotary_part_it_is_multi_head_attention_with_a_product_for_keys_and_values():
    layer, x = make(d_head=8), normal(2, 7, 24)
    layer.norm.weight.fill_(1)
    heads = MultiHeadAttention(5, 3, d_k=8, d_v=8, bias=False).double().requires_grad_(False)
    latents = layer.seen(x)[1][:, 0]
    k, v = heads._split(layer.k_proj(latents)), heads._split(layer.v_proj(latents))
    q = heads._split(layer.q_proj(x))
    expected = torch.nn.functional.scaled_dot_product_attention(q, k, v)
    checks.same(layer(x), layer.o_proj(expected.transpose(1, 2).flatten(2)))


def test_it_is_the_module_of_deepseek_v3():
    modeling = pytest.importorskip("transformers.models.deepseek_v3.modeling_deepseek_v3")
    theirs, config = deepseek(modeling)
    ours = from_deepseek(theirs.state_dict(), 3, 4)
    x = normal(2, 9, 24).float()
    turns = modeling.DeepseekV3RotaryEmbedding(config)(x, torch.arange(9)[None])
    bias = torch.zeros(9, 9).masked_fill(~causal_mask(9), torch.finfo(torch.float32).min)
    expected = theirs(x, turns, bias[None, None])[0]
    checks.same(ours(x, causal=True), expected, 1e-5)
    cache = KVCache(9)
    parts = [ours(part, causal=True, cache=cache) for part in x.split([4, 1, 1, 3], dim=1)]
    checks.same(torch.cat(parts, dim=1), expected, 1e-5)


def deepseek(modeling):
    from transformers import DeepseekV3Config

    sizes = {"hidden_size": 24, "num_attention_heads": 3, "num_key_value_heads": 3}
    widths = {"qk_nope_head_dim": 8, "qk_rope_head_dim": 4, "v_head_dim": 8}
    config = DeepseekV3Config(
        **sizes, **widths, kv_lora_rank=5, q_lora_rank=None, attn_implementation="eager"
    )
    torch.manual_seed(0)
    module = modeling.DeepseekV3Attention(config, 0).eval().requires_grad_(False)
    module.kv_a_layernorm.weight.uniform_(0.5, 1.5)
    return module, config


@pytest.mark.bad_input
def test_other_names_are_refused():
    with pytest.raises(ValueError, match="from_deepseek: weights must be q_proj, kv_a_proj"):
        from_deepseek({"q_proj.weight": normal(3, 3)}, 3, 4)


def test_case_59_a_failed_step_leaves_the_cache_as_it_was():
    layer, cache, x = make(d_rotary=4), KVCache(9), normal(1, 3, 24)
    layer(x, causal=True, cache=cache)
    hook = layer.o_proj.register_forward_hook(lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        layer(x[:, :1], cache=cache)
    hook.remove()
    assert cache.length == 3


def test_padding_batches_and_gradients():
    layer, x = make(d_rotary=4).requires_grad_(), normal(2, 5, 24)
    mask = torch.ones(2, 1, 1, 5, dtype=torch.bool)
    mask[1, ..., 3:] = False
    out = layer(x, mask=mask, causal=True)
    checks.same(out[1:, :3], layer(x[1:, :3], causal=True))
    out.sum().backward()
    assert all(p.grad.isfinite().all() for p in layer.parameters())


def test_a_single_token_alone_and_half_precision():
    layer = make(d_rotary=4)
    assert layer(normal(2, 1, 24)).shape == (2, 1, 24)
    assert layer.bfloat16()(normal(2, 4, 24).bfloat16(), causal=True).dtype == torch.bfloat16


@pytest.mark.bad_input
def test_refusals():
    with pytest.raises(ValueError, match="LatentAttention: d_rotary must be even"):
        LatentAttention(24, 3, 5, d_rotary=3)
    with pytest.raises(ValueError, match="LatentAttention: the heads share d_model equally"):
        LatentAttention(25, 3, 5)
    with pytest.raises(ValueError, match="LatentAttention: d_latent must be at least 1"):
        LatentAttention(24, 3, 0)
    with pytest.raises(ValueError, match=r"LatentAttention: x must be \(batch, tokens, 24\)"):
        make()(normal(2, 3, 23))
    with pytest.raises(ValueError, match="does not fit 3 queries and 3 keys"):
        make()(normal(2, 3, 24), mask=torch.ones(3, 4, dtype=torch.bool))
