"""HTML that would cost a parser time quadratic in its size, rewritten so that it does not.

An HTML5 parser looks through all open elements at many a tag, through all attributes of a tag at
each new one, and through all options of a list. Honest pages have few of each; a page that has
too many is rewritten in one pass: tags nested too deeply become breaks, tags of immense length
lose their attributes. The text stays.
"""

from __future__ import annotations

import re

MOST_UNCLOSED = 5_000
"""Start tags that a page may have beyond its end tags before it is looked at closely."""

DEEPEST_NESTING = 500
"""Elements nested deeper become breaks, on pages that are rewritten."""

MOST_OPTIONS = 2_000

LONGEST_TAG = 50_000
"""Characters of a tag, or between two tags, beyond which a page is looked at closely."""

SMALLEST_SUSPECT = 200_000
"""Pages of fewer characters are parsed in time whatever the length of their tags."""

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]{0,30})([^<>]*)>")

_WITHOUT_CHILDREN = frozenset(
    "area base br col embed hr img input link meta param source track wbr"
    " p li dt dd tr td th thead tbody tfoot option optgroup"
    " script style textarea title xmp".split()
)
"""Elements that have no elements inside, or that the next one of their kind closes."""

_INLINE = frozenset(
    "a abbr b bdi bdo big cite code data em font i ins kbd label mark q s samp small span strike"
    " strong sub sup time tt u var".split()
)


def tame(html: str) -> str:
    """The page itself, or a rewritten one if it could cost too much.

    >>> tame("<div>tea</div>")
    '<div>tea</div>'
    """
    if _is_suspect(html):
        return _rewritten(html)
    return html


def _is_suspect(html: str) -> bool:
    if html.count("<") - 2 * html.count("</") > MOST_UNCLOSED:
        return True
    if len(html) < SMALLEST_SUSPECT:
        return False
    return _has_long_tag(html)


def _has_long_tag(html: str) -> bool:
    """Whether more than `LONGEST_TAG` characters stand without a `>` among them."""
    start = 0
    while start + LONGEST_TAG < len(html):
        last = html.rfind(">", start, start + LONGEST_TAG + 1)
        if last < 0:
            return True
        start = last + 1
    return False


def _rewritten(html: str) -> str:
    """One pass over the tags, counting how deep they nest."""
    depth = options = 0

    def rewrite(match: re.Match[str]) -> str:
        nonlocal depth, options
        slash, name, rest = match.groups()
        name = name.lower()
        if name == "option":
            options += 1
            return match.group() if options <= MOST_OPTIONS else " "
        if name not in _WITHOUT_CHILDREN:
            was_deep = depth > DEEPEST_NESTING
            depth = max(depth - 1, 0) if slash else depth + 1
            if was_deep or depth > DEEPEST_NESTING:
                return "" if name in _INLINE else "<hr>"
        return match.group() if len(rest) <= LONGEST_TAG else f"<{slash}{name}>"

    return _TAG.sub(rewrite, html)
