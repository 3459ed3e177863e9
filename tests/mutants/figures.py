"""Bugs of the figures, and of the one check that computes more than it compares."""

from .mutant import Mutant

INPUTS = "tests/figures/test_inputs.py::test_"
NUMBERS = "tests/figures/test_numbers.py"
CHECKS = "tests/test_checks.py"

MUTANTS = [
    Mutant(
        "tensors with a gradient cannot be drawn",
        "figures/inputs.py",
        "x.detach().cpu()",
        "x.cpu()",
        f"{INPUTS}the_same_numbers_in_another_form_are_the_same_figure",
    ),
    Mutant(
        "half precision cannot be drawn",
        "figures/inputs.py",
        "(x.double() if x.is_floating_point() else x)",
        "x",
        f"{INPUTS}numbers_of_half_precision_are_exact",
    ),
    Mutant(
        "a place from the end stays below 0",
        "figures/inputs.py",
        "range(count)[chosen]",
        "chosen",
        f"{INPUTS}places_are_counted_as_python_counts",
    ),
    Mutant(
        "a label of a tensor says that it is a tensor",
        "figures/inputs.py",
        'label.item() if hasattr(label, "item") else label',
        "label",
        f"{INPUTS}labels_may_be_numbers",
    ),
    Mutant(
        "the darkest color is the largest weight, whatever it is",
        "figures/heatmap.py",
        "vmin=0, vmax=1",
        "vmin=0, vmax=self.weights.max()",
        "tests/figures/test_heatmap.py",
    ),
    Mutant(
        "an exact half is rounded to the next even percent",
        "figures/shares.py",
        "np.floor(np.round(100 * weights, 4) + 0.5)",
        "np.round(np.round(100 * weights, 4))",
        NUMBERS,
    ),
    Mutant(
        "what is masked is said to be 0",
        "figures/shares.py",
        "np.where(mask, whole, MASKED)",
        "np.where(mask, whole, ZERO)",
        NUMBERS,
    ),
    Mutant(
        "the shares of a mixture may be negative",
        "checks/mixtures.py",
        "used & (best <= SMALL)",
        "used & (best <= -np.inf)",
        CHECKS,
    ),
]
