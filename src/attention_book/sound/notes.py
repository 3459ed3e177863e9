"""Names and frequencies of the twelve notes of an octave; 60 is the C in the middle of a piano."""

from ..validate.numbers import whole_number

NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


def note(pitch: int) -> str:
    """The name of a pitch, such as C4 for 60. ValueError for a pitch outside 0 to 127."""
    pitch = _pitch("note", pitch)
    return f"{NAMES[pitch % 12]}{pitch // 12 - 1}"


def hertz(pitch: int) -> float:
    r"""How often a pitch swings in a second: $440 \cdot 2^{(p - 69) / 12}$.

    Twelve pitches higher is an octave, twice as fast. ValueError for a pitch outside 0 to 127.
    """
    return 440 * 2 ** ((_pitch("hertz", pitch) - 69) / 12)


def _pitch(function, pitch):
    return whole_number(function, "pitch", pitch, most=127)
