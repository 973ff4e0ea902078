"""How long a block is and what kinds of characters it is made of."""

from __future__ import annotations

import numpy as np

from classifier.features.facts import EDGE_FACTS, Columns, Facts


def shape_columns(facts: Facts) -> Columns:
    """Length, sentence ends, punctuation, capitals and digits of each block."""
    counts = facts.counts
    size = np.maximum(counts["characters"], 1)
    letters = np.maximum(counts["letters"], 1)
    words = np.maximum(counts["words"], 1)
    return {
        "characters_log": np.log1p(counts["characters"]),
        "words_log": np.log1p(counts["words"]),
        "word_length_mean": counts["word_characters"] / words,
        "sentence_ends_log": np.log1p(counts["sentence_ends"]),
        "words_per_sentence_log": np.log1p(counts["words"] / (counts["sentence_ends"] + 1)),
        "ends_sentence": counts["ends_sentence"],
        **{name: counts[name] for name in EDGE_FACTS},
        "commas_per_word": counts["commas"] / words,
        "punctuation_share": counts["punctuation"] / size,
        "symbol_share": counts["symbols"] / size,
        "digit_share": counts["digits"] / size,
        "upper_share": counts["upper"] / letters,
        "capitalised_share": counts["capitalised_words"] / words,
        "numeric_word_share": counts["numeric_words"] / words,
        "delimiters_per_word": counts["delimiters"] / words,
        "quotes_log": np.log1p(counts["quotes"]),
        "currency_log": np.log1p(counts["currency"]),
        "questions_log": np.log1p(counts["questions"]),
        "exclamations_log": np.log1p(counts["exclamations"]),
        "copyright_log": np.log1p(counts["copyright_signs"]),
        "brackets_log": np.log1p(counts["brackets"]),
        "colons_log": np.log1p(counts["colons"]),
        "at_signs_log": np.log1p(counts["at_signs"]),
        "lines_log": np.log1p(counts["line_feeds"]),
    }
