"""What the static figures share: a PNG that is the same on every run."""

import io


class Picture:
    """A matplotlib figure that notebooks show as a PNG; `repr` gives its numbers."""

    def figure(self):
        raise NotImplementedError

    def _repr_png_(self):
        file = io.BytesIO()
        self.figure().savefig(file, format="png", dpi=144, metadata={"Software": None})
        return file.getvalue()
