"""HTML that would cost a parser time quadratic in its size, rewritten so that it does not.

An HTML5 parser looks through all open elements at many a tag, through all attributes of a tag at
each new one, and through all options of a list; it repeats every unclosed style in every paragraph.
Honest pages have few of each; a page that has too many is rewritten in one pass: tags nested too
deeply become breaks, tags of immense length lose their attributes. The text stays.

An end tag that closes nothing must not hide a nest. So tags are found as the HTML standard's
tokenizer finds them, and an end tag counts if an element of its name is open in its scope.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

MOST_UNCLOSED = 5_000
"""Start tags that a page may have beyond its end tags before it is looked at closely."""

DEEPEST_NESTING = 500
"""Elements nested deeper become breaks, on pages that are rewritten."""

DEEPEST_SUSPECT = 2_000
"""Elements that nest before a page with so many tags is rewritten."""

MOST_TAGS = 10_000
"""Signs of tags that a page may have before its nesting is counted."""

MOST_REPEATED = 1_000_000
"""Elements that unclosed styles, one in each paragraph, may become before a page is rewritten."""

MOST_STYLES = 8
"""Open styles of a page that is rewritten."""

MOST_OPTIONS = 2_000

LONGEST_TAG = 50_000
"""Characters of a tag, or between two tags, beyond which a page is looked at closely."""

SMALLEST_SUSPECT = 200_000
"""Pages of fewer characters are parsed in time whatever the length of their tags."""

_SPACE = r"\t\n\f\r "
_ATTRIBUTE = (
    rf"[{_SPACE}/]+|[^{_SPACE}/>][^{_SPACE}/>=]*"
    rf"""(?:[{_SPACE}]*=[{_SPACE}]*(?:"[^"]*"|'[^']*'|[^{_SPACE}"'>][^{_SPACE}>]*)?)?"""
)
# What a lookahead has matched is not tried in other ways, so that the time stays linear.
_MARKUP = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"
    rf"|<(?P<slash>/?)(?P<name>[a-zA-Z][^{_SPACE}/>]*)"
    rf"(?=(?P<rest>(?:{_ATTRIBUTE})*))(?P=rest)(?:>|\Z)",
    re.DOTALL,
)
_STYLE = re.compile(
    rf"<(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)[{_SPACE}/>]", re.IGNORECASE
)
_BEGIN = re.compile("</?[a-zA-Z]")
_QUOTED_END = re.compile(rf"""=[{_SPACE}]*(?:"[^">]*>|'[^'>]*>)""")
"""A value in quotes with a `>`, which does not end a tag: a long one may have many."""

_WITHOUT_CHILDREN = frozenset(
    "area base br col embed hr img input link meta param source track wbr"
    " p li dt dd tr td th thead tbody tfoot option optgroup"
    " html head body".split()
)
"""Elements that have no elements inside, or that the next one of their kind closes."""

_STYLES = frozenset("b big code em font i nobr s small strike strong tt u".split())
"""Elements that a paragraph takes over from the one before."""

_RAW_TEXT = frozenset("script style textarea title xmp iframe noembed noframes plaintext".split())

_SCOPES = frozenset(
    "applet marquee object template table select foreignobject desc title"
    " mi mo mn ms mtext annotation-xml".split()
)
"""Elements that an end tag inside them does not reach out of, as cells and captions are."""

_TABLE_PARTS = frozenset("td th caption tr tbody thead tfoot".split())

_CELLS = frozenset("td th caption".split())

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


