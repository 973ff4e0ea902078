"""How much of a block is link text (Kohlschütter et al. 2010, "Boilerplate detection using
shallow text features": link density), and what the markup sets off in it."""

from __future__ import annotations

import numpy as np

from classifier.features.facts import DECLARED, Columns, Facts


def link_columns(facts: Facts) -> Columns:
    """Link density and what stands beside it."""
    counts = facts.counts
    lengths = np.maximum(counts["characters"], 1)
    return {
        "links_log": np.log1p(counts["links"]),
        "link_density": np.minimum(counts["link_characters"] / lengths, 1),
        "unlinked_characters_log": np.log1p(np.maximum(lengths - counts["link_characters"], 0)),
        "bold_share": np.minimum(counts["bold_characters"] / lengths, 1),
        "images_log": np.log1p(counts["images"]),
    }


def declared_columns(facts: Facts) -> Columns:
    """How far the block's words overlap the texts that the page declares of itself."""
    columns: Columns = {"structured_words_log": np.log1p(facts.counts["structured_words"])}
    for name in DECLARED:
        hits, declared = facts.counts[f"words_in_{name}"], facts.counts[f"{name}_words"]
        columns[f"share_in_{name}"] = hits / np.maximum(facts.counts["words"], 1)
        columns[f"{name}_covered"] = np.minimum(hits / np.maximum(declared, 1), 1)
    return columns
