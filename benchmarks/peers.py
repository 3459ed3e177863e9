"""Hugging Face's GPT-2 and ours with the same random weights, and how each is called best."""

import torch
import torch.nn.functional as F

from attention_book import GPT
from attention_book.models.pretrained import load_gpt2
from attention_book.train import cross_entropy

from .sizes import config, ids_for


def pair(sizes):
    """Our model, as it comes from a folder, and theirs, in evaluation: the same logits."""
    # Here, because the import takes seconds, and not every machine with a GPU has it.
    from transformers import GPT2Config, GPT2LMHeadModel
    from transformers.utils import logging

    logging.set_verbosity_error()
    torch.manual_seed(0)
    quiet = {"resid_pdrop": 0.0, "embd_pdrop": 0.0, "attn_pdrop": 0.0}
    settings = GPT2Config(**sizes, **quiet, bos_token_id=None, eos_token_id=None)
    theirs = GPT2LMHeadModel._from_config(settings, attn_implementation="sdpa").eval()
    ours = load_gpt2(theirs.state_dict(), config(sizes))
    ids = ids_for(sizes, 1, 8)
    with torch.no_grad():
        torch.testing.assert_close(ours(ids), theirs(ids).logits, atol=1e-4, rtol=1e-4)
    return ours, theirs


def trained_pair(sizes):
    """Both for training: ours as one that is made new lies in memory."""
    ours, theirs = pair(sizes)
    new = GPT(ours.config)
    new.load_state_dict(ours.state_dict())
    return new, theirs.train()


def losses(ours, theirs, ids):
    """How wrong each is about every next token; the same loss, and no cache that nobody asks."""
    read, targets = ids[:, :-1], ids[:, 1:]

    def loss_of_ours():
        return cross_entropy(ours(read), targets)

    def loss_of_theirs():
        logits = theirs(read, use_cache=False).logits
        return F.cross_entropy(logits.flatten(0, 1), targets.flatten())

    return loss_of_ours, loss_of_theirs
