"""Images as texts: squares of pixels are the tokens, and one more token sums them up."""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from .. import validate
from ..config import Config
from ..layers import Block
from .parts import last_norm, position_table, small_normal


def patches(
    images: Float[Tensor, "B channels height width"], size: int
) -> Float[Tensor, "B N pixels"]:
    """Cut images into squares, row by row, each written out as one vector, channel by channel.

    ValueError if the squares do not fill the image. Source: Dosovitskiy et al. (2021), section 3.1.
    """
    size = validate.images("patches", images, size)
    return F.unfold(images, size, stride=size).mT


class VisionTransformer(nn.Module):
    """An encoder over patches; a learned token before them collects what the classes need.

    `vocab_size` is the number of classes, the words that the model can answer with, and `max_len`
    has room for the patches and the class token. With `positions="none"` it sees a bag of patches.
    Shapes: images (B, n_channels, height, width) -> logits (B, vocab_size). ValueError names what
    does not fit. Source: Dosovitskiy et al. (2021), section 3.1.
    """

    def __init__(self, config: Config, *, patch_size: int, n_channels: int = 1):
        super().__init__()
        validate.one_text("VisionTransformer", config, Config)
        sizes = {"patch_size": patch_size, "n_channels": n_channels}
        self.patch_size, self.n_channels = (
            validate.whole_number("VisionTransformer", *size, least=1) for size in sizes.items()
        )
        self.config = config
        self.patch_proj = nn.Linear(self.n_channels * self.patch_size**2, config.d_model)
        self.class_token = nn.Parameter(torch.zeros(config.d_model))
        self.positions = position_table(config)
        self.dropout = nn.Dropout(config.dropout)
        self.blocks = nn.ModuleList(Block(config, layer=i) for i in range(config.n_layers))
        self.norm = last_norm(config)
        self.head = nn.Linear(config.d_model, config.vocab_size)
        small_normal(self, config.init_std)

    def forward(
        self, images: Float[Tensor, "B channels height width"]
    ) -> Float[Tensor, "B classes"]:
        """The logits of each image's classes."""
        return self.head(self.hidden(images)[:, 0])

    def hidden(
        self, images: Float[Tensor, "B channels height width"]
    ) -> Float[Tensor, "B tokens C"]:
        """The last vectors: of the class token, then of each patch."""
        validate.pictures("VisionTransformer", self, images)
        x = self.patch_proj(patches(images, self.patch_size))
        x = torch.cat((self.class_token.expand(len(x), 1, -1), x), dim=1)
        if self.positions is not None:
            x = x + self.positions.codes[: x.shape[1]]
        x = self.dropout(x)
        for block in self.blocks:
            x = block(x)
        return self.norm(x)
