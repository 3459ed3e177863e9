"""Of a style sheet, only the rules that can match a site, and those without their white space."""

import re
from itertools import pairwise

import tinycss2

GROUPS = {"media", "supports", "layer"}


def in_use(sheet, words):
    """The rules that name no class or id but such as are among the words."""
    rules = tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True)
    return "".join(kept(rules, words))


def kept(rules, words):
    for rule in rules:
        if rule.type == "error":
            raise ValueError(f"a style sheet is broken: {rule.message}")
        if rule.type == "qualified-rule":
            selectors = [small(s) for s in parts(rule.prelude) if names(s) <= words]
            yield from themed(selectors, "{" + small(rule.content) + "}")
        elif rule.lower_at_keyword in GROUPS and rule.content:
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            if body := "".join(kept(inner, words)):
                yield f"@{rule.at_keyword} {small(rule.prelude)}{{{body}}}"
        elif rule.lower_at_keyword != "charset":
            yield small([rule])


def themed(selectors, body):
    """A rule and, for pages on which no script sets the theme, the same by the reader's system."""
    if selectors:
        yield ",".join(selectors) + body
    for theme in ("light", "dark"):
        chosen = re.compile(rf"\[data-theme=([\"']?){theme}\1\]")
        if own := [chosen.sub(":not([data-theme])", s) for s in selectors if chosen.search(s)]:
            yield f"@media (prefers-color-scheme:{theme}){{{','.join(own)}{body}}}"


def parts(prelude):
    """The selectors of a list: what stands between its commas."""
    selectors = [[]]
    for token in prelude:
        if token == ",":
            selectors.append([])
        else:
            selectors[-1].append(token)
    return selectors


def names(selector):
    """The classes and ids that an element needs to match; those within :not() and :is() are not."""
    classes = {
        name.value for dot, name in pairwise(selector) if dot == "." and name.type == "ident"
    }
    return classes | {token.value for token in selector if token.type == "hash"}


def small(tokens):
    """The tokens as text, without comments and with one space for many."""
    text = tinycss2.serialize([t for t in tokens if t.type != "comment"])
    return " ".join(text.split())
