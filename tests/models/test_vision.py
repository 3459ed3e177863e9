import numpy as np
import pytest
import torch

from attention_book import checks, record
from attention_book.models import VisionTransformer, patches

from .drawn import randomized, small


def pictures(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.fixture(scope="module")
def model():
    return randomized(VisionTransformer(small(max_len=17, vocab_size=10), patch_size=2))


def test_patches_are_squares_row_by_row():
    image = torch.arange(16.0).view(1, 1, 4, 4)
    expected = [[0, 1, 4, 5], [2, 3, 6, 7], [8, 9, 12, 13], [10, 11, 14, 15]]
    assert patches(image, 2)[0].tolist() == expected


def test_patches_hold_every_pixel_of_every_channel():
    images = pictures(2, 3, 4, 6)
    cut = patches(images, 2)
    assert cut.shape == (2, 6, 12)
    checks.same(cut[1, 4], images[1, :, 2:, 2:4].flatten(), 0)


def test_equals_hugging_face(hf):
    sizes = {"hidden_size": 24, "num_hidden_layers": 3, "num_attention_heads": 4}
    shapes = {"intermediate_size": 96, "image_size": 8, "patch_size": 2, "num_channels": 3}
    theirs = randomized(
        hf.ViTForImageClassification(hf.ViTConfig(**sizes, **shapes, num_labels=10))
    )
    config = small(max_len=17, vocab_size=10, norm_eps=1e-12)
    ours = translated(theirs, VisionTransformer(config, patch_size=2, n_channels=3).double())
    images = pictures(2, 3, 8, 8)
    checks.same(ours.eval()(images), theirs(images).logits)


RENAMED = {
    "vit.embeddings.cls_token": "class_token",
    "vit.embeddings.position_embeddings": "positions.codes",
    "vit.embeddings.patch_embeddings.projection": "patch_proj",
    "vit.layernorm": "norm",
    "classifier": "head",
    "vit.encoder.layer": "blocks",
    "vit.layers": "blocks",
    "attention.attention.query": "attention.q_proj",
    "attention.attention.key": "attention.k_proj",
    "attention.attention.value": "attention.v_proj",
    "attention.output.dense": "attention.o_proj",
    "attention.q_proj": "attention.q_proj",
    "intermediate.dense": "feed_forward.up_proj",
    "mlp.fc1": "feed_forward.up_proj",
    "mlp.fc2": "feed_forward.down_proj",
    "output.dense": "feed_forward.down_proj",
    "layernorm_before": "attention_residual.norm",
    "layernorm_after": "feed_forward_residual.norm",
}


def translated(theirs, ours):
    shapes, state = ours.state_dict(), {}
    for name, tensor in theirs.state_dict().items():
        for old, new in RENAMED.items():
            name = name.replace(old, new)
        state[name] = tensor.reshape(shapes[name].shape)
    ours.load_state_dict(state)
    return ours


def test_without_positions_patches_are_a_bag():
    config = small(max_len=17, vocab_size=10, positions="none")
    model, images = randomized(VisionTransformer(config, patch_size=2)), pictures(1, 1, 8, 8)
    turned = images.roll(4, dims=-1)  # the same patches in other places
    checks.same(model(turned), model(images))
    placed = randomized(VisionTransformer(small(max_len=17, vocab_size=10), patch_size=2))
    assert not torch.allclose(placed(turned), placed(images))


def test_the_class_token_looks_at_the_patches(model):
    with record(model) as maps:
        model(pictures(2, 1, 8, 8))
    assert maps["blocks.2.attention.weights"][0].shape == (2, 4, 17, 17)


def test_smaller_images_have_fewer_patches(model):
    assert model(pictures(2, 1, 4, 8)).shape == (2, 10)


def test_gradients_reach_every_parameter():
    model = VisionTransformer(small(max_len=17, vocab_size=10), patch_size=2)
    model(pictures(2, 1, 8, 8).float()).square().sum().backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad.any(), name


def test_case_29_dropout_falls_on_the_patches_too_and_is_off_at_evaluation():
    model = randomized(VisionTransformer(small(max_len=17, dropout=0.5), patch_size=2)).train()
    model.blocks.eval()
    images = pictures(2, 1, 8, 8)
    assert not torch.equal(model(images), model(images))
    assert torch.equal(model.eval()(images), model(images))


def test_starts_with_the_spread_of_the_config():
    torch.manual_seed(0)
    for given, std in (({"init_std": 0.02}, 0.02), ({}, 1 / 10)):
        model = VisionTransformer(small(d_model=100, max_len=17, **given), patch_size=4)
        for weight in (model.patch_proj.weight, model.blocks[0].feed_forward.up_proj.weight):
            assert weight.std().item() == pytest.approx(std, rel=0.1)


IMAGE = pictures(1, 1, 8, 8)
BAD_IMAGES = {
    "list": ([[1.0]], TypeError, "torch.Tensor"),
    "bytes": (torch.zeros(1, 1, 8, 8, dtype=torch.uint8), TypeError, "uint8"),
    "float32": (IMAGE.float(), TypeError, "float32"),
    "one image": (IMAGE[0], ValueError, "(batch, channels, height, width)"),
    "three channels": (IMAGE.expand(1, 3, 8, 8), ValueError, "must be (batch, 1, height, width)"),
    "odd": (IMAGE[..., :7], ValueError, "squares of 2 do not fill images of 8 by 7"),
    "empty": (IMAGE[..., :0], ValueError, "8 by 0"),
    "large": (IMAGE.repeat(1, 1, 2, 2), ValueError, "64 patches"),
}


@pytest.mark.bad_input
@pytest.mark.parametrize(("images", "error", "word"), BAD_IMAGES.values(), ids=BAD_IMAGES)
def test_bad_images(model, refused, images, error, word):
    with refused(error, "VisionTransformer", "images", word):
        model(images)


@pytest.mark.bad_input  # of no bad kind: the signatures say int
@pytest.mark.parametrize("kind", [np.int64, np.array, torch.tensor])
def test_case_65_sizes_of_other_kinds(kind):
    assert torch.equal(patches(IMAGE, kind(2)), patches(IMAGE, 2))
    model = VisionTransformer(small(), patch_size=kind(2), n_channels=kind(1))
    assert model.patch_proj.in_features == 4


@pytest.mark.bad_input
@pytest.mark.parametrize("size", [0, -2, 2.0, True, 3, 16])
def test_case_19_bad_patch_sizes(refused, size):
    with refused((TypeError, ValueError), "patches"):
        patches(IMAGE, size)


@pytest.mark.bad_input
@pytest.mark.parametrize("sizes", [{"patch_size": 0}, {"patch_size": 2, "n_channels": 0.5}])
def test_case_19_bad_sizes(refused, sizes):
    with refused((TypeError, ValueError), "VisionTransformer"):
        VisionTransformer(small(), **sizes)
