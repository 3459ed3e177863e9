"""What a Transformer does to each token by itself."""

import math

import numpy as np

erf = np.vectorize(math.erf, otypes=[np.float64])


def linear(x, weight, bias=0.0):
    """Map every vector by one matrix, $x W + b$: (..., n_in) -> (..., n_out).

    The weight is (n_in, n_out), as GPT-2 publishes it; `torch.nn.Linear` keeps its transpose.
    """
    return np.asarray(x, dtype=np.float64) @ weight + bias


def layer_norm(x, weight, bias, eps=1e-5):
    r"""Give every vector mean 0 and variance 1, then stretch and shift: (..., C) -> (..., C).

    $\frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}}\,w + b$ with the variance over all C numbers.
    Source: Ba et al. (2016), section 3.
    """
    x = np.asarray(x, dtype=np.float64)
    centered = x - x.mean(axis=-1, keepdims=True)
    return centered / np.sqrt((centered**2).mean(axis=-1, keepdims=True) + eps) * weight + bias


def relu(x):
    r"""Let what is positive pass: $\max(x, 0)$."""
    return np.maximum(x, 0.0)


def gelu(x):
    r"""Let x pass in the share $\Phi(x)$ of a normal distribution that lies below it.

    Source: Hendrycks and Gimpel (2016), section 2.
    """
    return x * (1 + erf(x / math.sqrt(2))) / 2


def gelu_tanh(x):
    r"""GELU as GPT-2 computes it: $\Phi(x) \approx (1 + \tanh\sqrt{2/\pi}(x + 0.044715x^3)) / 2$.

    Source: Hendrycks and Gimpel (2016), section 2.
    """
    return x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))) / 2


def feed_forward(x, c_fc, c_proj, activation=gelu_tanh):
    """Widen every token by itself, bend, and narrow it again: (..., T, C) -> (..., T, C).

    Source: Vaswani et al. (2017), section 3.3.
    """
    return linear(activation(linear(x, **c_fc)), **c_proj)
