import itertools
import math

import numpy as np
import pytest
import torch

from attention_book import KVCache, checks
from attention_book.generation import beam, generate, greedy, sample
from attention_book.models import BERT, GPT, Transformer
from attention_book.models.pretrained import load_gpt2
from attention_book.progress import FRONT_ENDS
from tests.models.conftest import hf  # noqa: F401
from tests.models.drawn import lively, random_ids, randomized, small

NAN = float("nan")


@pytest.fixture(scope="module")
def model():
    return lively(GPT(small(tie_embeddings=False)))


@pytest.fixture(scope="module")
def transformer():
    return lively(Transformer(small(activation="relu", tie_embeddings=False)))


def together(steps):
    return torch.stack(list(steps), dim=1)


def uncached(logits, ids, n):
    """Greedy ids from whole texts, read anew at each step."""
    for _ in range(n):
        ids = torch.cat((ids, logits(ids)[:, -1:].argmax(-1)), dim=1)
    return ids[:, -n:]


@pytest.fixture(scope="module")
def pair(hf):  # noqa: F811
    """A GPT of Hugging Face, and ours with the same weights."""
    sizes = {"vocab_size": 37, "n_positions": 20, "n_embd": 24, "n_head": 4, "n_layer": 3}
    config = hf.GPT2Config(**sizes, bos_token_id=None, eos_token_id=None)
    theirs = lively(hf.GPT2LMHeadModel(config))
    return load_gpt2(theirs.state_dict(), small(activation="gelu_tanh")), theirs


def test_the_models_of_these_tests_say_what_depends_on_what_they_read(model, transformer, pair):
    ids = random_ids(8, 5)
    for reader in (model, pair[0], transformer.reading(ids)):
        steps = together(generate(reader, ids, 9))
        assert len(steps.unique()) > 9
        assert len(steps.unique(dim=0)) == 8


def test_case_34_cached_equals_uncached(model):
    ids = random_ids(3, 6)
    assert torch.equal(together(generate(model, ids, 14)), uncached(model, ids, 14))


def test_equals_hugging_face(pair):
    (ours, theirs), ids = pair, random_ids(4, 5)
    arguments = {"max_new_tokens": 15, "pad_token_id": 0, "do_sample": False}
    expected = theirs.generate(ids, attention_mask=torch.ones_like(ids), **arguments)
    assert torch.equal(together(generate(ours, ids, 15)), expected[:, 5:])


@pytest.mark.parametrize("width", [1, 2, 5])
def test_case_36_beams_equal_hugging_face(pair, width):
    (ours, theirs), ids = pair, random_ids(3, 5)
    arguments = {"max_new_tokens": 8, "pad_token_id": 0, "do_sample": False, "num_beams": width}
    expected = theirs.generate(ids, attention_mask=torch.ones_like(ids), **arguments)
    assert torch.equal(beam(ours, ids, 8, width).ids[:, 0], expected[:, 5:])


@pytest.mark.parametrize("n", range(4))
def test_case_53_n_steps(model, n):
    steps = list(generate(model, random_ids(2, 5), n))
    assert [step.shape for step in steps] == [(2,)] * n
    assert beam(model, random_ids(2, 5), n, 3).ids.shape == (2, 3, n)


def test_case_50_a_prompt_may_fill_the_model(model):
    assert list(generate(model, random_ids(2, 20), 0)) == []
    assert len(list(generate(model, random_ids(2, 19), 1))) == 1


@pytest.mark.parametrize("lengths", [[1, 7, 4], [3, 3, 3], [1, 1, 9], [2]])
def test_case_15_prompts_of_different_lengths_do_not_disturb_each_other(model, lengths):
    prompts = [random_ids(n, seed=i) for i, n in enumerate(lengths)]
    alone = [together(generate(model, prompt[None], 9)) for prompt in prompts]
    assert torch.equal(together(generate(model, prompts, 9)), torch.cat(alone))


@pytest.mark.parametrize("positions", ["learned", "sinusoidal", "none"])
def test_case_15_the_same_logits_too(positions):
    model, seen = lively(GPT(small(positions=positions, tie_embeddings=False))), []

    def watch(logits):
        seen.append(logits.clone())
        return greedy(logits)

    prompts = [random_ids(2), random_ids(6, seed=1)]
    list(generate(model, prompts, 5, watch))
    ragged, seen = torch.stack(seen), []
    for row, prompt in enumerate(prompts):
        seen.clear()
        list(generate(model, prompt[None], 5, watch))
        checks.same(ragged[:, row], torch.stack(seen)[:, 0])


