"""Text into ids and back: characters, words, and byte-pair encoding small enough to read.

Every tokenizer gives back exactly the text it was given, or refuses it with an error that says
what and where. Each is saved as plain JSON.
"""

from .bytepairs import ByteBPE
from .gpt2 import GPT2Tokens
from .tables import Characters, Words

__all__ = ["ByteBPE", "Characters", "GPT2Tokens", "Words"]
