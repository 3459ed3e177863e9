"""Sounds from numbers, and numbers from sounds: strings, voices, spectra, files."""

from .files import wav
from .notes import hertz, note
from .spectra import RATE, frames
from .strings import melody, pluck
from .voices import VOWELS, speak

__all__ = ["RATE", "VOWELS", "frames", "hertz", "melody", "note", "pluck", "speak", "wav"]
