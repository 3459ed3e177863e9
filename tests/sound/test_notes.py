import pytest

from attention_book.sound import hertz, note


def test_names_and_frequencies():
    assert [note(p) for p in (0, 48, 60, 61, 69, 71, 72, 127)] == [
        "C-1", "C3", "C4", "C#4", "A4", "B4", "C5", "G9",
    ]  # fmt: skip
    assert hertz(69) == 440
    assert hertz(57) == pytest.approx(220)
    assert hertz(60) == pytest.approx(261.6256, abs=1e-4)


@pytest.mark.bad_input
@pytest.mark.parametrize("function", [note, hertz])
@pytest.mark.parametrize("pitch", [-1, 128, 60.5, "C"])
def test_what_is_no_pitch_is_refused(function, pitch):
    with pytest.raises((ValueError, TypeError), match=rf"{function.__name__}: pitch must be"):
        function(pitch)
