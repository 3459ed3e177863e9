import copy
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from torch import nn

from attention_book import MultiHeadAttention, Tap, attention_weights, checks, record


@pytest.fixture
def layer():
    return MultiHeadAttention(8, 2).double().eval()


@pytest.fixture
def x():
    return torch.randn(2, 5, 8, dtype=torch.float64)


class Pair(nn.Module):
    """Two taps, the second on a plain sum."""

    def __init__(self):
        super().__init__()
        self.first, self.second = Tap(), Tap()

    def forward(self, x):
        return self.second(self.first(x) + 1)


def test_it_collects_one_value_for_each_call(layer, x):
    with record(layer) as maps:
        layer(x)
        layer(x[:, :3])
    assert [w.shape for w in maps["weights"]] == [(2, 2, 5, 5), (2, 2, 3, 3)]
    q, k = (split(p(x)) for p in (layer.q_proj, layer.k_proj))
    checks.same(maps["weights"][0], attention_weights(q, k))


def test_it_knows_all_names_before_the_first_call(layer):
    with record(nn.Sequential(layer, Pair())) as maps:
        assert maps == {"0.weights": [], "1.first": [], "1.second": []}


def test_it_does_not_change_the_output(layer, x):
    before = layer(x)
    with record(layer):
        checks.same(layer(x), before)
    assert torch.equal(layer(x), before)


def test_values_keep_their_gradients(layer, x):
    x.requires_grad_()
    with record(layer) as maps:
        out = layer(x)
    (g,) = torch.autograd.grad(out.sum(), maps["weights"][0])
    assert g.abs().sum() > 0


def test_replacing_flows_on_and_is_what_is_recorded():
    model = Pair()
    with record(model, replace={"first": torch.zeros_like}) as maps:
        assert model(torch.ones(2)).tolist() == [1, 1]
    assert maps["first"][0].tolist() == [0, 0]
    assert maps["second"][0].tolist() == [1, 1]
    assert model(torch.ones(2)).tolist() == [2, 2]


def test_ablating_a_head_removes_exactly_its_part(layer, x):
    def without_the_first(weights):
        return torch.cat((torch.zeros_like(weights[:, :1]), weights[:, 1:]), dim=1)

    with record(layer, replace={"weights": without_the_first}):
        ablated = layer(x)
    k, v, q = (p(x)[..., :4] for p in (layer.k_proj, layer.v_proj, layer.q_proj))
    part = attention_weights(q, k) @ v @ layer.o_proj.weight[:, :4].T
    checks.same(layer(x) - ablated, part)


def test_gradients_flow_through_a_replacement(layer, x):
    x.requires_grad_()
    with record(layer, replace={"weights": lambda w: w * 0.5}):
        half = layer(x).sum()
    (g,) = torch.autograd.grad(half, x)
    (whole,) = torch.autograd.grad(layer(x).sum(), x)
    checks.same(2 * g, whole)


def test_after_an_error_the_model_is_as_it_was(layer, x):
    with pytest.raises(RuntimeError, match="stop"), record(layer):
        raise RuntimeError("stop")
    assert not layer.weights.open


def test_an_error_in_the_replacement_leaves_nothing_behind(layer, x):
    def wrong(weights):
        raise KeyError("my own")

    with pytest.raises(KeyError, match="my own"), record(layer, replace={"weights": wrong}):
        layer(x)
    assert not layer.weights.open


def test_records_nest_and_the_outer_one_hears_first():
    model = Pair()
    with record(model) as outer:
        with record(model, replace={"first": torch.neg}) as inner:
            model(torch.ones(1))
        model(torch.ones(1))
    assert [v.item() for v in outer["first"]] == [1, 1]
    assert [v.item() for v in inner["first"]] == [-1]
    assert [v.item() for v in outer["second"]] == [0, 2]


def test_records_may_close_in_any_order():
    model = Pair()
    first, second = record(model), record(model)
    values = first.__enter__(), second.__enter__()
    first.__exit__(None, None, None)
    model(torch.ones(1))
    second.__exit__(None, None, None)
    assert [len(v["first"]) for v in values] == [0, 1]
    assert not model.first.open


def test_only_the_model_itself_is_watched(layer, x):
    other = MultiHeadAttention(8, 2).double()
    with record(other) as maps:
        layer(x)
    assert maps == {"weights": []}


COPIES = {"deepcopy": copy.deepcopy, "pickle": lambda x: pickle.loads(pickle.dumps(x))}


