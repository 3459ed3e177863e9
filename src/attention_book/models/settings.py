"""What config.json says, in our words: all of it, or an error that says what to do."""

from dataclasses import fields, replace

from .. import validate
from ..config import Config
from .layouts import Layout

ACTIVATIONS = {"gelu_new": "gelu_tanh", "gelu": "gelu", "relu": "relu", "gelu_python": "gelu"}
ACTIVATIONS |= dict.fromkeys(("gelu_pytorch_tanh", "gelu_python_tanh", "gelu_fast"), "gelu_tanh")
ACTIVATIONS |= {"gelu_accurate": "gelu_tanh", "silu": "silu", "swish": "silu"}

NOTHING: tuple = (None, [], {})
UNSHAPED = {"activation", "norm_eps"}  # what the shapes of the weights do not show

# Keys of config.json that change nothing of what our models compute.
UNUSED = """
    architectures transformers_version dtype torch_dtype tokenizer_class finetuning_task
    task_specific_params problem_type id2label label2id num_labels prefix
    bos_token_id eos_token_id pad_token_id sep_token_id decoder_start_token_id
    use_cache output_attentions output_hidden_states output_past return_dict torchscript
    use_bfloat16 tf_legacy_loss xla_device gradient_checkpointing attn_implementation
    chunk_size_feed_forward reorder_and_upcast_attn is_decoder tie_encoder_decoder n_ctx n_special
    predict_special_tokens directionality classifier_dropout hidden_dropout
    max_length min_length do_sample early_stopping temperature top_k top_p typical_p
    num_beams num_beam_groups num_return_sequences diversity_penalty repetition_penalty
    encoder_repetition_penalty length_penalty no_repeat_ngram_size encoder_no_repeat_ngram_size
    bad_words_ids suppress_tokens begin_suppress_tokens forced_bos_token_id forced_eos_token_id
    exponential_decay_length_penalty epsilon_cutoff eta_cutoff remove_invalid_values
    output_scores return_dict_in_generate
""".split()


def config_of(function: str, layout: Layout, told: dict | None, given: Config | None) -> Config:
    """The config that config.json describes, or the one given if that is the same model.

    The same means in all but dropout and first weights. Without a config.json to ask, it must
    have what all models of the family were published with, where the weights do not show it.
    """
    said = layout.defaults | (told or {})
    _must_be_understood(function, layout, said)
    known = {ours: said[theirs] for ours, theirs in layout.settings.items() if theirs in said}
    known |= {"activation": _activation(function, known["activation"]), **layout.structure}
    known |= layout.derived(function, said)
    if given is None:
        _must_be_complete(function, layout, known)
        return Config(**known, dropout=_dropout(function, layout, said, known))
    fixed = UNSHAPED | layout.structure.keys() if told is None else known.keys() - {"init_std"}
    source = f"in {layout.name} as published; others say so in the config.json of their folder"
    same = replace(given, **{name: known[name] for name in fixed})
    _must_be_same(function, given, same, source if told is None else "as config.json says")
    return given


def _must_be_same(function, given, known, source):
    both = [(f.name, getattr(known, f.name), getattr(given, f.name)) for f in fields(given)]
    wrong = [f"config.{name} must be {new!r}, got {old!r}" for name, new, old in both if old != new]
    if wrong:
        raise ValueError(f"{function}: {'; '.join(wrong)}, {source}")


def _must_be_understood(function, layout, said):
    for name, only in layout.variants.items():
        value = said.get(name)
        if value is not None and value != only:
            raise ValueError(
                f"{function}: config.json says {name} = {validate.shown(value)}, but this model "
                f"can only be {only!r}"
            )
    unknown = tuple(n for n, x in said.items() if x not in NOTHING and not _is_known(layout, n))
    if unknown:
        told = ", ".join(f"{name} = {validate.shown(said[name])}" for name in unknown)
        raise ValueError(
            f"{function}: config.json says {told}, which is not known here; if it changes nothing "
            f"that is computed, pass ignore={unknown}"
        )


def _is_known(layout, name):
    known = {*layout.settings.values(), *layout.dropouts, *layout.variants, *layout.also, *UNUSED}
    return name in known or name.startswith(("_", "summary_", "pooler_"))


def _must_be_complete(function, layout, known):
    missing = sorted(theirs for ours, theirs in layout.settings.items() if ours not in known)
    if missing:
        raise ValueError(
            f"{function}: config.json lacks {', '.join(missing)}; add what the model was made "
            f"with, or pass config=Config(...)"
        )


def _activation(function, name):
    validate.one_of(function, "the activation", name, ACTIVATIONS)
    return ACTIVATIONS[name]


def _dropout(function, layout, said, known):
    """Ours is one for all; where theirs differ, none of them is dropped unsaid."""
    first, *others = (said[name] for name in layout.dropouts)
    if any(other != first for other in others):
        told = ", ".join(f"{name} = {validate.shown(said[name])}" for name in layout.dropouts)
        raise ValueError(
            f"{function}: config.json says {told}, but this model has one dropout for all; "
            f"choose it in config={Config(**known, dropout=first)}"
        )
    return first
