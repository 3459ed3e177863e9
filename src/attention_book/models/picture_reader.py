"""From a picture to a text: the encoder reads strips of pixels, the decoder writes letters."""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from .. import validate
from ..config import Config
from .parts import position_table
from .transformer import Reading, Transformer


def strips(
    images: Float[Tensor, "B channels height width"], width: int
) -> Float[Tensor, "B N pixels"]:
    """Cut images into upright strips, from left to right, each written out as one vector.

    ValueError if the strips do not fill the image.
    """
    width = validate.strips("strips", images, width)
    return images.unflatten(3, (-1, width)).movedim(3, 1).flatten(2)


class PictureReader(Transformer):
    """A Transformer whose source is a picture: its strips stand where the source's tokens stood.

    All else is as before: the decoder's blocks read the encoder's output through cross-attention,
    and `generate(model.reading(images), start, n)` writes. `max_len` has room for the strips and
    for the text; pictures have one channel, `height` rows and whole strips of `strip_width`.
    Shapes: images (B, 1, height, width), int target_ids (B, Tt) -> (B, Tt, V). ValueError or
    TypeError names what does not fit. Source: Li et al. (2023), with strips for patches.
    """

    def __init__(self, config: Config, *, height: int, strip_width: int):
        height = validate.whole_number("PictureReader", "height", height, least=1)
        width = validate.whole_number("PictureReader", "strip_width", strip_width, least=1)
        super().__init__(config)
        self.height, self.strip_width = height, width
        self.strip_proj = nn.Linear(height * width, config.d_model)
        self.strip_positions = position_table(config)

    def forward(
        self, images: Float[Tensor, "B 1 height width"], target_ids: Int[Tensor, "B Tt"]
    ) -> Float[Tensor, "B Tt V"]:
        """Logits of each next letter."""
        return self.decode(target_ids, self.encode(images))

    def encode(self, images: Float[Tensor, "B 1 height width"]) -> list[Float[Tensor, "B N C"]]:
        """Read the pictures once: one memory for each of the decoder's blocks."""
        validate.striped("PictureReader", self, images)
        x = self.strip_proj(strips(images, self.strip_width))
        if self.strip_positions is not None:
            x = x + self.strip_positions.codes[: x.shape[1]]
        return self.encoded(self.dropout(x))

    @torch.no_grad()
    def reading(self, images: Float[Tensor, "B 1 height width"]) -> Reading:
        """The model with these pictures read, for `generate`."""
        return Reading(self, self.encode(images), None)