class _Nesting:
    """The elements that are open, counted by name in each scope."""

    def __init__(self) -> None:
        self.scopes: list[tuple[str, Counter[str]]] = [("", Counter())]
        self.open_scopes: Counter[str] = Counter()
        self.depth = self.styles = 0

    def start(self, name: str) -> None:
        if name in _TABLE_PARTS:
            if not self.open_scopes["table"]:
                return
            self._leave_scopes_in("table")
            if name in _CELLS:
                self._enter(name)
        elif name not in _WITHOUT_CHILDREN:
            self.scopes[-1][1][name] += 1
            self.depth += 1
            self.styles += name in _STYLES
            if name in _SCOPES:
                self._enter(name)

    def end(self, name: str) -> None:
        if name in _TABLE_PARTS:
            if self.open_scopes["table"]:
                self._leave_scopes_in("table")
        elif name in _SCOPES and self.open_scopes[name]:
            self._leave_scopes_in(name)
            self._leave()
        elif name in self.scopes[-1][1]:
            self._close(name, 1)

    def in_foreign(self) -> bool:
        """Whether text may be no raw text, since a drawing or a formula may be open."""
        return any(names["svg"] or names["math"] for _, names in self.scopes[-2:])

    def _enter(self, name: str) -> None:
        self.scopes.append((name, Counter()))
        self.open_scopes[name] += 1

    def _leave_scopes_in(self, name: str) -> None:
        while self.scopes[-1][0] != name:
            self._leave()

    def _leave(self) -> None:
        name, inside = self.scopes.pop()
        self.open_scopes[name] -= 1
        self.depth -= inside.total()
        self.styles -= sum(inside[style] for style in _STYLES)
        if name not in _CELLS:
            self._close(name, 1)

    def _close(self, name: str, count: int) -> None:
        names = self.scopes[-1][1]
        names[name] -= count
        if not names[name]:
            del names[name]
        self.depth -= count
        self.styles -= count * (name in _STYLES)


def _tags(html: str, nesting: _Nesting) -> Iterator[re.Match[str]]:
    """Every tag, after `nesting` has taken it in."""
    position = 0
    while found := _MARKUP.search(html, position):
        position = found.end()
        if found["name"] is None:
            continue
        name = found["name"].lower()
        if found["slash"]:
            nesting.end(name)
        elif name in _RAW_TEXT and not nesting.in_foreign():
            end = re.compile(rf"</{name}(?=[{_SPACE}/>])", re.IGNORECASE).search(html, position)
            position = end.start() if end and name != "plaintext" else len(html)
        else:
            nesting.start(name)
        yield found


def _is_suspect(html: str) -> bool:
    tags = html.count("<")
    if tags - 2 * html.count("</") > MOST_UNCLOSED:
        return True
    # Of so many tags, half styles and half paragraphs would make the most of it.
    styles = len(_STYLE.findall(html)) if tags * tags > 4 * MOST_REPEATED else 0
    if tags <= MOST_TAGS and styles * tags <= MOST_REPEATED and not _may_have_long_tag(html):
        return False
    nesting = _Nesting()
    deepest = most_styles = longest = 0
    for tag in _tags(html, nesting):
        deepest = max(deepest, nesting.depth)
        most_styles = max(most_styles, nesting.styles)
        longest = max(longest, len(tag["rest"]))
    return deepest > DEEPEST_SUSPECT or most_styles * tags > MOST_REPEATED or longest > LONGEST_TAG


def _may_have_long_tag(html: str) -> bool:
    """Whether a tag may have more than `LONGEST_TAG` characters: a quick look."""
    if len(html) < SMALLEST_SUSPECT:
        return False
    return _QUOTED_END.search(html) is not None or _has_open_stretch(html)


def _has_open_stretch(html: str) -> bool:
    """Whether after a tag's begin more than `LONGEST_TAG` characters stand without a `>`."""
    start = 0
    while start + LONGEST_TAG < len(html):
        last = html.rfind(">", start, start + LONGEST_TAG + 1)
        if last < 0:
            last = html.find(">", start)
            last = len(html) if last < 0 else last
            begin = _BEGIN.search(html, start, last)
            if begin and last - begin.start() > LONGEST_TAG:
                return True
        start = last + 1
    return False


def _rewritten(html: str) -> str:
    """One pass over the tags, counting how deep they nest."""
    nesting = _Nesting()
    pieces: list[str] = []
    options = end = 0
    for found in _tags(html, nesting):
        name = found["name"].lower()
        tag = found.group()
        if len(found["rest"]) > LONGEST_TAG:
            tag = f"<{found['slash']}{found['name']}>"
        if name == "option":
            options += 1
            tag = tag if options <= MOST_OPTIONS else " "
        elif name not in _WITHOUT_CHILDREN and nesting.depth > DEEPEST_NESTING:
            # An end tag may close an element further out: less deep, and the text stays.
            kept = tag if found["slash"] else ""
            tag = kept if name in _INLINE else f"{kept}<hr>"
        elif name in _STYLES and not found["slash"] and nesting.styles > MOST_STYLES:
            tag = ""
        pieces += (html[end : found.start()], tag)
        end = found.end()
    return "".join([*pieces, html[end:]])
