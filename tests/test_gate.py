"""The gate: what counts as lost, what cannot be compared, and what the command says of it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from train import gate
from train.__main__ import main
from train.evaluate import OUTER_FOLDS, ScoredPage
from train.folds import site_folds
from train.gate import (
    PAGE,
    Reached,
    Run,
    Verdict,
    compare,
    format_report,
    judge,
    page_scores,
    read_pinned,
    sample_pages,
    write_pinned,
)
from train.labeled import LabeledDataError
from train.pages import PageRecord, page_digest
from train.score import WordScore

Capture = pytest.CaptureFixture[str]

PAGES = 100
DATA = {"labeled/pages": "0a", "labeled/tables/blocks.parquet": "0b"}


def scores(f1: float | list[float] = 0.8, corpus: str = "wcxb") -> pd.DataFrame:
    """The scores of a hundred pages in HTML mode."""
    pages = [page_digest(f"ёж {number}".encode()) for number in range(PAGES)]
    return pd.DataFrame({"mode": "html", "corpus": corpus, "page": pages, "f1": f1})


def alternating(one: float, other: float) -> list[float]:
    return [one, other] * (PAGES // 2)


def verdict(reached: pd.DataFrame) -> Verdict:
    return judge("sample", Reached(DATA, scores()), Reached(DATA, reached))


def test_equal_scores_pass() -> None:
    assert verdict(scores()).passed


REACHED = {
    # F1 of the pages, all of which had 0.8, and whether it is worse
    "a gain": (0.9, False),
    "gains and losses": (alternating(0.7, 0.9), False),
    "loss of every page": (0.79, True),
    "loss beyond noise": (alternating(0.75, 0.81), True),
    "loss within noise": (alternating(0.58, 1.0), False),
    "loss too small to count": (0.7985, False),
}


@pytest.mark.parametrize(("f1", "worse"), REACHED.values(), ids=REACHED)
def test_worse(f1: float | list[float], worse: bool) -> None:
    assert verdict(scores(f1)).passed is not worse


def test_loss_in_one_corpus_is_not_made_up_by_another() -> None:
    pinned = pd.concat([scores(0.8), scores(0.8, "daniel-ru")])
    reached = pd.concat([scores(0.9), scores(0.75, "daniel-ru")])
    assert compare(pinned, reached)["worse"].tolist() == [False, True]


def test_pages_are_paired_by_digest_not_by_place() -> None:
    pinned = scores(np.linspace(0, 1, PAGES).tolist())
    assert compare(pinned, pinned[::-1])["noise"].tolist() == [0]


def test_noise_is_three_standard_errors() -> None:
    report = compare(scores(), scores(alternating(0.7, 0.9)))
    assert report["noise"].item() == pytest.approx(3 * 0.1 / np.sqrt(PAGES - 1))


@pytest.mark.parametrize(
    ("pages", "f1", "worse"),
    [(1, 0.1, False), (2, 0.76, False), (19, 0.76, False), (19, 0.7, True), (20, 0.76, True)],
)
def test_few_pages_are_worse_by_a_gross_loss_only(pages: int, f1: float, worse: bool) -> None:
    assert compare(scores()[:pages], scores(f1)[:pages])["worse"].item() is worse


def test_missing_page_is_a_problem() -> None:
    (problem,) = verdict(scores()[1:]).problems
    assert problem.startswith("sample: 1 of the pinned scores are missing, 0 are of pages")


def test_new_page_is_a_problem() -> None:
    assert not verdict(pd.concat([scores(), scores(corpus="yours")])).passed


@pytest.mark.parametrize("name", DATA)
def test_other_data_is_a_problem(name: str) -> None:
    found = judge("texts", Reached(DATA, scores()), Reached(DATA | {name: "ff"}, scores()))
    assert found.problems == [
        f"texts: the pinned scores were made from another {name};"
        " `python -m train gate --pin` pins anew"
    ]


def test_data_that_is_gone_is_a_problem() -> None:
    assert not judge("sample", Reached(DATA, scores()), Reached({}, scores())).passed


def test_pages_of_both_are_compared_whatever_the_problem() -> None:
    assert verdict(scores()[1:]).report["pages"].tolist() == [PAGES - 1]


def test_line_of_the_report() -> None:
    lines = list(format_report("sample", compare(scores(), scores(0.79))))
    assert lines[1].split() == "html wcxb 100 0.8000 0.7900 0.0100 0.0000 WORSE".split()


def test_report_has_aligned_columns() -> None:
    lines = list(format_report("sample", compare(scores(), scores())))
    assert lines[1].startswith(lines[1][: len(lines[0])] + "  ok")


def records(corpus: str, count: int, sites: int = 40) -> list[PageRecord]:
    return [
        PageRecord(
            corpus, page_digest(f"{corpus} {n}".encode()), f"сайт-{n % sites}", "ru", "чай", 7
        )
        for n in range(count)
    ]


SAMPLED = records("wcxb", 900) + records("daniel-ru", 80) + records("labeled", 40)


def test_sample_is_scored_on_every_page_of_the_fold() -> None:
    folds = site_folds([page.site for page in SAMPLED], OUTER_FOLDS)
    assert sample_pages(SAMPLED)[1].tolist() == (folds == 0).tolist()


def test_sample_learns_from_no_site_that_it_is_scored_on() -> None:
    learned, tested = (
        {page.site for page, taken in zip(SAMPLED, part) if taken} for part in sample_pages(SAMPLED)
    )
    assert not learned & tested


def learned_share(corpus: str) -> float:
    """The share of a corpus's pages out of the scored fold that the sample learns from."""
    learned, tested = sample_pages(SAMPLED)
    own = np.array([page.corpus == corpus for page in SAMPLED])
    return float(learned[own & ~tested].mean())