def test_a_transformer_reads_its_source_once(transformer):
    source, start = random_ids(3, 7), random_ids(3, 2, seed=1)
    calls = []
    hook = transformer.encoder[0].register_forward_hook(lambda *_: calls.append(1))
    steps = together(generate(transformer.reading(source), start, 9))
    hook.remove()
    assert calls == [1]
    assert torch.equal(steps, uncached(lambda ids: transformer(source, ids), start, 9))


def test_case_15_a_transformer_with_padding_in_source_and_start(transformer):
    source, starts = random_ids(2, 7), [random_ids(4), random_ids(1, seed=3)]
    mask = (torch.arange(7) < torch.tensor([[7], [4]]))[:, None, None]
    both = together(generate(transformer.reading(source, source_mask=mask), starts, 6))
    for row, length in enumerate([7, 4]):
        reading = transformer.reading(source[row, :length][None])
        assert torch.equal(both[row], together(generate(reading, starts[row][None], 6))[0])


def test_case_35_two_prompts_back_to_back(model):
    first, second = random_ids(2, 5), random_ids(3, 4, seed=1)
    steps = generate(model, first, 5), generate(model, second, 5)
    mixed = list(zip(*steps, strict=True))  # in turn, each with its own caches
    for i, ids in enumerate((first, second)):
        assert torch.equal(torch.stack([step[i] for step in mixed], 1), uncached(model, ids, 5))


def test_what_comes_may_be_trained_on():
    model = GPT(small())
    ids = random_ids(2, 5)
    steps = list(generate(model, ids, 3))
    assert not any(step.is_inference() for step in steps)
    new = together(steps)
    model(torch.cat((ids, new), 1)).sum().backward()
    assert model.embeddings.tokens.weight.grad.any()


@pytest.mark.parametrize("end", [None, 36])
def test_case_22_what_came_may_be_changed_without_changing_what_comes(model, end):
    ids = random_ids(2, 5)
    expected = together(generate(model, ids, 9))
    assert 36 not in expected
    for step, wanted in zip(generate(model, ids, 9, end=end), expected.unbind(1), strict=True):
        assert torch.equal(step, wanted)
        step.zero_()


def test_case_22_the_prompt_is_not_changed(model):
    ids = random_ids(2, 5)
    before = ids.clone()
    list(generate(model, ids, 4))
    beam(model, ids, 4, 2)
    assert torch.equal(ids, before)


def cycling(order):
    """Choose these ids, one row of them at a time, whatever the logits are."""
    order = iter(order)
    return lambda logits: torch.tensor(next(order))


def test_case_52_after_the_end_token_a_row_repeats_it_and_all_stop(model):
    script = [[1, 2], [9, 3], [4, 5], [6, 9], [7, 7]]
    steps = together(generate(model, random_ids(2, 5), 5, cycling(script), end=9))
    assert steps.tolist() == [[1, 9, 9, 9], [2, 3, 5, 9]]
    without = together(generate(model, random_ids(2, 5), 5, cycling(script)))
    assert without.tolist() == [[1, 9, 4, 6, 7], [2, 3, 5, 9, 7]]


def test_case_52_an_ended_row_does_not_disturb_the_others(model):
    ids = random_ids(2, 5)
    free = together(generate(model, ids, 9))
    end = free[0, 2].item()
    for row, ended in zip(free, together(generate(model, ids, 9, end=end)), strict=True):
        at = row.tolist().index(end) if end in row else 9
        assert torch.equal(ended[:at], row[: len(ended)][:at])
        assert (ended[at:] == end).all()


class Terminal:
    """What stands for a terminal, and keeps what is written to it."""

    encoding = "utf-8"

    def __init__(self, watched):
        self.watched, self.text = watched, ""

    def isatty(self):
        return self.watched

    def write(self, text):
        self.text += text

    def flush(self):
        pass


@pytest.mark.parametrize(("watched", "slow", "shown"), [(1, 1, True), (1, 0, False), (0, 1, False)])
def test_a_bar_shows_only_on_long_runs_while_somebody_watches(
    model, monkeypatch, watched, slow, shown
):
    terminal = Terminal(bool(watched))
    monkeypatch.setattr("sys.stderr", terminal)
    for name in ("CI", *FRONT_ENDS):
        monkeypatch.delenv(name, raising=False)
    clock = itertools.count(step=1.0 if slow else 0.001)
    monkeypatch.setattr("tqdm.std.time", lambda: next(clock))
    list(generate(model, random_ids(1, 5), 10))
    assert ("tokens" in terminal.text) is shown


