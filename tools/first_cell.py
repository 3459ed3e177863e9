"""The first code cell of every notebook: its text for any address of the repository."""

from nbformat import NotebookNode

PLACEHOLDER = "https://github.com/OWNER/NAME"

WITHOUT_ADDRESS = """\
# @title Set-up
try:
    import attention_book
except ModuleNotFoundError:
    raise ModuleNotFoundError(
        "The book's library is missing. Download the whole book, open it\\n"
        'in Jupyter, run `%pip install -e "..[figures]"`, then this cell.'
    ) from None\
"""

WITH_ADDRESS = """\
# @title Set-up
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