@pytest.mark.parametrize("corpus", ["daniel-ru", "labeled"])
def test_sample_learns_from_all_other_pages_of_a_small_corpus(corpus: str) -> None:
    assert learned_share(corpus) == 1


def test_sample_learns_from_a_third_of_the_large_corpus() -> None:
    assert learned_share("wcxb") == pytest.approx(1 / 3, abs=0.05)


def scored_page(digest: str, f1: float) -> ScoredPage:
    record = PageRecord("wcxb", digest, "сайт", "ru", "чай", 7)
    return ScoredPage(record, 0, np.array([True]), np.array([0.9]), WordScore(1.0, 1.0, f1))


def test_score_a_page_and_mode() -> None:
    page = scored_page("0a", 0.5)
    assert page_scores({"html": [page], "text": [page]}).to_numpy().tolist() == [
        ["html", "wcxb", "0a", 0.5],
        ["text", "wcxb", "0a", 0.5],
    ]


def test_scores_have_four_places() -> None:
    assert page_scores({"html": [scored_page("0a", 2 / 3)]})["f1"].tolist() == [0.6667]


def test_pages_of_the_same_bytes_count_once() -> None:
    twice = [scored_page("0a", 0.5), scored_page("0b", 0.1), scored_page("0a", 0.7)]
    assert page_scores({"html": twice})["f1"].tolist() == [0.6, 0.1]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The pinned file that the command reads and writes; there is none yet."""
    monkeypatch.setattr(gate, "PINNED", tmp_path / "gate.json")
    return tmp_path / "gate.json"


BOTH = pd.concat([scores(0.1234), scores(1.0, "daniel-ru").assign(mode="text")], ignore_index=True)


def test_pinned_scores_are_read_as_they_were_written(file: Path) -> None:
    write_pinned({"texts": Reached(DATA, BOTH)}, file)
    pd.testing.assert_frame_equal(read_pinned(file)["texts"].scores, BOTH[[*PAGE, "f1"]])


def test_pinned_digests_are_read_as_they_were_written(file: Path) -> None:
    write_pinned({"texts": Reached(DATA, BOTH)}, file)
    assert read_pinned(file)["texts"].data == DATA


def test_order_of_pinning_does_not_change_the_file(file: Path) -> None:
    runs: dict[Run, Reached] = {"texts": Reached(DATA, BOTH), "sample": Reached({}, scores())}
    write_pinned(runs, file)
    assert list(json.loads(file.read_text(encoding="utf-8"))) == ["sample", "texts"]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> dict[str, Reached]:
    """What the runs reach, to be changed by a test, in place of fits."""
    runs = {"sample": Reached(DATA, scores()), "texts": Reached(DATA, scores(0.9))}
    monkeypatch.setattr(gate, "reach", lambda run, corpora, n_jobs: runs[run])
    return runs


def run_gate(*arguments: object) -> int:
    return main(["gate", *map(str, arguments)])


@pytest.fixture
def pinned(file: Path, made: dict[str, Reached], tmp_path: Path, capsys: Capture) -> Path:
    """The file with both runs pinned, beside an empty folder for the corpora."""
    run_gate("--pin", "--corpora", tmp_path)
    capsys.readouterr()
    return file


def test_gate_passes(pinned: Path, tmp_path: Path) -> None:
    assert run_gate("--corpora", tmp_path) == 0


@pytest.mark.parametrize("run", ["sample", "texts"])
def test_gate_fails_where_a_run_is_worse(
    pinned: Path, made: dict[str, Reached], tmp_path: Path, run: str
) -> None:
    made[run] = Reached(DATA, scores(0.7))
    assert run_gate("--corpora", tmp_path) == 1


def test_gate_says_what_is_the_problem(
    pinned: Path, made: dict[str, Reached], capsys: Capture
) -> None:
    made["sample"] = Reached({}, scores())
    status = run_gate("--sample")
    assert (status, "made from another labeled/pages" in capsys.readouterr().err) == (1, True)


def test_sample_alone_does_not_check_the_texts(
    pinned: Path, made: dict[str, Reached], tmp_path: Path
) -> None:
    made["texts"] = Reached(DATA, scores(0.1))
    assert run_gate("--sample", "--corpora", tmp_path) == 0


@pytest.mark.parametrize(("options", "done"), [((), "checked"), (("--pin",), "pinned")])
def test_gate_without_corpora_says_so(
    pinned: Path,
    tmp_path: Path,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    done: str,
) -> None:
    nowhere = tmp_path / "нет"
    monkeypatch.setattr("train.__main__.CORPORA", nowhere)
    run_gate(*options)
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == f"corpora not found at {nowhere}: only the sample was {done}"


@pytest.mark.parametrize("options", [(), ("--pin",)])
def test_corpora_that_are_named_must_be_there(
    pinned: Path, tmp_path: Path, capsys: Capture, options: tuple[str, ...]
) -> None:
    status = run_gate("--corpora", tmp_path / "ёж", *options)
    assert (status, "ёж: no such folder" in capsys.readouterr().err) == (1, True)


@pytest.mark.parametrize("content", ["ёж", "[]", '{"sample": {}}', '{"sample": 1}'])
def test_damaged_file_is_told(file: Path, content: str) -> None:
    file.write_text(content, encoding="utf-8")
    with pytest.raises(LabeledDataError, match="cannot be read"):
        read_pinned(file)


def test_pinning_the_sample_leaves_the_texts(pinned: Path, made: dict[str, Reached]) -> None:
    made.update(sample=Reached(DATA, scores(0.5)), texts=Reached(DATA, scores(0.1)))
    run_gate("--pin", "--sample")
    assert [read_pinned(pinned)[run].scores["f1"][0] for run in gate.RUNS] == [0.5, 0.9]


def test_nothing_pinned_yet(file: Path, capsys: Capture) -> None:
    status = run_gate("--sample")
    message = f"train: {file} has no scores of the sample yet; `python -m train gate --pin` pins"
    assert (status, capsys.readouterr().err.startswith(message)) == (1, True)


def test_texts_not_pinned_yet(
    file: Path, made: dict[str, Reached], tmp_path: Path, capsys: Capture
) -> None:
    run_gate("--pin", "--sample")
    status = run_gate("--corpora", tmp_path)
    assert (status, "no scores of the texts yet" in capsys.readouterr().err) == (1, True)
