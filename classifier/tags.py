"""Names of elements, in the sets that the HTML standard and style sheets put them in.

A parser, a browser and a reader each have their own division: what closes what, what is shown, what
stands apart. Whoever asks one of these of a name asks it here.
"""

from __future__ import annotations

HEADING_TAGS = frozenset("h1 h2 h3 h4 h5 h6".split())

PARAGRAPH_ENDING_TAGS = HEADING_TAGS | frozenset(
    "address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption"
    " figure footer form header hgroup hr li listing main menu nav ol p plaintext pre search"
    " section summary table ul xmp".split()
)
"""Elements that end an open paragraph where they begin."""

BLOCK_TAGS = PARAGRAPH_ENDING_TAGS | frozenset(
    "body button caption frameset html legend optgroup select tbody textarea tfoot thead tr".split()
)
"""Elements that begin and end a block. `button`, `select` and `textarea` are set in a line but
are widgets with a text of their own."""

ROOT_TAGS = frozenset(("body", "html"))
"""Elements above everything, which say nothing about a block."""

CELL_TAGS = frozenset(("td", "th"))

CELL_FILLERS = frozenset(("p", "div"))
"""Elements that, alone in a table cell, are no more than the cell."""

VOID_TAGS = frozenset(
    "area base basefont bgsound br col embed frame hr image img input keygen link meta param source"
    " track wbr".split()
)
"""Elements that hold nothing: there is no end tag."""

RAW_TEXT_TAGS = frozenset(
    "iframe noembed noframes plaintext script style textarea title xmp".split()
)
"""Elements in which no tag is a tag, but the end tag of their own."""

INVISIBLE_TAGS = frozenset(
    "annotation annotation-xml applet audio canvas datalist embed head iframe math-annotation"
    " noembed noframes object rp script style svg template title video".split()
)
"""Elements whose text a browser does not show."""

PREFORMATTED_TAGS = frozenset(("listing", "plaintext", "pre", "textarea", "xmp"))

CODE_TAGS = PREFORMATTED_TAGS | {"code", "kbd", "samp", "tt"}
"""Elements whose white space is kept as written, or must not grow."""

LETTER_TAGS = frozenset("b big em font i mark s small strong sub sup u wbr".split())
"""Elements that may begin or end inside a word."""

BOLD_TAGS = HEADING_TAGS | {"b", "strong", "th"}

FORMATTING_TAGS = frozenset("a b big code em font i nobr s small strike strong tt u".split())
"""Elements that a parser opens again in the next block where they were not closed."""
