import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from attention_book import KVCache, causal_mask, checks, padding_mask, record
from attention_book.counting import count_parameters
from attention_book.models import Transformer
from attention_book.models.wirings import LayerToLayer, Mean, Reversed

from .drawn import random_ids, randomized, small

NAMES = {
    "self_attn": "attention",
    "multihead_attn": "cross_attention",
    "linear1": "feed_forward.up_proj",
    "linear2": "feed_forward.down_proj",
}


def config(**changes):
    return small(**{"activation": "relu", "positions": "sinusoidal"} | changes)


def torch_transformer(norm_first):
    """As published: no norm after the last block where every block ends with one."""
    arguments = (24, 4, 96, 0.0, "relu", 1e-5, True, norm_first)
    norm = nn.LayerNorm if norm_first else lambda d: None
    encoder = nn.TransformerEncoder(
        nn.TransformerEncoderLayer(*arguments), 3, norm(24), enable_nested_tensor=False
    )
    decoder = nn.TransformerDecoder(nn.TransformerDecoderLayer(*arguments), 3, norm(24))
    theirs = nn.Transformer(24, 4, batch_first=True, custom_encoder=encoder, custom_decoder=decoder)
    return randomized(theirs, seed=1).train()  # where it leaves its shortcuts; dropout is 0


def copy_block(theirs, ours):
    crossed = hasattr(theirs, "multihead_attn")
    norms = ["attention_residual", *["cross_residual"] * crossed, "feed_forward_residual"]
    pairs = NAMES | {f"norm{i}": f"{name}.norm" for i, name in enumerate(norms, 1)}
    for name, module in theirs.named_children():
        if isinstance(module, nn.MultiheadAttention):
            copy_attention(module, ours.get_submodule(pairs[name]))
        elif name in pairs:
            ours.get_submodule(pairs[name]).load_state_dict(module.state_dict())


def copy_attention(theirs, ours):
    parts = zip(theirs.in_proj_weight.chunk(3), theirs.in_proj_bias.chunk(3), strict=True)
    for projection, (weight, bias) in zip(
        (ours.q_proj, ours.k_proj, ours.v_proj), parts, strict=True
    ):
        projection.load_state_dict({"weight": weight, "bias": bias})
    ours.o_proj.load_state_dict(theirs.out_proj.state_dict())


def copied(theirs, ours):
    for side in ("encoder", "decoder"):
        for layer, block in zip(getattr(theirs, side).layers, getattr(ours, side), strict=True):
            copy_block(layer, block)
        if ours.config.norm_first:
            norm = getattr(theirs, side).norm.state_dict()
            getattr(ours, f"{side}_norm").load_state_dict(norm)
    return ours


@pytest.mark.parametrize("norm_first", [True, False])
@pytest.mark.parametrize("lengths", [None, [7, 3]])
def test_equals_torch(norm_first, lengths):
    theirs = torch_transformer(norm_first)
    ours = copied(theirs, randomized(Transformer(config(norm_first=norm_first))))
    source, target = random_ids(2, 7), random_ids(2, 5, seed=1)
    mask = None if lengths is None else padding_mask(torch.tensor(lengths), 7)
    blocked = None if mask is None else ~mask[:, 0, 0]
    hidden = theirs(
        ours.embeddings(source),
        ours.embeddings(target),
        tgt_mask=~causal_mask(5),
        src_key_padding_mask=blocked,
        memory_key_padding_mask=blocked,
    )
    checks.same(ours(source, target, source_mask=mask), ours.embeddings.logits(hidden), 1e-11)


@pytest.fixture(scope="module")
def plain():
    return randomized(Transformer(config()))


@pytest.fixture(scope="module", params=[Transformer, LayerToLayer, Mean, Reversed])
def model(request):
    return randomized(request.param(config()))


def test_the_target_never_looks_ahead_and_the_source_does(model):
    source, target = random_ids(1, 5), random_ids(1, 6, seed=1)
    checks.causal(lambda ids: model(source, ids), target)
    other = source.clone()
    other[0, -1] = (other[0, -1] + 1) % 37
    assert (model(source, target) != model(other, target)).any(-1).all()


