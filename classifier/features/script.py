"""Which script and language a block is written in, and how far that is from its page's.

A Cyrillic interface string in an English article is noise; an English quotation in a Russian
article is not. Both differ from their page; length, wording and neighbours tell them apart.
"""

from __future__ import annotations

import numpy as np

from classifier.features.facts import Columns, Facts
from classifier.features.layout import Layout, page_sum


def script_columns(facts: Facts, layout: Layout) -> Columns:
    """Script shares, stop-word densities, and their distance from the page's."""
    counts = facts.counts
    letters, stop_words = counts["letters"], counts["stop_words"]
    page_letters = np.maximum(page_sum(letters, layout), 1)
    page_cyrillic = page_sum(counts["cyrillic"], layout) / page_letters
    page_latin = page_sum(counts["latin"], layout) / page_letters
    cyrillic_share = counts["cyrillic"] / np.maximum(letters, 1)
    latin_share = counts["latin"] / np.maximum(letters, 1)
    own_script = np.where(letters > 0, cyrillic_share * page_cyrillic + latin_share * page_latin, 1)
    return {
        "cyrillic_share": cyrillic_share,
        "latin_share": latin_share,
        "letter_share": letters / np.maximum(counts["characters"], 1),
        "page_script_agreement": own_script,
        "stop_word_density": stop_words / np.maximum(counts["words"], 1),
        "stop_words_log": np.log1p(stop_words),
        "page_cyrillic_share": page_cyrillic,
    }
