"""Chapter 19: pictures, and the words in them."""

import torch

from .verdict import by_hand, exercise, expect


@exercise
def tokens(answer):
    """How many tokens a ViT reads, the class token with them: answer(height, width, size)."""
    for height, width, size in [(8, 8, 2), (8, 8, 4), (224, 224, 16), (16, 80, 8)]:
        mine = by_hand(answer, height, width, size)
        right = (height // size) * (width // size) + 1
        case = f"squares of {size} in {height} by {width} pixels"
        expect(mine != right - 1, f"{case}: the class token is a token too.")
        expect(mine != height * width + 1, f"{case}: a token is a square, not a pixel.")
        expect(mine != height * width // size + 1, f"{case}: a square has size × size pixels.")
        expect(mine == right, f"{case} give {right} tokens, got {mine}.")


@exercise
def cut(answer):
    """One gray image as its squares: answer(image (height, width), size) -> (N, size²)."""
    for height, width, size in [(4, 6, 2), (6, 3, 3), (4, 4, 4), (8, 8, 2)]:
        image = torch.arange(float(height * width)).view(height, width)
        mine = by_hand(answer, image, size)
        expect(isinstance(mine, torch.Tensor), "it should give a tensor.")
        squares = image.view(height // size, size, width // size, size).transpose(1, 2)
        right = squares.reshape(-1, size * size)
        shape = f"{len(right)} squares of {size**2} pixels, got shape {tuple(mine.shape)}."
        expect(mine.shape == right.shape, shape)
        straight = image.view(-1, size * size)
        if not torch.equal(straight, right):
            rows = (
                "these are pieces of rows: split both axes, then bring the two small ones together."
            )
            expect(not torch.equal(mine, straight), rows)
        columns = squares.transpose(0, 1).reshape(-1, size * size)
        if not torch.equal(columns, right):
            expect(not torch.equal(mine, columns), "the squares go row by row, as one reads.")
        turned = squares.mT.reshape(-1, size * size)
        expect(size == 1 or not torch.equal(mine, turned), "within a square, go row by row, too.")
        expect(torch.equal(mine, right), "a square's pixels lie elsewhere in the image.")


@exercise
def own_order(answer):
    """Each picture's patches in an order of its own: answer(pieces (B, N, P), orders (B, N))."""
    generator = torch.Generator().manual_seed(19)
    for batch, n, pixels in [(3, 6, 4), (2, 9, 1), (2, 2, 5)]:
        pieces = torch.randn(batch, n, pixels, generator=generator)
        orders = torch.stack([torch.arange(n).roll(1 - 2 * i) for i in range(batch)])
        orders[-1] = orders[-1].flip(0)
        mine = by_hand(answer, pieces, orders)
        expect(isinstance(mine, torch.Tensor), "it should give a tensor.")
        right = torch.stack([x[order] for x, order in zip(pieces, orders, strict=True)])
        shape = f"the shape stays {tuple(pieces.shape)}, got {tuple(mine.shape)}."
        expect(mine.shape == right.shape, shape)
        expect(not torch.equal(mine, pieces), "nothing has moved.")
        alike = "every picture got the first one's order: a control that leaves places alike."
        expect(not torch.equal(mine, pieces[:, orders[0]]), alike)
        back = torch.stack([x[order.argsort()] for x, order in zip(pieces, orders, strict=True)])
        if not torch.equal(back, right):
            undone = "patch i should come from place orders[b, i], not go there."
            expect(not torch.equal(mine, back), undone)
        expect(torch.equal(mine, right), "patch i of picture b should be pieces[b, orders[b, i]].")


@exercise
def on_the_letter(answer):
    """How often each head looks at the letter: answer(weights (H, L, N), middles (L), width)."""
    generator = torch.Generator().manual_seed(20)
    for heads, letters, n, width in [(2, 5, 10, 4), (3, 4, 6, 8)]:
        weights = torch.randn(heads, letters, n, generator=generator).softmax(-1)
        middles = torch.rand(letters, generator=generator) * n * width
        weights[0, torch.arange(letters), (middles // width).long().clamp(max=n - 1)] += 1
        mine = by_hand(answer, weights, middles, width)
        expect(isinstance(mine, torch.Tensor), "it should give a tensor.")
        expect(
            mine.shape == (heads,), f"a share for each of {heads} heads, got {tuple(mine.shape)}."
        )
        places = weights.argmax(-1)
        right = _near(places * width + width / 2, middles, width)
        expect(not _same(mine, right * letters), "a share, not a count: divide by the letters.")
        strips = _near(places.double(), middles, width)
        expect(_same(strips, right) or not _same(mine, strips), "middles are pixels, not strips.")
        expect(_same(mine, right), "count where the middle of the strongest strip is near enough.")


def _near(pixels, middles, width):
    return ((pixels - middles).abs() <= width).double().mean(-1)


def _same(mine, right):
    return torch.allclose(mine.double(), right.double())