@pytest.mark.parametrize("copied", COPIES.values(), ids=COPIES)
def test_case_63_a_copy_made_while_recording_is_not_recorded(layer, x, copied):
    with record(layer, replace={"weights": torch.zeros_like}) as maps:
        other = copied(layer)
        plain, ablated = other(x), layer(x)
        assert not other.weights.open
        assert layer.weights.open
    assert len(maps["weights"]) == 1
    checks.same(layer(x), plain)
    assert not torch.allclose(plain, ablated)
    with record(other) as maps:
        layer(x), other(x)
    assert len(maps["weights"]) == 1


def test_case_63_threads_hear_and_change_only_their_own_calls(layer, x):
    plain, barrier = layer(x), threading.Barrier(3)

    def recorded(change):
        with record(layer, replace={"weights": change}) as maps:
            barrier.wait()  # now both records are open
            outputs = [layer(x) for _ in range(5)]
            barrier.wait()
        return maps["weights"], outputs

    def unrecorded():
        barrier.wait()
        outputs = [layer(x) for _ in range(5)]
        barrier.wait()
        return [], outputs

    with ThreadPoolExecutor(3) as pool:
        runs = [pool.submit(recorded, torch.zeros_like), pool.submit(recorded, lambda w: 2 * w)]
        zeros, doubled, nothing = (run.result(60) for run in [*runs, pool.submit(unrecorded)])
    weights = attention_weights(*(split(p(x)) for p in (layer.q_proj, layer.k_proj)))
    for (values, outputs), factor in ((zeros, 0), (doubled, 2)):
        assert len(values) == len(outputs) == 5
        bias = layer.o_proj.bias
        for value, output in zip(values, outputs, strict=True):
            checks.same(value, factor * weights)
            checks.same(output - bias, factor * (plain - bias))
    for output in nothing[1]:
        checks.same(output, plain)
    assert not layer.weights.listeners


def split(x):
    return x.view(2, 5, 2, 4).transpose(1, 2)


def test_a_closed_tap_costs_no_call_of_a_module(monkeypatch):
    calls, tap, value = [], Tap(), torch.ones(2)
    monkeypatch.setattr(nn.Module, "_call_impl", lambda *_: calls.append(1) or value)
    assert tap(value) is value
    assert calls == []
    tap.listeners[len] = threading.get_ident()
    tap(value)
    assert calls == [1]


def test_a_hook_on_a_closed_tap_is_called_as_on_any_module():
    tap, heard = Tap(), []
    hook = tap.register_forward_hook(lambda *_: heard.append(1))
    tap(torch.ones(2))
    hook.remove()
    tap(torch.ones(2))
    assert heard == [1]


def test_a_tap_is_no_part_of_the_saved_state(layer):
    with record(layer):
        assert not [name for name in layer.state_dict() if "weights" in name]


@pytest.mark.bad_input
def test_a_name_that_no_tap_has(layer, refused):
    with refused(ValueError, "record", "'wieghts'", "weights"):
        record(layer, replace={"wieghts": torch.zeros_like}).__enter__()


@pytest.mark.bad_input
def test_a_model_without_taps(refused):
    model = nn.Identity()
    with refused(ValueError, "record: the model has no Tap"):
        record(model).__enter__()


@pytest.mark.bad_input
@pytest.mark.parametrize("model", [None, 3, {}, torch.relu])
def test_something_that_is_no_model(refused, model):
    with refused(TypeError, "record: model must be a Module", type(model).__name__):
        record(model).__enter__()


@pytest.mark.bad_input
def test_replacements_are_a_dict(layer, refused):
    with refused(TypeError, "record: replace must be a dict", "list"):
        record(layer, replace=["weights"]).__enter__()


@pytest.mark.bad_input
def test_a_replacement_that_is_no_function(layer, refused):
    with refused(TypeError, "replace['weights'] must be a function", "int"):
        record(layer, replace={"weights": 0}).__enter__()
    assert not layer.weights.open


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "function, error, words",
    [
        (lambda w: None, TypeError, "NoneType"),
        (lambda w: w[0], ValueError, r"\(2, 5, 5\)"),
        (lambda w: w.float(), ValueError, "torch.float32"),
    ],
)
def test_a_replacement_that_does_not_fit(layer, x, function, error, words):
    with (
        pytest.raises(error, match=rf"record: what replace\['weights'\] returns must be .*{words}"),
        record(layer, replace={"weights": function}),
    ):
        layer(x)