@settings(max_examples=20)
@given(sizes=st.lists(st.integers(1, 5), min_size=1, max_size=4), length=st.integers(1, 7))
def test_case_34_every_way_to_cut(plain, sizes, length):
    model, mask = plain, padding_mask(torch.tensor([7, length]), 7)
    source, target = random_ids(2, 7), random_ids(2, sum(sizes), seed=1)
    memories, caches = model.encode(source, source_mask=mask), [KVCache(20) for _ in model.decoder]
    around = {"source_mask": mask, "caches": caches}
    pieces = [model.decode(x, memories, **around) for x in target.split(sizes, dim=1)]
    checks.same(torch.cat(pieces, dim=1), model(source, target, source_mask=mask))


def test_the_memory_is_projected_once_for_each_layer(model):
    calls = {"k": 0, "v": 0, "encoder": 0}
    count = lambda name: lambda *_: calls.__setitem__(name, calls[name] + 1)  # noqa: E731
    hooks = [model.encoder[0].register_forward_hook(count("encoder"))]
    for block in model.decoder:
        hooks.append(block.cross_attention.k_proj.register_forward_hook(count("k")))
        hooks.append(block.cross_attention.v_proj.register_forward_hook(count("v")))
    memories, caches = model.encode(random_ids(2, 7)), [KVCache(9) for _ in model.decoder]
    for step in random_ids(2, 6, seed=1).split(1, dim=1):
        model.hidden(step, memories, caches=caches)
    for hook in hooks:
        hook.remove()
    assert calls == {"k": 3, "v": 3, "encoder": 1}


def test_case_13_padding_in_source_and_target(model):
    source, target = random_ids(2, 7), random_ids(2, 5, seed=1)
    for left in (False, True):
        masks = padding_mask(torch.tensor([7, 4]), 7), padding_mask(torch.tensor([5, 2]), 5)
        masks = [mask.flip(-1) if left else mask for mask in masks]
        memories = model.encode(source, source_mask=masks[0])
        padded = model.decode(target, memories, source_mask=masks[0], mask=masks[1])
        for row in range(2):
            reals = [mask[row, 0, 0] for mask in masks]
            alone = model(source[row, reals[0]][None], target[row, reals[1]][None])
            checks.same(padded[row, reals[1]], alone[0])


def test_case_16_a_row_does_not_depend_on_its_batch(model):
    source, target = random_ids(4, 7), random_ids(4, 5, seed=1)
    rows = [model(a[None], b[None]) for a, b in zip(source, target, strict=True)]
    checks.same(model(source, target), torch.cat(rows))


def test_the_wirings_read_what_they_say():
    states = [torch.full((1, 1, 24), float(i)) for i in (1, 2, 6)]
    read = {
        kind: [memory[0, 0, 0].item() for memory in kind(config()).memories(states)]
        for kind in (Transformer, LayerToLayer, Mean, Reversed)
    }
    assert read == {
        Transformer: [6, 6, 6],
        LayerToLayer: [1, 2, 6],
        Mean: [3, 3, 3],
        Reversed: [6, 2, 1],
    }


def test_the_wirings_have_the_same_parameters_and_other_logits():
    source, target = random_ids(1, 5), random_ids(1, 5, seed=1)
    kinds = [Transformer, LayerToLayer, Mean, Reversed]
    models = [randomized(kind(config())) for kind in kinds]
    assert len({count_parameters(model) for model in models}) == 1
    outputs = [model(source, target) for model in models]
    for i in range(4):
        for j in range(i):
            assert not torch.allclose(outputs[i], outputs[j])


def test_embeddings_start_with_unit_variance_once_scaled():
    torch.manual_seed(0)
    model = Transformer(config(d_model=96, vocab_size=500, scale_embeddings=True))
    vectors = model.embeddings(random_ids(4, 20, vocabulary=500))
    codes = model.embeddings.positions.codes[:20]
    assert (vectors - codes).std().item() == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize("reads", [True, False])
def test_case_29_dropout_falls_on_both_texts_and_is_off_at_evaluation(reads):
    model, ids = randomized(Transformer(config(dropout=0.5))).train(), random_ids(2, 5)
    model.encoder.eval(), model.decoder.eval()
    memories = model.encode(ids)
    run = (lambda: model.encode(ids)[0]) if reads else (lambda: model.decode(ids, memories))
    assert not torch.equal(run(), run())
    model.eval()
    assert torch.equal(run(), run())


@pytest.mark.parametrize(("given", "std"), [({"init_std": 0.02}, 0.02), ({}, 1 / 10)])
def test_starts_with_the_spread_of_the_config(given, std):
    torch.manual_seed(0)
    table = Transformer(config(d_model=100, **given)).embeddings.tokens.weight
    assert table.std().item() == pytest.approx(std, rel=0.1)


