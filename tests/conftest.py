"""What every test shares: a look at our own errors, and a watch on PyTorch."""

from contextlib import contextmanager

import jaxtyping
import pytest
from hypothesis import settings
from torch.utils._python_dispatch import TorchDispatchMode

settings.register_profile("book", deadline=None, derandomize=True)
settings.load_profile("book")


def pytest_collection_modifyitems(config, items):
    """What is left to `make test-all` is skipped, and so counted, unless `-m` asks for it."""
    if "thorough" not in config.option.markexpr:
        left = pytest.mark.skip(reason="left to make test-all")
        for item in items:
            if item.get_closest_marker("thorough"):
                item.add_marker(left)


class NoTorch(TorchDispatchMode):
    """While open, no tensor may be read or made."""

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        raise AssertionError(f"{function} ran before the arguments were checked")


@contextmanager
def _explained(error, *words):
    with pytest.raises(error) as caught:
        yield
    for word in words:
        assert word in str(caught.value)
    assert len(str(caught.value)) < 500, "an error never prints a whole tensor"


@pytest.fixture
def explained():
    """`with explained(ValueError, "words", ...)`: the error names them."""
    return _explained


@pytest.fixture
def refused():
    """The same, and PyTorch never ran: the arguments were checked at the door."""

    @contextmanager
    def check(error, *words):
        with _explained(error, *words), NoTorch():
            yield

    return check


@pytest.fixture(autouse=True)
def _own_errors(request):
    """Tests of bad input see the library's errors, not those of the run-time shape checker."""
    if "bad_input" not in request.keywords:
        yield
        return
    before = jaxtyping.config.jaxtyping_disable
    jaxtyping.config.update("jaxtyping_disable", True)
    yield
    jaxtyping.config.update("jaxtyping_disable", before)
