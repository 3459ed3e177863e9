"""Every check of arguments, and the text of every error.

Each fact is checked once, at the door: a model's call, `attention`, `generate`, `fit`. Modules
inside check beforehand only what PyTorch would take in silence; where it fails, they say why.
"""

# ruff: noqa: F403
from .caches import *
from .fixed_memory import *
from .generation import *
from .models import *
from .modules import *
from .numbers import *
from .published import *
from .recording import *
from .streaming import *
from .tensors import *
