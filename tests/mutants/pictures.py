"""Bugs of models that look at pictures, and of the pictures themselves."""

from .mutant import Mutant

READER, DIGITS = "tests/models/test_picture_reader.py", "tests/tasks/test_digits.py"

MUTANTS = [
    Mutant(
        "strips that mix rows and columns",
        "models/picture_reader.py",
        "images.unflatten(3, (-1, width)).movedim(3, 1).flatten(2)",
        "images.unflatten(3, (width, -1)).movedim(4, 1).flatten(2)",
        READER + " -k upright",
    ),
    Mutant(
        "strips without their places",
        "models/picture_reader.py",
        "x = x + self.strip_positions.codes[: x.shape[1]]",
        "x = x + self.strip_positions.codes[:1]",
        READER + " -k vectors_of_the_strips",
    ),
    Mutant(
        "the class is read off a patch",
        "models/vision.py",
        "self.hidden(images)[:, 0]",
        "self.hidden(images)[:, 1]",
        "tests/models/test_vision.py -k hugging_face",
    ),
    Mutant(
        "shuffled each in its own order, all in one",
        "tasks/digits.py",
        "(1 if alike else len(images), 1)",
        "(1, 1)",
        DIGITS + " -k another_order",
    ),
    Mutant(
        "an odd patch that is hardly odd",
        "tasks/digits.py",
        "fits = (new - pieces[left, where]).abs().sum(1) >= least",
        "fits = (new - pieces[left, where]).abs().sum(1) >= 0",
        DIGITS + " -k odd",
    ),
]
