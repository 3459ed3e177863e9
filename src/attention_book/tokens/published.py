"""The files of GPT-2's tokenizer: `vocab.json` and `merges.txt`, or `tokenizer.json` alone."""

from pathlib import Path

from .tokenizer import settings

# What tokenizer.json may say if its rules are GPT-2's; what GPT-2's own says stands last.
RULES: dict[str, tuple] = {
    "normalizer": (None,),
    "pre_tokenizer.type": ("ByteLevel",),
    "pre_tokenizer.add_prefix_space": (False,),
    "pre_tokenizer.use_regex": (None, True),
    "post_processor.type": (None, "TemplateProcessing", "ByteLevel"),
    "post_processor.special_tokens": ({}, None),
    "decoder.type": ("ByteLevel",),
    "model.type": (None, "BPE"),
    "model.dropout": (0, None),
    "model.continuing_subword_prefix": (None, ""),
    "model.end_of_word_suffix": (None, ""),
    "model.byte_fallback": (None, False),
    "model.ignore_merges": (None, False),
}


def read(where, folder):
    """Vocabulary, merges and added tokens, as the files in the folder say."""
    if not isinstance(folder, (str, Path)):
        raise TypeError(f"{where}: folder must be a path, got {type(folder).__name__}")
    names = ("tokenizer.json", "vocab.json", "merges.txt")
    one, vocabulary, merges = (Path(folder) / name for name in names)
    if one.is_file():
        found, pairs, added = _one(where, one)
        if vocabulary.is_file():
            _agree(where, one, vocabulary, settings(where, vocabulary) | added == found | added)
        if merges.is_file():
            _agree(where, one, merges, _merges(where, merges) == pairs)
        return found, pairs, added
    if vocabulary.is_file() and merges.is_file():
        added = merges.with_name("added_tokens.json")
        more = settings(where, added) if added.is_file() else {}
        return settings(where, vocabulary), _merges(where, merges), more
    raise FileNotFoundError(
        f"{where}: there must be vocab.json and merges.txt, or tokenizer.json, in {folder}"
    )


def _one(where, path):
    file = settings(where, path)
    for rule, values in RULES.items():
        if (said := _said(file, rule)) not in values:
            raise ValueError(
                f"{where}: {path} says {rule} = {said!r:.60}, but GPT-2's is {values[-1]!r}; "
                f"transformers.AutoTokenizer reads tokenizers of other kinds"
            )
    merges = _part(where, path, file, "model.merges", list)
    pairs = [pair.split(" ") if isinstance(pair, str) else pair for pair in merges]  # old and new
    added = dict(_added(where, path, x) for x in _part(where, path, file, "added_tokens", list))
    return _part(where, path, file, "model.vocab", dict), pairs, added


def _part(where, path, file, name, kind):
    if not isinstance(part := _said(file, name), kind):
        raise ValueError(f"{where}: {path} is damaged: it has no {kind.__name__} {name}")
    return part


def _added(where, path, token):
    flags = [flag for flag in ("lstrip", "rstrip", "single_word") if _said(token, flag)]
    content = _said(token, "content")
    if flags or not content or not isinstance(content, str):
        raise ValueError(
            f"{where}: {path}: an added token must have a content and nothing that moves the cut "
            f"around it, got {token!r:.200}"
        )
    return content, token.get("id")


def _agree(where, one, other, agreed):
    if not agreed:
        raise ValueError(f"{where}: {one} and {other.name} disagree; keep those of your model")


def _merges(where, path):
    from ..models.files import SIGNS, must_not_begin  # here, for tokenizers need no models

    data = path.read_bytes()
    try:
        must_not_begin(path, data[:32], SIGNS)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None
    lines = data.decode("utf-8", "replace").removesuffix("\n").split("\n")
    return [line.removesuffix("\r").split(" ") for line in lines if not line.startswith("#version")]


def _said(file, rule):
    for name in rule.split("."):
        file = file.get(name) if isinstance(file, dict) else None
    return file