@pytest.mark.parametrize("options", [{}, {"top_k": 3}, {"top_p": 0.5}, {"top_k": 2, "top_p": 0.9}])
def test_case_50_a_temperature_of_0_is_greedy(model, options):
    ids = random_ids(2, 5)
    expected = together(generate(model, ids, 9))
    assert torch.equal(together(generate(model, ids, 9, sample(0.0, **options))), expected)
    assert torch.equal(together(generate(model, ids, 9, sample(1e-300, **options))), expected)
    assert torch.equal(together(generate(model, ids, 9, sample(top_k=1))), expected)
    assert torch.equal(together(generate(model, ids, 9, sample(top_p=1e-9))), expected)


def test_case_40_a_generator_makes_it_repeatable_and_keeps_the_global_state(model):
    ids, before = random_ids(2, 5), torch.random.get_rng_state()
    runs = [
        together(generate(model, ids, 12, sample(generator=torch.Generator().manual_seed(seed))))
        for seed in (0, 0, 1)
    ]
    assert torch.equal(runs[0], runs[1])
    assert not torch.equal(runs[0], runs[2])
    assert torch.equal(torch.random.get_rng_state(), before)


# Beams


def by_hand(model, ids, n, width, end=None):
    """A beam search over one text, without caches: lists, sorted."""
    beams = [((), 0.0)]
    for _ in range(n):
        onward = []
        for found, score in beams:
            if end is not None and end in found:
                onward.append(((*found, end), score))
                continue
            text = torch.cat((ids, torch.tensor(found, dtype=torch.long)))[None]
            shares = model(text)[0, -1].log_softmax(-1).tolist()
            onward += [((*found, i), score + share) for i, share in enumerate(shares)]
        beams = sorted(onward, key=lambda beam: -beam[1])[:width]
    return beams


@pytest.mark.parametrize("seed", range(20))
def test_case_36_beams_with_a_cache_equal_beams_without(model, seed):
    ids = random_ids(2, 4, seed=seed)
    width, end = 1 + seed % 5, None if seed % 2 else 7
    found = beam(model, ids, 5, width, end=end)
    for row in range(2):
        expected = by_hand(model, ids[row], 5, width, end)
        assert found.ids[row].tolist() == [list(text) for text, _ in expected]
        checks.same(found.scores[row], torch.tensor([score for _, score in expected]), 1e-6)


def test_case_36_ended_beams_keep_their_score(model):
    ids = random_ids(1, 4)
    end = together(generate(model, ids, 2))[0, 1].item()
    found = beam(model, ids, 6, 4, end=end)
    assert (found.ids == end).any()
    expected = by_hand(model, ids[0], 6, 4, end)
    assert found.ids[0].tolist() == [list(text) for text, _ in expected]


def test_a_beam_as_wide_as_the_vocabulary_finds_the_best_pair(model):
    ids = random_ids(1, 4)
    shares = model(ids)[0, -1].log_softmax(-1)
    texts = torch.cat((ids.expand(37, -1), torch.arange(37)[:, None]), 1)
    pairs = shares[:, None] + model(texts)[:, -1].log_softmax(-1)
    found = beam(model, ids, 2, 37)
    assert divmod(pairs.argmax().item(), 37) == tuple(found.ids[0, 0].tolist())
    checks.same(found.scores[0, 0], pairs.max())


def test_a_beam_of_one_is_greedy(model, transformer):
    ids = random_ids(3, 5)
    assert torch.equal(beam(model, ids, 9, 1).ids[:, 0], together(generate(model, ids, 9)))


@pytest.mark.parametrize("padded", [False, True])
def test_case_36_beams_of_a_transformer(transformer, padded):
    source, start = random_ids(2, 7), random_ids(2, 1, seed=1)
    mask = (torch.arange(7) < torch.tensor([[7], [4]]))[:, None, None] if padded else None
    found = beam(transformer.reading(source, source_mask=mask), start, 4, 3)
    for row in range(2):
        read = source[row, : 4 if padded and row else 7][None]
        alone = by_hand(lambda ids, read=read: transformer(read, ids), start[row], 4, 3)
        assert found.ids[row].tolist() == [list(text) for text, _ in alone]


