"""How long a block is and what kinds of characters it is made of."""

from __future__ import annotations

import numpy as np

from classifier.features import characters as ch
from classifier.features.batch import Batch
from classifier.features.characters import Characters, Floats, Integers


def shape_columns(batch: Batch) -> dict[str, Floats]:
    """Length, sentence ends, punctuation, capitals and digits of each block."""
    text = batch.characters
    lengths = text.ends - text.starts
    size = np.maximum(lengths, 1)
    words = batch.word_counts
    some_words = np.maximum(words, 1)
    letters = np.maximum(text.count(text.having(ch.LETTER)), 1)
    word_lengths = batch.words.ends - batch.words.starts
    total_word_length = np.bincount(batch.words.owners, word_lengths, minlength=len(words))
    initial = text.classes[batch.words.starts]
    capitalised = np.bincount(batch.words.owners, (initial & ch.UPPER) != 0, minlength=len(words))
    numeric = np.bincount(batch.words.owners, (initial & ch.DIGIT) != 0, minlength=len(words))
    first = _class_at(text, text.starts, lengths)
    last = _class_at(text, text.ends - 1, lengths)
    before_last = _class_at(text, text.ends - 2, lengths - 1)
    last_code = np.where(lengths > 0, text.codes[np.maximum(text.ends - 1, 0)], 0)
    sentences = sentence_ends(text)
    ends_sentence = ((last & ch.SENTENCE_END) != 0) | (
        ((last & ch.CLOSING) != 0) & ((before_last & ch.SENTENCE_END) != 0)
    )
    columns = {
        "characters_log": np.log1p(lengths),
        "words_log": np.log1p(words),
        "word_length_mean": total_word_length / some_words,
        "sentence_ends_log": np.log1p(sentences),
        "words_per_sentence_log": np.log1p(words / (sentences + 1)),
        "ends_sentence": ends_sentence,
        "ends_with_colon": last_code == ord(":"),
        "ends_with_ellipsis": last_code == ord("\N{HORIZONTAL ELLIPSIS}"),
        "starts_upper": (first & ch.UPPER) != 0,
        "starts_digit": (first & ch.DIGIT) != 0,
        "starts_with_punctuation": (first & (ch.PUNCTUATION | ch.SYMBOL)) != 0,
        "commas_per_word": text.count(text.having(ch.COMMA)) / some_words,
        "punctuation_share": text.count(text.having(ch.PUNCTUATION)) / size,
        "symbol_share": text.count(text.having(ch.SYMBOL)) / size,
        "digit_share": text.count(text.having(ch.DIGIT)) / size,
        "upper_share": text.count(text.having(ch.UPPER)) / letters,
        "capitalised_share": capitalised / some_words,
        "numeric_word_share": numeric / some_words,
        "delimiters_per_word": text.count(text.having(ch.DELIMITER)) / some_words,
        "quotes_log": np.log1p(text.count(text.having(ch.QUOTE))),
        "currency_log": np.log1p(text.count(text.having(ch.CURRENCY))),
        "questions_log": np.log1p(text.count(text.codes == ord("?"))),
        "exclamations_log": np.log1p(text.count(text.codes == ord("!"))),
        "copyright_log": np.log1p(text.count(text.codes == ord("\N{COPYRIGHT SIGN}"))),
        "brackets_log": np.log1p(text.count(text.codes == ord("("))),
        "colons_log": np.log1p(text.count(text.codes == ord(":"))),
        "at_signs_log": np.log1p(text.count(text.codes == ord("@"))),
        "lines_log": np.log1p(text.count(text.codes == ord("\n"))),
    }
    return {name: np.asarray(values, np.float32) for name, values in columns.items()}


def sentence_ends(text: Characters) -> Integers:
    """How many marks of each text end a sentence: followed by a space, a closing mark, the end."""
    ends = text.having(ch.SENTENCE_END)
    follows = np.zeros(ends.size, bool)
    if ends.size:
        follows[-1] = True
        follows[:-1] = text.having(ch.SPACE | ch.CLOSING)[1:]
    return text.count(ends & follows)


def _class_at(text: Characters, positions: Integers, lengths: Integers) -> Integers:
    """The classes of the character at a position of each text; 0 where the text is too short."""
    if text.classes.size == 0:
        return np.zeros(len(positions), np.int64)
    inside = np.clip(positions, 0, text.classes.size - 1)
    return np.where(lengths > 0, text.classes[inside], 0)
