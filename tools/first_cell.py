"""The first code cell of every notebook: its text for any address of the repository."""

from nbformat import NotebookNode

PLACEHOLDER = "https://github.com/OWNER/NAME"

WITHOUT_ADDRESS = """\
try:
    import attention_book
except ModuleNotFoundError:
    raise ModuleNotFoundError(
        "This copy of the book does not know its own web address, so it cannot "
        'install its library here. On your computer, run `pip install -e ".[figures]"` '
        "in the book's folder and restart the kernel. For Colab, the book's owner sets "
        "the address once, with `make repository URL=https://github.com/…`."
    ) from None\
"""

WITH_ADDRESS = """\
try:
    import attention_book
except ModuleNotFoundError:
    %pip install -q "attention-book[figures] @ git+{url}"
    import attention_book\
"""


def first_cell(url: str) -> str:
    """The source of the cell that makes the library importable from the repository at ``url``."""
    return WITHOUT_ADDRESS if url == PLACEHOLDER else WITH_ADDRESS.format(url=url)


def first_code_cell(notebook: NotebookNode) -> NotebookNode:
    """The cell that ``first_cell`` belongs in."""
    return next(cell for cell in notebook.cells if cell.cell_type == "code")
