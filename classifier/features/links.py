"""How much of a block is link text (Kohlschütter et al. 2010, "Boilerplate detection using
shallow text features": link density), and what the markup sets off in it."""

from __future__ import annotations

import numpy as np

from classifier.features.batch import Batch
from classifier.features.characters import Floats


def link_counts(batch: Batch) -> Floats:
    """Per block: links, characters in links, bold characters, images; zero without markup."""
    return np.array(
        [block.markup[1:] if block.markup else (0, 0, 0, 0) for block in batch.blocks], np.float32
    ).reshape(len(batch.blocks), 4)


def link_columns(batch: Batch, counts: Floats) -> dict[str, Floats]:
    """Link density and what stands beside it; `NaN` where the block had no markup."""
    lengths = np.maximum(batch.characters.ends - batch.characters.starts, 1)
    links, link_characters, bold_characters, images = counts.T
    density = np.minimum(link_characters / lengths, 1)
    columns = {
        "links_log": np.log1p(links),
        "link_density": density,
        "unlinked_characters_log": np.log1p(np.maximum(lengths - link_characters, 0)),
        "bold_share": np.minimum(bold_characters / lengths, 1),
        "images_log": np.log1p(images),
    }
    return {
        name: np.where(batch.marked_up, values, np.nan).astype(np.float32)
        for name, values in columns.items()
    }
