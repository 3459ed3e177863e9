import pytest
import torch

from attention_book import checks, generate, record
from attention_book.models import PictureReader, Transformer, strips

from .drawn import lively, random_ids, randomized, small
from .test_vision import pictures


def config(**changes):
    return small(**{"max_len": 9, "positions": "sinusoidal"} | changes)


@pytest.fixture(scope="module")
def model():
    return lively(PictureReader(config(), height=6, strip_width=2))


def test_strips_stand_upright_from_left_to_right():
    image = torch.arange(8.0).view(1, 1, 2, 4)
    assert strips(image, 2)[0].tolist() == [[0, 1, 4, 5], [2, 3, 6, 7]]
    two = torch.stack((image[0, 0], -image[0, 0]))[None]
    assert strips(two, 2)[0, 1].tolist() == [2, 3, 6, 7, -2, -3, -6, -7]


def test_equals_a_transformer_whose_tokens_have_the_vectors_of_the_strips(model):
    images, ids = pictures(2, 1, 6, 10), random_ids(2, 4)
    theirs = Transformer(config()).double().eval()
    own = {n: x for n, x in model.state_dict().items() if not n.startswith("strip")}
    theirs.load_state_dict(own)
    cut = images.unfold(3, 2, 2).transpose(2, 3).flatten(3)[:, 0]
    x = model.strip_proj(cut) + theirs.embeddings.positions.codes[:5]
    checks.same(model(images, ids), theirs.decode(ids, theirs.encoded(x)))


def test_generates_what_it_writes_letter_by_letter(model):
    images = pictures(3, 1, 6, 18)
    ids = torch.zeros(3, 1, dtype=torch.long)
    steps = torch.stack(list(generate(model.reading(images), ids, 5)), dim=1)
    for _ in range(5):
        ids = torch.cat((ids, model(images, ids)[:, -1:].argmax(-1)), dim=1)
    assert torch.equal(ids[:, 1:], steps)
    assert not torch.equal(model(images.flip(3), ids), model(images, ids))


def test_letters_see_no_later_letter_and_all_strips(model):
    images, ids = pictures(1, 1, 6, 18), random_ids(1, 5)
    memories = model.encode(images)
    checks.causal(lambda x: model.decode(x, memories), ids)
    with record(model) as maps:
        model(images, ids)
    assert (maps["decoder.0.cross_attention.weights"][0] > 0).all()
    assert maps["decoder.2.cross_attention.weights"][0].shape == (1, 4, 5, 9)


def test_without_positions_the_strips_are_a_bag():
    images, ids = pictures(2, 1, 6, 8), random_ids(2, 3)
    bag = randomized(PictureReader(config(positions="none"), height=6, strip_width=2))
    checks.same(bag(images.roll(4, 3), ids), bag(images, ids))
    turned = randomized(PictureReader(config(positions="rotary"), height=6, strip_width=2))
    assert turned.strip_positions is None
    assert not torch.allclose(turned(images.roll(4, 3), ids), turned(images, ids))


def test_case_29_dropout_falls_on_the_strips_too():
    model = PictureReader(config(dropout=0.5), height=6, strip_width=2).double()
    model.encoder.eval()
    images = pictures(1, 1, 6, 8)
    first, again = (model.encode(images)[0] for _ in range(2))
    assert not torch.equal(first, again)


def test_gradients_reach_every_parameter():
    model = PictureReader(config(), height=6, strip_width=2)
    model(pictures(2, 1, 6, 8).float(), random_ids(2, 3)).square().sum().backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad.any(), name


IMAGE = pictures(1, 1, 6, 8)
BAD_IMAGES = {
    "list": ([[1.0]], TypeError, "torch.Tensor"),
    "bytes": (torch.zeros(1, 1, 6, 8, dtype=torch.uint8), TypeError, "uint8"),
    "float32": (IMAGE.float(), TypeError, "float32"),
    "one image": (IMAGE[0], ValueError, "(batch, channels, height, width)"),
    "three channels": (IMAGE.expand(1, 3, 6, 8), ValueError, "must be (batch, 1, 6, width)"),
    "low": (IMAGE[:, :, :5], ValueError, "must be (batch, 1, 6, width)"),
    "odd": (IMAGE[..., :7], ValueError, "strips of 2 do not fill images that are 7 wide"),
    "empty": (IMAGE[..., :0], ValueError, "0 wide"),
    "long": (IMAGE.repeat(1, 1, 1, 3), ValueError, "at most max_len = 9 strips, got 12"),
}


@pytest.mark.bad_input
@pytest.mark.parametrize(("images", "error", "word"), BAD_IMAGES.values(), ids=BAD_IMAGES)
def test_bad_images(model, refused, images, error, word):
    ids = random_ids(1, 2)
    with refused(error, "PictureReader", "images", word):
        model(images, ids)


@pytest.mark.bad_input
@pytest.mark.parametrize("width", [0, -2, 2.0, True, 3, 16])
def test_case_19_bad_widths(refused, width):
    with refused((TypeError, ValueError), "strips"):
        strips(IMAGE, width)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "sizes", [{"height": 0, "strip_width": 2}, {"height": 6, "strip_width": 0.5}]
)
def test_case_19_bad_sizes(refused, sizes):
    sized = config()
    with refused((TypeError, ValueError), "PictureReader"):
        PictureReader(sized, **sizes)