# Bad input

IDS = random_ids(2, 5)
BAD_CALLS = {
    "n negative": ({"n": -1}, ValueError, "n must be at least 0, got -1"),
    "n a float": ({"n": 2.0}, TypeError, "n must be an int"),
    "n a bool": ({"n": True}, TypeError, "n must be an int"),
    "n too large": ({"n": 16}, ValueError, "5 tokens and 16 more do not fit into max_len, 20"),
    "long prompt": ({"ids": random_ids(1, 21), "n": 0}, ValueError, "21 tokens and 0 more"),
    "long row": ({"ids": [IDS[0], random_ids(18)]}, ValueError, "18 tokens and 3 more"),
    "flat": ({"ids": IDS[0]}, ValueError, "write ids[None]"),
    "floats": ({"ids": IDS.float()}, TypeError, "int64 or int32, got torch.float32"),
    "text": ({"ids": "a robot"}, TypeError, "must be a torch.Tensor, got str"),
    "no token": ({"ids": IDS[:, :0]}, ValueError, "at least one token"),
    "no prompt": ({"ids": []}, ValueError, "at least one token"),
    "lists": ({"ids": [[1, 2], [3]]}, TypeError, "ids[0] must be a torch.Tensor, got list"),
    "an empty row": (
        {"ids": [IDS[0], IDS[0, :0]]},
        ValueError,
        "at least one token, got an empty one",
    ),
    "rows with batches": ({"ids": [IDS, IDS]}, ValueError, "ids[0] must be (tokens"),
    "row of floats": ({"ids": [IDS[0].float()]}, TypeError, "ids[0] must hold int64"),
    "end too large": ({"end": 37}, ValueError, "end must be at most 36"),
    "end negative": ({"end": -1}, ValueError, "end must be at least 0"),
    "end a float": ({"end": 1.0}, TypeError, "end must be an int"),
    "elsewhere": (
        {"ids": IDS.to("meta")},
        TypeError,
        "ids must have the device of the model, cpu, got meta",
    ),
    "row elsewhere": (
        {"ids": [IDS[0].to("meta")]},
        TypeError,
        "ids[0] must have the device of the model",
    ),
    "a function": ({"model": len}, TypeError, "model must be a GPT, got builtin_function"),
    "BERT": ({"model": BERT(small())}, TypeError, "model must be a GPT, got BERT"),
    "no source": ({"model": Transformer(small())}, TypeError, "model.reading(source_ids)"),
    "training": ({"model": GPT(small(dropout=0.1))}, ValueError, "write model.eval()"),
}


@pytest.mark.bad_input
@pytest.mark.parametrize("search", [generate, beam])
@pytest.mark.parametrize(("changes", "error", "words"), BAD_CALLS.values(), ids=BAD_CALLS)
def test_case_53_bad_calls(model, explained, search, changes, error, words):
    width = {"width": 2} if search is beam else {}
    with explained(error, search.__name__ + ": ", words):
        search(**{"model": model, "ids": IDS, "n": 3} | changes | width)


@pytest.mark.bad_input
def test_case_53_a_beam_takes_no_list(model, explained):
    with explained(TypeError, "beam: ids must be a Tensor, got list"):
        beam(model, [IDS[0], IDS[1, :3]], 3, 2)


@pytest.mark.bad_input
@pytest.mark.parametrize("search", [generate, lambda *x: beam(*x, 2)])
@pytest.mark.parametrize("wrong", [-1, 37, 10**12])
def test_case_31_ids_outside_the_vocabulary(model, search, wrong):
    ids = IDS.clone()
    ids[0, 3] = wrong
    with pytest.raises(IndexError, match=rf"ids\[0, 3\] is {wrong}, but vocab_size is 37"):
        search(model, ids, 3)
    with pytest.raises(IndexError, match=rf"ids\[1\]\[3\] is {wrong}, but vocab_size is 37"):
        generate(model, [IDS[1], ids[0]], 3)


@pytest.mark.bad_input
@pytest.mark.parametrize("width", [0, -1, 38, 1.0, True, None])
def test_case_36_bad_widths(model, explained, width):
    with explained((ValueError, TypeError), "beam: width must be"):
        beam(model, IDS, 3, width)