def test_recording_shows_cross_attention(model):
    with record(model) as maps:
        model(random_ids(2, 7), random_ids(2, 5, seed=1))
    assert maps["decoder.1.cross_attention.weights"][0].shape == (2, 4, 5, 7)
    checks.rows_sum_to_one(maps["decoder.1.cross_attention.weights"][0])


def test_gradients_reach_every_parameter():
    model = Transformer(config())
    model(random_ids(2, 20), random_ids(2, 20, seed=1)).square().sum().backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad.any(), name


SOURCE, TARGET = random_ids(2, 7), random_ids(2, 5, seed=1)
BAD_CALLS = {
    "source of floats": (SOURCE.double(), TARGET, None, TypeError, "source_ids must hold int64"),
    "target of floats": (SOURCE, TARGET.double(), None, TypeError, "target_ids must hold int64"),
    "flat source": (SOURCE[0], TARGET, None, ValueError, "source_ids must be (batch, tokens)"),
    "flat target": (SOURCE, TARGET[0], None, ValueError, "target_ids must be (batch, tokens)"),
    "no source": (SOURCE[:, :0], TARGET, None, ValueError, "at least one token"),
    "no target": (SOURCE, TARGET[:, :0], None, ValueError, "at least one token"),
    "long source": (SOURCE.repeat(1, 3), TARGET, None, ValueError, "source_ids has 21 tokens"),
    "long target": (SOURCE, TARGET.repeat(1, 5), None, ValueError, "target_ids has 25 tokens"),
    "batches differ": (SOURCE, TARGET[:1], None, ValueError, "the batch of target_ids"),
    "id too large": (SOURCE + 37, TARGET, None, IndexError, "source_ids["),
    "id negative": (SOURCE, TARGET - 37, None, IndexError, "target_ids["),
    "mask of floats": (SOURCE, TARGET, torch.ones(2, 7), TypeError, "source_mask must be bool"),
    "mask of target": (SOURCE, TARGET, padding_mask(torch.tensor([5, 5]), 5), ValueError, "7)"),
    "source a list": ([[1]], TARGET, None, TypeError, "source_ids must be a torch.Tensor"),
}


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("source", "target", "mask", "error", "words"), BAD_CALLS.values(), ids=BAD_CALLS
)
def test_case_17_bad_calls(plain, source, target, mask, error, words):
    with pytest.raises(error) as caught:
        plain(source, target, source_mask=mask)
    assert words in str(caught.value)
    assert "Transformer" in str(caught.value)


def memory(*shape, dtype=torch.float64):
    return torch.zeros(shape, dtype=dtype)


BAD_MEMORIES = {
    "one tensor": (memory(2, 7, 24), ValueError, "memories must be 3, one for each block"),
    "too few": ([memory(2, 7, 24)] * 2, ValueError, "memories must be 3, one for each block"),
    "narrow": ([memory(2, 7, 8)] * 3, ValueError, "memories[0] must be (batch, tokens, 24)"),
    "float32": ([memory(2, 7, 24, dtype=torch.float32)] * 3, TypeError, "memories[0]"),
    "flat": ([memory(7, 24)] * 3, ValueError, "memories[0] must be (batch, tokens, 24)"),
    "batch": ([memory(2, 7, 24)] * 2 + [memory(3, 7, 24)], ValueError, "memories[2]"),
}


@pytest.mark.bad_input
@pytest.mark.parametrize(("memories", "error", "words"), BAD_MEMORIES.values(), ids=BAD_MEMORIES)
def test_case_18_bad_memories(plain, refused, memories, error, words):
    with refused(error, "Transformer.decode", words):
        plain.decode(TARGET, memories)


@pytest.mark.bad_input
def test_case_35_caches_that_keep_another_source(plain):
    model, caches = plain, [KVCache(9) for _ in range(3)]
    model.decode(TARGET[:, :1], model.encode(SOURCE), caches=caches)
    with pytest.raises(ValueError, match="another memory"):
        model.decode(TARGET[:, 1:2], model.encode(SOURCE), caches=caches)


@pytest.mark.bad_input
def test_bad_configs_and_hidden_states(refused):
    with refused(TypeError, "Transformer", "config", "None"):
        Transformer(None)
    with refused(ValueError, "Transformer", "n_segments", "2"):
        Transformer(config(n_segments=2))
    model, wrong = Transformer(config()), torch.zeros(2, 3, 8)
    with refused(ValueError, "Transformer.logits", "hidden", "24"):
        model.logits(wrong)
