"""Greedy decoding with shared heads beside Hugging Face's Llama with the same weights."""

import tempfile

import torch

from attention_book.models import pretrained

from .decoding import PROMPT, continued, continued_by_theirs
from .sizes import ids_for
from .timing import compare, fastest

LLAMA = {
    "vocab_size": 1000,
    "max_position_embeddings": 1024,
    "hidden_size": 256,
    "intermediate_size": 688,
    "num_hidden_layers": 4,
    "num_attention_heads": 8,
    "num_key_value_heads": 2,
}


def pair():
    """Ours, read from the folder that theirs was saved to, and theirs: the same logits."""
    from transformers import LlamaConfig, LlamaForCausalLM
    from transformers.utils import logging

    logging.set_verbosity_error()
    torch.manual_seed(0)
    settings = LlamaConfig(**LLAMA, bos_token_id=None, eos_token_id=None)
    theirs = LlamaForCausalLM._from_config(settings, attn_implementation="sdpa").eval()
    with tempfile.TemporaryDirectory() as folder:
        theirs.save_pretrained(folder)
        ours = pretrained.load(folder).eval()
    ids = ids_for({"vocab_size": LLAMA["vocab_size"]}, 1, 8)
    with torch.no_grad():
        torch.testing.assert_close(ours(ids), theirs(ids).logits, atol=1e-4, rtol=1e-4)
    return ours, theirs


@torch.inference_mode()
def against_hugging_face(n):
    ours, theirs = pair()
    ids = ids_for({"vocab_size": LLAMA["vocab_size"]}, 1, PROMPT)
    return compare(continued(ours, ids, n), fastest(*continued_by_theirs(theirs, ids, n)))
