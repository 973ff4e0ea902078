"""The other extractors: which can be had here."""

from __future__ import annotations

import pytest

from train.labeled import LabeledDataError
from train.peers import PEERS, find_peer, importable_peers


def peer(html: str, language: str) -> str:
    return "ёж"


@pytest.mark.parametrize("name", PEERS)
def test_missing_peer_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setitem(PEERS, name, ("no_such_ёж", peer))
    with pytest.raises(LabeledDataError, match=f"^{name} is not installed here: .* {name}$"):
        find_peer(name)


@pytest.mark.parametrize("name", PEERS)
def test_peer_that_is_there(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setitem(PEERS, name, ("json", peer))
    assert find_peer(name) is peer


def test_missing_peer_is_not_importable(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PEERS:
        monkeypatch.setitem(PEERS, name, ("no_such_ёж", peer))
    assert importable_peers() == {}
