"""What a notebook proves while it runs: each check and each assert that passed.

Only statements of the page itself count. What stands in a function tries a reader's answer, and
what is expected to fail stands in a `try` and never gets as far as its note.
"""

import ast
import builtins
import inspect
from collections import Counter

PROOFS = "application/vnd.attention-book.proofs+json"
NOTE = "__proved__"
ORDERINGS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


def watch(shell):
    """From now on, each cell of this IPython shell ends by showing what it proved."""
    from IPython.display import display

    proved = Counter()

    def tell(result):
        notes = [
            {"claim": claim, "within": within, "times": times}
            for (claim, within), times in proved.items()
        ]
        proved.clear()
        if notes and result.success:
            display({PROOFS: notes}, raw=True)

    setattr(builtins, NOTE, lambda *note: proved.update([note]))
    shell.ast_transformers.append(Witness())
    shell.events.register("post_run_cell", tell)


class Witness(ast.NodeTransformer):
    """After each check and each assert, note what it said: reached only if it held."""

    def visit_FunctionDef(self, node):
        return node

    visit_AsyncFunctionDef = visit_ClassDef = visit_FunctionDef

    def visit_Assert(self, node):
        return [node, _note(node, ast.unparse(node.test), _exactness(node.test))]

    def visit_Expr(self, node):
        if not _is_check(node.value):
            return node
        return [node, _note(node, ast.unparse(node.value), _tolerance(node.value))]


def _note(node, *texts):
    call = ast.Call(ast.Name(NOTE, ast.Load()), [ast.Constant(text) for text in texts], [])
    return ast.fix_missing_locations(ast.copy_location(ast.Expr(call), node))


def _is_check(node):
    return isinstance(node, ast.Call) and ast.unparse(node.func).startswith("checks.")


def _tolerance(call):
    """The tolerance that the call gives, or the check's own; a check without one is exact."""
    from attention_book import checks

    check = inspect.signature(getattr(checks, call.func.attr))
    if "tolerance" not in check.parameters:
        return "exact"
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    given = check.bind_partial(*call.args, **named).arguments.get("tolerance")
    return ast.unparse(given) if given else f"{check.parameters['tolerance'].default:g}"


def _exactness(test):
    """Whether the claim is an equality of whole things, or states a bound of its own."""
    if isinstance(test, ast.Call) and ast.unparse(test.func).endswith("equal"):
        return "exact"
    bounds = any(isinstance(node, ORDERINGS) for node in ast.walk(test))
    return "as stated" if bounds or "close" in ast.unparse(test) else "exact"
