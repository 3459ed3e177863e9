"""A book of one chapter, its glossary and its bibliography, built in memory of a moment."""

import warnings
from io import StringIO

import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from tools.execute import write

GLOSSARY = """\
# Glossary

:::{glossary}
mask
掩码
  For each {term}`query` a yes or no. $x$
  [Chapter 8](08-masks.ipynb)

query
查询
  What a token looks for.
  [Chapter 8](08-masks.ipynb)
:::
"""
WORKS = """\
@article{vaswani2017, author = {Vaswani, Ashish and Shazeer, Noam and Parmar, Niki},
  title = {Attention}, journal = {NeurIPS}, year = {2017}}
@article{lee2021, author = {Lee, Hung-yi}, title = {Self-attention}, journal = {NTU}, year = {2021}}
@misc{venus, author = {{Venus AI}}, title = {Self-attention}, year = {n.d.}}
"""
EXTENSIONS = ["myst_nb", "sphinxcontrib.bibtex", "sphinx.ext.mathjax", "book_text"]
TERMS = "A **mask** has **queries**."


def markdown(text):
    return new_markdown_cell(text)


def code(source, output="", **metadata):
    shown = [new_output("stream", name="stdout", text=output)] if output else []
    return new_code_cell(source, execution_count=1, outputs=shown, metadata=metadata)


@pytest.fixture
def build(tmp_path):
    """A function that builds a chapter of these cells: its page, the others, and all warnings."""

    def built(*cells):
        cells = [markdown(f"# 8. Masks\n\n{TERMS}\n\n## First"), *cells]
        lay_out(tmp_path, new_notebook(cells=cells))
        said = StringIO()
        with docutils_namespace(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            Sphinx(**settings(tmp_path), status=None, warning=said).build()
        pages = {
            path.stem: BeautifulSoup(path.read_text("utf-8"), "html.parser")
            for path in tmp_path.rglob("*.html")
        }
        return pages["08-masks"], pages, said.getvalue()

    return built


def lay_out(folder, notebook):
    (folder / "chapters").mkdir()
    write(notebook, folder / "chapters/08-masks.ipynb")
    (folder / "chapters/glossary.md").write_text(GLOSSARY, "utf-8")
    (folder / "chapters/bibliography.md").write_text(
        "# Works\n\n:::{bibliography}\n:all:\n:::\n", "utf-8"
    )
    (folder / "references.bib").write_text(WORKS, "utf-8")
    contents = "# Book\n\n:::{toctree}\n:glob:\nchapters/*\n:::\n"
    (folder / "index.md").write_text(contents, "utf-8")


def settings(folder):
    options = {
        "extensions": EXTENSIONS,
        "bibtex_bibfiles": ["references.bib"],
        "bibtex_cite_id": "cite-{key}",
        "bibtex_default_style": "book",
        "myst_enable_extensions": ["colon_fence", "dollarmath"],
        "nb_execution_mode": "off",
        "html_theme": "basic",
        "nitpicky": True,
    }
    out = folder / "_build"
    paths = dict(srcdir=folder, confdir=None, outdir=out, doctreedir=out / "trees")
    return paths | dict(buildername="html", confoverrides=options)