BAD_CHOICES = {
    "not callable": (3, TypeError, "choose must be a function of logits, got int"),
    "floats": (lambda logits: logits[:, 0], TypeError, "what choose returns must hold int64"),
    "a number": (lambda logits: 3, TypeError, "what choose returns must be a torch.Tensor"),
    "one axis more": (lambda logits: logits.argmax(-1)[:, None], ValueError, "(2, 1)"),
    "one for all": (lambda logits: logits.argmax(), ValueError, "must be (2,), got shape ()"),
}


@pytest.mark.bad_input
@pytest.mark.parametrize(("choose", "error", "words"), BAD_CHOICES.values(), ids=BAD_CHOICES)
def test_bad_choices(model, choose, error, words):
    with pytest.raises(error) as caught:
        next(generate(model, IDS, 3, choose))
    assert "generate: " in str(caught.value)
    assert words in str(caught.value)


def broken(number):
    """A model that says this number for every token."""
    model = randomized(GPT(small()))
    torch.nn.init.constant_(model.norm.weight, number)
    return model


@pytest.mark.parametrize("number", [NAN, math.inf])
@pytest.mark.parametrize(
    "choose", [greedy, sample(), sample(top_k=3), lambda logits: logits.argmax(-1)]
)
def test_case_58_a_model_that_diverged_yields_nothing(number, choose):
    steps = generate(broken(number), IDS, 3, choose)
    with pytest.raises(ValueError, match="diverged"):
        next(steps)


@pytest.mark.parametrize("number", [NAN, math.inf])
@pytest.mark.parametrize("width", [1, 3])
def test_case_58_a_beam_of_a_model_that_diverged(number, width):
    with pytest.raises(ValueError, match=r"beam: .*diverged"):
        beam(broken(number), IDS, 3, width)


def test_case_58_a_model_that_diverges_on_the_way_yields_what_it_said_before():
    model = lively(GPT(small(tie_embeddings=False)))
    expected = together(generate(model, IDS, 2))
    got = []

    def read():
        for step in generate(model, IDS, 9):
            got.append(step)
            if len(got) == 2:
                torch.nn.init.constant_(model.norm.weight, NAN)

    with pytest.raises(ValueError, match="diverged"):
        read()
    assert torch.equal(together(got), expected)


@pytest.mark.bad_input
@pytest.mark.parametrize("wrong", [-1, 37, 10**12])
@pytest.mark.parametrize("end", [None, 3])
def test_case_58_an_id_outside_the_vocabulary_is_not_yielded(model, wrong, end):
    steps = generate(model, IDS, 3, cycling([[1, 2], [0, wrong]]), end=end)
    assert next(steps).tolist() == [1, 2]
    words = rf"what choose returns\[1\] is {wrong}, but vocab_size is 37"
    with pytest.raises(IndexError, match="generate: " + words):
        next(steps)


@pytest.mark.bad_input  # of no bad kind: the signatures say int and float
@pytest.mark.parametrize("kind", [np.int64, np.uint8, np.array, torch.tensor])
def test_case_65_whole_numbers_of_other_kinds(model, kind):
    expected = together(generate(model, IDS, 5, end=7))
    assert torch.equal(together(generate(model, IDS, kind(5), end=kind(7))), expected)
    found, wanted = beam(model, IDS, kind(3), kind(2), end=kind(7)), beam(model, IDS, 3, 2, end=7)
    assert torch.equal(found.ids, wanted.ids)
    assert sample(top_k=kind(1))(torch.tensor([[1.0, 3.0, 2.0]])).tolist() == [1]
    assert KVCache(kind(3)).max_len == 3


@pytest.mark.bad_input
def test_errors_come_at_once_not_with_the_first_step(model):
    with pytest.raises(ValueError, match="do not fit"):
        generate(model, IDS, 99)


@pytest.mark.bad_input
def test_case_35_a_start_for_another_number_of_sources(transformer):
    steps = generate(transformer.reading(random_ids(2, 7)), random_ids(3, 1), 2)
    with pytest.raises(
        ValueError,
        match=r"memory must have the batch of x, got x \(3, 1, 24\), memory \(2, 7, 24\)",
    ):
        next(steps)


@pytest.mark.bad_input
@pytest.mark.parametrize("length", [4, 5])
def test_case_33_caches_given_by_hand_may_be_too_small(model, length):
    kept = [KVCache(length) for _ in range(3)]
    ids = random_ids(1, 6)
    with pytest.raises(ValueError, match="do not fit"):
        model(ids, caches=kept)
