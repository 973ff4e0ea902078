"""`python -m train COMMAND`: what it writes, what it says, and how it ends."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from classifier import Classifier
from classifier.model import load_model
from train.__main__ import EXTRACTORS, main
from train.card import CARD, PRECISION_RECALL, RELIABILITY
from train.data import COUNTS_BEGIN, COUNTS_END, DATASHEET, SECOND, check_counts
from train.labeled import BlockLabel, check, read_entries, read_labels, write_labels
from train.peers import PEERS
from train.tables import BLOCKS, KINDS, TABLES, read_tables

BREVE, DIAERESIS = "\N{COMBINING BREVE}", "\N{COMBINING DIAERESIS}"

ENGLISH = "The ferry was late again, and nobody on the pier could say why it had been held."
RUSSIAN = "Паром ещё раз опоздал, и никто на пристани не мог сказать, чей это был приказ."

Capture = pytest.CaptureFixture[str]


def write_folder(folder: Path, count: int) -> Path:
    """Pages of our own, each of another site, English and Russian by turns, every fifth a text."""
    for kind in ("pages", "labels"):
        (folder / kind).mkdir(parents=True)
    entries = []
    for number in range(count):
        language = ("en", "ru")[number % 2]
        mode = "text" if number % 5 == 2 else "html"
        menu, text = (("Home", ENGLISH), ("Главная", RUSSIAN))[number % 2]
        noise, content = [f"{menu} {number}", "Ещё | More"], [f"{number}. {text}", f"{text} {text}"]
        labels = [BlockLabel("noise", block) for block in noise]
        labels += [BlockLabel("content", block) for block in content]
        site = f"page-{number}"
        entries.append(
            {
                "id": site,
                "mode": mode,
                "language": language,
                "kind": "news",
                "site": f"{site}.example",
                "encoding": "utf-8",
            }
        )
        if mode == "html":
            menus = "".join(f"<li class=меню><a href=/>{block}</a>" for block in noise)
            page = f"<ul>{menus}</ul>" + "".join(f"<p>{block}" for block in content)
        else:
            page = "\n\n".join(noise + content)
        suffix = "html" if mode == "html" else "txt"
        (folder / "pages" / f"{site}.{suffix}").write_text(page, encoding="utf-8")
        write_labels(folder / "labels" / f"{site}.jsonl", labels)
    lines = "".join(json.dumps(entry) + "\n" for entry in entries)
    (folder / "pages.jsonl").write_text(lines, encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test writes into the checkout by mistake."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four pages, of which the third is a text."""
    return write_folder(tmp_path / "мои", 4)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough sites to score out of fold; no test may change it."""
    return write_folder(tmp_path_factory.mktemp("many") / "мои", 14)


def write_corpora(folder: Path) -> Path:
    """Two pages in WCXB's layout and one in that of the modern Russian pages."""
    truths, pages = folder / "wcxb/dev/ground-truth", folder / "wcxb/dev/html"
    truths.mkdir(parents=True)
    pages.mkdir(parents=True)
    for number in range(2):
        truth = {
            "url": f"https://ferry-{number}.example/",
            "ground_truth": {"main_content": f"{ENGLISH} {number}"},
            "_internal": {"page_type": {"primary": "article"}},
        }
        (truths / f"{number}.json").write_text(json.dumps(truth), encoding="utf-8")
        page = f"<nav>Home</nav><p>{ENGLISH} {number}"
        (pages / f"{number}.html.gz").write_bytes(gzip.compress(page.encode()))
    russian = folder / "modern-ru"
    for kind in ("html", "gold"):
        (russian / kind).mkdir(parents=True)
    meta = {"id": "parom", "host": "parom.example", "coarse_type": "news"}
    (russian / "meta.jsonl").write_text(json.dumps(meta) + "\n", encoding="utf-8")
    (russian / "html/parom.html").write_text(f"<nav>Ещё</nav><p>{RUSSIAN}", encoding="utf-8")
    (russian / "gold/parom.txt").write_text(RUSSIAN, encoding="utf-8")
    return folder


def add_page_without_blocks(corpora: Path) -> None:
    meta = {"id": "пусто", "host": "pusto.example", "coarse_type": "news"}
    with (corpora / "modern-ru/meta.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(meta) + "\n")
    for place in ("html/пусто.html", "gold/пусто.txt"):
        (corpora / "modern-ru" / place).write_text("", encoding="utf-8")


@pytest.fixture
def corpora(tmp_path: Path) -> Path:
    return write_corpora(tmp_path / "corpora")


def run(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


def fit(folder: Path, output: Path, *more: object) -> int:
    return run("fit", "--labeled", folder, "--output", output, "--jobs", 1, *more)


@dataclass(frozen=True)
class Fitted:
    """A run of `fit --unscored`: the model that it wrote, its exit status, what it printed."""

    model: Path
    status: int
    out: str
    err: str


@pytest.fixture(scope="module")
def fitted(many: Path, quick_fit: None, tmp_path_factory: pytest.TempPathFactory) -> Fitted:
    model = tmp_path_factory.mktemp("fitted") / "новый" / "ёж.model"
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = fit(many, model, "--unscored")
    return Fitted(model, status, out.getvalue(), err.getvalue())


def test_fit_ends_well(fitted: Fitted) -> None:
    assert fitted.status == 0


def test_fit_makes_the_folder_and_writes_the_model_only(fitted: Fitted) -> None:
    assert [path.name for path in fitted.model.parent.iterdir()] == ["ёж.model"]


@pytest.mark.parametrize(
    "text",
    [ENGLISH, RUSSIAN, f"Еще{DIAERESIS} чаи{BREVE}"],
    ids=["english", "russian", "decomposed"],
)
def test_fitted_model_classifies(fitted: Fitted, text: str) -> None:
    page = Classifier.load(fitted.model).classify_html(f"<ul><li>Home</ul><p>{text} {text}")
    assert [block.text for block in page.blocks] == ["Home", f"{text} {text}"]


def test_fit_says_the_digest(fitted: Fitted) -> None:
    digest = hashlib.sha256(fitted.model.read_bytes()).hexdigest()
    assert fitted.out == f"wrote {fitted.model}, SHA-256 {digest}\n"


def test_fit_says_what_it_read(fitted: Fitted) -> None:
    assert fitted.err == "read 7 pages of yours en\nread 7 pages of yours ru\n"


def test_manifest_has_what_was_learned_from(fitted: Fitted) -> None:
    assert load_model(fitted.model).manifest["trained_on"] == {"yours en": 7, "yours ru": 7}


def test_manifest_names_the_data(fitted: Fitted) -> None:
    assert list(load_model(fitted.model).manifest["data"]) == ["мои/pages"]


def test_two_fits_give_the_same_file(
    many: Path, fitted: Fitted, quick_fit: None, tmp_path: Path
) -> None:
    fit(many, tmp_path / "tea.model", "--unscored")
    assert (tmp_path / "tea.model").read_bytes() == fitted.model.read_bytes()


def test_other_labels_give_another_model(
    many: Path, fitted: Fitted, quick_fit: None, tmp_path: Path
) -> None:
    other = shutil.copytree(many, tmp_path / "other")
    path = other / "labels" / "page-1.jsonl"
    write_labels(path, [BlockLabel("noise", label.text) for label in read_labels(path)])
    fit(other, tmp_path / "other.model", "--unscored")
    one, two = (load_model(model) for model in (fitted.model, tmp_path / "other.model"))
    assert one.manifest["arrays"] != two.manifest["arrays"]


def test_fit_learns_from_two_folders(
    folder: Path, quick_fit: None, tmp_path: Path, capsys: Capture
) -> None:
    other = write_folder(tmp_path / "tea", 6)
    fit(folder, tmp_path / "ёж.model", "--unscored", "--labeled", other)
    assert "read 5 pages of yours ru" in capsys.readouterr().err


@pytest.fixture(scope="module")
def manifests(
    quick_fit: None, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The manifests of a model that read the corpora and of one that read their tables."""
    root = tmp_path_factory.mktemp("manifests")
    folder, corpora = write_folder(root / "мои", 4), write_corpora(root / "corpora")
    add_page_without_blocks(corpora)
    fit(folder, root / "corpora.model", "--unscored", "--corpora", corpora)
    run("tables", "--corpora", corpora, "--labeled", folder, "--jobs", 1)
    fit(folder, root / "tables.model", "--unscored")
    one, other = (dict(load_model(root / f"{name}.model").manifest) for name in ("corpora", TABLES))
    return one, other


def test_fit_learns_from_the_corpora(manifests: tuple[dict[str, Any], dict[str, Any]]) -> None:
    counts = manifests[0]["trained_on"]
    assert (counts["wcxb en"], counts["modern-ru ru"]) == (2, 1)


@pytest.mark.parametrize("key", ["trained_on", "columns", "arrays"])
def test_fit_learns_the_same_from_the_tables(
    manifests: tuple[dict[str, Any], dict[str, Any]], key: str
) -> None:
    assert manifests[1][key] == manifests[0][key]


def test_manifest_names_the_tables(manifests: tuple[dict[str, Any], dict[str, Any]]) -> None:
    names = [f"мои/{TABLES}/{BLOCKS}", f"мои/{TABLES}/{KINDS}", "мои/pages"]
    assert list(manifests[1]["data"]) == names


@pytest.fixture(scope="module")
def scored_fit(many: Path, quick_fit: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a model with its card; its folds are two, for speed."""
    output = tmp_path_factory.mktemp("scored") / "ёж.model"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("train.evaluate.OUTER_FOLDS", 2)
        fit(many, output)
    return output.parent


@pytest.mark.parametrize("name", ["ёж.model", CARD, RELIABILITY, PRECISION_RECALL])
def test_fit_writes(scored_fit: Path, name: str) -> None:
    assert (scored_fit / name).is_file()


def test_card_goes_with_the_model(scored_fit: Path) -> None:
    digest = hashlib.sha256((scored_fit / "ёж.model").read_bytes()).hexdigest()
    assert digest in (scored_fit / CARD).read_text(encoding="utf-8")


def test_scoring_does_not_change_the_model(scored_fit: Path, fitted: Fitted) -> None:
    assert (scored_fit / "ёж.model").read_bytes() == fitted.model.read_bytes()


@pytest.fixture
def no_fit(fitted: Fitted, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scores are those of a model that was fitted before."""
    cascade = load_model(fitted.model).text
    monkeypatch.setattr("train.evaluate.fit_cascade", lambda training, n_jobs: cascade)


def test_evaluate_prints_the_scores_of_both_modes(
    many: Path, no_fit: None, capsys: Capture
) -> None:
    run("evaluate", "--labeled", many, "--jobs", 1)
    rows = [line.split()[:-6] for line in capsys.readouterr().out.splitlines()]
    own = [row for row in rows if row[:1] in (["yours"], ["yours:"])]
    html = [["yours", "11"], ["yours:", "en", "5"], ["yours:", "ru", "6"]]
    text = [["yours", "14"], ["yours:", "en", "7"], ["yours:", "ru", "7"]]
    assert own == html + text


def test_evaluate_of_the_corpora_has_their_rows(
    many: Path, corpora: Path, no_fit: None, capsys: Capture
) -> None:
    run("evaluate", "--labeled", many, "--corpora", corpora, "--jobs", 1)
    names = [line.split()[0] for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert (names.count("wcxb"), names.count("modern-ru")) == (2, 2)


@pytest.fixture
def peer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stands in for an extractor: finds the menu and the text of `write_corpora`."""
    text = f"Home\n\n{ENGLISH}\n\n{RUSSIAN}"
    monkeypatch.setitem(PEERS, "trafilatura", ("json", lambda html, language: text))


def over(folder: Path, *more: object) -> int:
    return run("evaluate", "--labeled", folder, "--jobs", 1, "--over", *more)


def test_evaluate_over_an_extractor_prints_its_scores(
    many: Path, corpora: Path, no_fit: None, peer: None, capsys: Capture
) -> None:
    over(many, "trafilatura", "--corpora", corpora)
    title, header, *rows = capsys.readouterr().out.strip().splitlines()
    assert (title, header.split(), [row.split()[:2] for row in rows]) == (
        "text mode over trafilatura",
        ["pages", "before", "after", "change"],
        [["wcxb", "2"], ["modern-ru", "1"]],
    )


def test_evaluate_over_two_extractors(
    many: Path, corpora: Path, no_fit: None, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("trafilatura", "resiliparse"):
        monkeypatch.setitem(PEERS, name, ("json", lambda html, language: f"{ENGLISH}\n{RUSSIAN}"))
    over(many, "resiliparse", "--over", "trafilatura", "--corpora", corpora)
    titles = [line for line in capsys.readouterr().out.splitlines() if line.startswith("text")]
    assert titles == ["text mode over resiliparse", "text mode over trafilatura"]


def test_evaluate_over_an_extractor_ends_well(
    many: Path, corpora: Path, no_fit: None, peer: None
) -> None:
    assert over(many, "trafilatura", "--corpora", corpora) == 0


def test_tables_are_written(folder: Path, corpora: Path) -> None:
    run("tables", "--corpora", corpora, "--labeled", folder, "--jobs", 1)
    pages = [page for chunk in read_tables(folder / TABLES) for page in chunk.pages]
    assert [page.corpus for page in pages] == ["wcxb", "wcxb", "modern-ru"]


def test_tables_says_what_it_wrote(folder: Path, corpora: Path, capsys: Capture) -> None:
    run("tables", "--corpora", corpora, "--labeled", folder, "--jobs", 1)
    assert capsys.readouterr().out == f"wrote 3 pages to {folder / TABLES}\n"


def test_tables_says_what_it_left_out(folder: Path, corpora: Path, capsys: Capture) -> None:
    add_page_without_blocks(corpora)
    run("tables", "--corpora", corpora, "--labeled", folder, "--jobs", 1)
    assert "left out 1 pages without a block" in capsys.readouterr().err.splitlines()


def test_check_of_a_right_folder(folder: Path, capsys: Capture) -> None:
    status = run("check", "--labeled", folder)
    assert (status, capsys.readouterr().out.splitlines()[-1]) == (0, "4 pages, 0 problems")


def test_check_prints_the_counts(folder: Path, capsys: Capture) -> None:
    run("check", "--labeled", folder)
    assert "| ru | 2 | 8 | 4 | 4 |" in capsys.readouterr().out.splitlines()


def test_check_prints_nothing_of_a_right_folder_on_standard_error(
    folder: Path, capsys: Capture
) -> None:
    run("check", "--labeled", folder)
    assert capsys.readouterr().err == ""


def spoil_label(folder: Path) -> None:
    path = folder / "labels" / "page-1.jsonl"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("noise", "шум", 1), encoding="utf-8")


def drop_column(folder: Path) -> None:
    import pyarrow.parquet as pq

    path = folder / TABLES / BLOCKS
    pq.write_table(pq.read_table(path).drop_columns(["cyrillic"]), path)


def damage_table(folder: Path) -> None:
    (folder / TABLES / BLOCKS).write_bytes("ёж".encode())


def other_encoding(path: Path) -> None:
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))


def stale_counts(folder: Path) -> None:
    text = f"{COUNTS_BEGIN}| ёж |\n{COUNTS_END}"
    (folder / DATASHEET).write_text(text, encoding="utf-8")


PROBLEMS: dict[str, tuple[Callable[[Path], object], str]] = {
    "bad label": (spoil_label, "page-1: block 1 has the label 'шум'"),
    "other column": (drop_column, "missing: ['cyrillic']"),
    "damaged table": (damage_table, f"{BLOCKS} cannot be read"),
    "labels not in UTF-8": (
        lambda folder: other_encoding(folder / "labels/page-1.jsonl"),
        "page-1.jsonl is not UTF-8",
    ),
    "label that is no string": (
        lambda folder: (folder / "labels/page-1.jsonl").write_text('{"label": 1, "text": ""}\n'),
        "page-1.jsonl, line 1: not an object whose values are strings",
    ),
    "stale counts": (stale_counts, "its counts are not those of the files"),
}
EVERY_PROBLEM = pytest.mark.parametrize(("spoil", "said"), PROBLEMS.values(), ids=PROBLEMS)


@EVERY_PROBLEM
def test_check_names_the_problem(
    folder: Path, corpora: Path, capsys: Capture, spoil: Callable[[Path], object], said: str
) -> None:
    run("tables", "--corpora", corpora, "--labeled", folder, "--jobs", 1)
    spoil(folder)
    run("check", "--labeled", folder)
    assert said in capsys.readouterr().err


@EVERY_PROBLEM
def test_check_of_a_folder_with_a_problem_fails(
    folder: Path, corpora: Path, capsys: Capture, spoil: Callable[[Path], object], said: str
) -> None:
    run("tables", "--corpora", corpora, "--labeled", folder, "--jobs", 1)
    spoil(folder)
    status = run("check", "--labeled", folder)
    assert (status, capsys.readouterr().out.splitlines()[-1]) == (1, "4 pages, 1 problems")


MISSING = {
    "pages": (lambda folder: shutil.rmtree(folder / "pages"), 4),
    "labels": (lambda folder: shutil.rmtree(folder / "labels"), 4),
    "tables": (lambda folder: (folder / TABLES).mkdir(), 2),
    "second labels": (lambda folder: (folder / SECOND).mkdir(), 0),
}


@pytest.mark.parametrize(("spoil", "problems"), MISSING.values(), ids=MISSING)
def test_check_of_a_folder_that_lacks_files(
    folder: Path, capsys: Capture, spoil: Callable[[Path], object], problems: int
) -> None:
    spoil(folder)
    run("check", "--labeled", folder)
    assert capsys.readouterr().out.splitlines()[-1] == f"4 pages, {problems} problems"


def test_counts_are_renewed(folder: Path) -> None:
    stale_counts(folder)
    status = run("counts", "--labeled", folder)
    assert (status, check_counts(folder)) == (0, [])


@pytest.mark.parametrize(
    ("name", "page", "expected"),
    [
        ("ёж.html", f"<title>Чай</title><p>{RUSSIAN}<p>Tea", [RUSSIAN, "Tea"]),
        ("tea.html", f"<p>{ENGLISH}<script>x</script><p>Ёж", [ENGLISH, "Ёж"]),
        ("tea.txt", f"{ENGLISH}\n\n<p>Ёж", [ENGLISH, "<p>Ёж"]),
        ("ёж.txt", f"{RUSSIAN}\n\nЕщё", [RUSSIAN, "Ещё"]),
        ("decomposed.txt", f"чаи{BREVE}\n\nе{DIAERESIS}ж", [f"чаи{BREVE}", f"е{DIAERESIS}ж"]),
    ],
)
def test_blocks(tmp_path: Path, capsys: Capture, name: str, page: str, expected: list[str]) -> None:
    (tmp_path / name).write_text(page, encoding="utf-8")
    run("blocks", tmp_path / name)
    (tmp_path / "labels.jsonl").write_text(capsys.readouterr().out, encoding="utf-8")
    labels = read_labels(tmp_path / "labels.jsonl")
    assert labels == [BlockLabel("noise", text) for text in expected]


def test_blocks_ends_well(folder: Path) -> None:
    assert run("blocks", folder / "pages" / "page-0.html") == 0


def test_blocks_are_what_check_takes(folder: Path, capsys: Capture) -> None:
    run("blocks", folder / "pages" / "page-1.html")
    written = capsys.readouterr().out
    (folder / "labels" / "page-1.jsonl").write_text(written, encoding="utf-8")
    assert check(folder) == []


def join_labels(folder: Path, page: str) -> Path:
    """Labels as of a segmentation that made one block of the last two."""
    path = folder / "labels" / f"{page}.jsonl"
    *others, one, two = read_labels(path)
    write_labels(path, [*others, BlockLabel("content", f"{one.text} {two.text}")])
    return path


EVERY_LANGUAGE = pytest.mark.parametrize("page", ["page-0", "page-1"], ids=["english", "russian"])


@EVERY_LANGUAGE
def test_relabel_carries_the_labels_over(folder: Path, page: str) -> None:
    before = read_labels(folder / "labels" / f"{page}.jsonl")
    path = join_labels(folder, page)
    run("relabel", "--labeled", folder)
    assert read_labels(path) == before


@EVERY_LANGUAGE
def test_relabel_says_which_page(folder: Path, page: str, capsys: Capture) -> None:
    join_labels(folder, page)
    status = run("relabel", "--labeled", folder)
    said = f"{page}: 3 blocks before, 4 now; read them again\n1 pages relabelled\n"
    assert (status, capsys.readouterr().out) == (0, said)


def test_relabel_of_a_right_folder(folder: Path, capsys: Capture) -> None:
    run("relabel", "--labeled", folder)
    assert capsys.readouterr().out == "0 pages relabelled\n"


COMMANDS = {
    "fit": ("fit", "--unscored", "--jobs", 1, "--output", "ёж.model", "--labeled"),
    "evaluate": ("evaluate", "--jobs", 1, "--labeled"),
    "check": ("check", "--labeled"),
    "counts": ("counts", "--labeled"),
    "relabel": ("relabel", "--labeled"),
}
EVERY_COMMAND = pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)


def assert_one_line(status: int, captured: tuple[str, str], said: str) -> None:
    """The status is 1, standard error has one line that says the mistake, and nothing else."""
    (line,) = [line for line in captured[1].splitlines() if not line.startswith("read ")]
    assert (status, line.startswith("train: "), said in line, captured[0]) == (1, True, True, "")


@EVERY_COMMAND
def test_missing_folder(tmp_path: Path, capsys: Capture, command: tuple[object, ...]) -> None:
    said = DATASHEET if command[0] == "counts" else "has no pages.jsonl"
    assert_one_line(run(*command, tmp_path / "ёж"), capsys.readouterr(), said)


@EVERY_COMMAND
def test_folder_without_an_index(
    folder: Path, capsys: Capture, command: tuple[object, ...]
) -> None:
    (folder / "pages.jsonl").unlink()
    said = DATASHEET if command[0] == "counts" else "has no pages.jsonl"
    assert_one_line(run(*command, folder), capsys.readouterr(), said)


@pytest.mark.parametrize("name", ["fit", "evaluate"])
def test_bad_label(folder: Path, capsys: Capture, name: str) -> None:
    spoil_label(folder)
    assert_one_line(
        run(*COMMANDS[name], folder), capsys.readouterr(), "page-1: block 1 has the label 'шум'"
    )


@pytest.mark.parametrize("name", ["fit", "evaluate", "check", "relabel"])
def test_line_of_the_index_that_is_no_json(folder: Path, capsys: Capture, name: str) -> None:
    (folder / "pages.jsonl").write_text("ё\n", encoding="utf-8")
    assert_one_line(run(*COMMANDS[name], folder), capsys.readouterr(), "pages.jsonl, line 1: ")


@pytest.mark.parametrize("name", ["fit", "evaluate", "relabel"])
def test_missing_labels(folder: Path, capsys: Capture, name: str) -> None:
    (folder / "labels" / "page-1.jsonl").unlink()
    assert_one_line(run(*COMMANDS[name], folder), capsys.readouterr(), "page-1.jsonl: no such file")


@pytest.mark.parametrize("name", ["fit", "evaluate"])
@pytest.mark.parametrize("table", [BLOCKS, KINDS])
def test_missing_table(folder: Path, corpora: Path, capsys: Capture, name: str, table: str) -> None:
    run("tables", "--corpora", corpora, "--labeled", folder, "--jobs", 1)
    (folder / TABLES / table).unlink()
    capsys.readouterr()
    assert_one_line(run(*COMMANDS[name], folder), capsys.readouterr(), f"{table}: no such file")


@pytest.mark.parametrize("name", ["fit", "evaluate"])
def test_damaged_table(folder: Path, corpora: Path, capsys: Capture, name: str) -> None:
    run("tables", "--corpora", corpora, "--labeled", folder, "--jobs", 1)
    damage_table(folder)
    capsys.readouterr()
    assert_one_line(run(*COMMANDS[name], folder), capsys.readouterr(), f"{BLOCKS} cannot be read")


@pytest.mark.parametrize("name", ["fit", "evaluate", "check", "relabel"])
def test_index_that_is_not_utf8(folder: Path, capsys: Capture, name: str) -> None:
    other_encoding(folder / "pages.jsonl")
    assert_one_line(run(*COMMANDS[name], folder), capsys.readouterr(), "pages.jsonl is not UTF-8")


@pytest.mark.parametrize(("key", "value"), [("mode", "HTML"), ("language", "рус"), ("site", 7)])
@pytest.mark.parametrize("name", ["fit", "evaluate", "check", "relabel"])
def test_wrong_value_in_the_index(
    folder: Path, capsys: Capture, name: str, key: str, value: object
) -> None:
    first, *others = (folder / "pages.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    entry = json.dumps(json.loads(first) | {key: value}, ensure_ascii=False)
    (folder / "pages.jsonl").write_text("\n".join([entry, *others]), encoding="utf-8")
    assert_one_line(run(*COMMANDS[name], folder), capsys.readouterr(), "pages.jsonl, line 1: ")


@pytest.mark.parametrize("name", ["fit", "evaluate"])
def test_missing_page(folder: Path, capsys: Capture, name: str) -> None:
    (folder / "pages" / "page-1.html").unlink()
    assert_one_line(run(*COMMANDS[name], folder), capsys.readouterr(), "page-1.html: no such file")


CORPORA_COMMANDS = {
    "fit": ("fit", "--unscored", "--output", "ёж.model"),
    "evaluate": ("evaluate",),
    "tables": ("tables",),
}


@pytest.mark.parametrize("name", CORPORA_COMMANDS)
@pytest.mark.parametrize("exists", [True, False])
def test_corpora_folder_with_nothing_in_it(
    folder: Path, tmp_path: Path, capsys: Capture, name: str, exists: bool
) -> None:
    empty = tmp_path / "пусто"
    if exists:
        empty.mkdir()
    status = run(*CORPORA_COMMANDS[name], "--labeled", folder, "--corpora", empty, "--jobs", 1)
    assert_one_line(status, capsys.readouterr(), "none of the published corpora's layouts")


@pytest.mark.parametrize("name", EXTRACTORS)
def test_over_without_corpora(folder: Path, capsys: Capture, name: str) -> None:
    assert_one_line(over(folder, name), capsys.readouterr(), "name a folder by --corpora")


@pytest.mark.parametrize("name", EXTRACTORS)
def test_over_an_extractor_that_is_not_installed(
    folder: Path, corpora: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setitem(PEERS, name, ("no_such_ёж", lambda html, language: ""))
    status = over(folder, name, "--corpora", corpora)
    assert_one_line(status, capsys.readouterr(), f"{name} is not installed here")


def test_over_corpora_with_nothing_in_them(
    many: Path, tmp_path: Path, capsys: Capture, peer: None
) -> None:
    status = over(many, "trafilatura", "--corpora", tmp_path / "пусто")
    assert_one_line(status, capsys.readouterr(), "none of the published corpora's layouts")


def test_too_few_sites_to_evaluate(folder: Path, capsys: Capture) -> None:
    status = run("evaluate", "--labeled", folder, "--jobs", 1)
    assert_one_line(status, capsys.readouterr(), "sites are too few to score out of fold")


@pytest.mark.parametrize("name", ["ёж.html", "tea.txt"])
def test_blocks_of_a_missing_file(tmp_path: Path, capsys: Capture, name: str) -> None:
    assert_one_line(
        run("blocks", tmp_path / name), capsys.readouterr(), f"{tmp_path / name}: no such file"
    )


def test_counts_without_markers(folder: Path, capsys: Capture) -> None:
    (folder / DATASHEET).write_text("# Ёж\n", encoding="utf-8")
    status = run("counts", "--labeled", folder)
    assert_one_line(status, capsys.readouterr(), "has no lines <!-- counts -->")


@pytest.mark.parametrize(
    "arguments", [[], ["ёж"], ["blocks"], ["tables"], ["fit", "--ёж"], ["evaluate", "--over", "ёж"]]
)
def test_wrong_usage(capsys: Capture, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2


def relabel_all(folder: Path, label: str) -> None:
    for path in (folder / "labels").iterdir():
        write_labels(path, [BlockLabel(label, block.text) for block in read_labels(path)])


def only_texts(folder: Path) -> None:
    lines = (folder / "pages.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if '"text"' in line]
    (folder / "pages.jsonl").write_text("".join(kept), encoding="utf-8")


UNFIT: dict[str, tuple[Callable[[Path], object], str]] = {
    "all noise": (lambda folder: relabel_all(folder, "noise"), "need content and noise"),
    "all content": (lambda folder: relabel_all(folder, "content"), "need content and noise"),
    "only texts": (only_texts, "HTML mode needs HTML pages"),
    "no pages": (lambda folder: (folder / "pages.jsonl").write_text(""), "no page to learn from"),
}


@pytest.mark.parametrize(("spoil", "message"), UNFIT.values(), ids=UNFIT)
def test_pages_that_no_model_can_be_fitted_on(
    many: Path, tmp_path: Path, quick_fit: None, capsys: Capture, spoil: Any, message: str
) -> None:
    folder = tmp_path / "мои"
    shutil.copytree(many, folder)
    spoil(folder)
    assert_one_line(fit(folder, tmp_path / "ёж.model", "--unscored"), capsys.readouterr(), message)


def test_too_few_sites_to_fit_on(
    folder: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("train.fit.INNER_FOLDS", 5)
    status = fit(folder, tmp_path / "ёж.model", "--unscored")
    assert_one_line(status, capsys.readouterr(), "too few to fit on")


def test_output_is_a_folder(folder: Path, tmp_path: Path, capsys: Capture) -> None:
    assert_one_line(fit(folder, tmp_path), capsys.readouterr(), "is a folder")


def test_output_below_a_file(folder: Path, tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "ёж").write_text("чай", encoding="utf-8")
    status = fit(folder, tmp_path / "ёж" / "ёж.model")
    assert_one_line(status, capsys.readouterr(), "cannot be written")


def test_output_that_cannot_be_written(folder: Path, tmp_path: Path, capsys: Capture) -> None:
    status = fit(folder, tmp_path / f"{'ёж' * 200}.model")
    assert_one_line(status, capsys.readouterr(), "cannot be written")


def test_output_is_not_there_before_it_is_fitted(folder: Path, tmp_path: Path) -> None:
    spoil_label(folder)
    fit(folder, tmp_path / "ёж.model")
    assert not (tmp_path / "ёж.model").exists()


def test_old_output_stays_until_the_new_is_fitted(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "ёж.model").write_text("чай", encoding="utf-8")
    spoil_label(folder)
    fit(folder, tmp_path / "ёж.model")
    assert (tmp_path / "ёж.model").read_text(encoding="utf-8") == "чай"


def test_folders_of_one_name(folder: Path, tmp_path: Path, capsys: Capture) -> None:
    other = tmp_path / "другие" / folder.name
    shutil.copytree(folder, other)
    status = fit(folder, tmp_path / "ёж.model", "--labeled", other)
    assert_one_line(status, capsys.readouterr(), "folders of one name")


def test_learning_from_two_folders(many: Path, tmp_path: Path, quick_fit: None) -> None:
    other = tmp_path / "другие"
    shutil.copytree(many, other)
    fit(many, tmp_path / "ёж.model", "--labeled", other, "--unscored")
    data = load_model(tmp_path / "ёж.model").manifest["data"]
    assert list(data) == [f"{many.name}/pages", f"{other.name}/pages"]


def test_relabel_of_a_missing_page(folder: Path, capsys: Capture) -> None:
    next((folder / "pages").iterdir()).unlink()
    assert_one_line(run("relabel", "--labeled", folder), capsys.readouterr(), "no such file")


def test_label_studio_there_and_back(folder: Path, tmp_path: Path, capsys: Capture) -> None:
    tasks, other = tmp_path / "задания.json", tmp_path / "другие"
    run("export-label-studio", tasks, "--labeled", folder)
    run("import-label-studio", tasks, "--labeled", other)
    before, after = (read_labels(place / "labels" / "page-1.jsonl") for place in (folder, other))
    assert (after, check(other)) == (before, [])


@pytest.mark.parametrize(("option", "value"), [("language", "mixed"), ("kind", "форум")])
def test_label_studio_import_is_told(folder: Path, tmp_path: Path, option: str, value: str) -> None:
    tasks, other = tmp_path / "задания.json", tmp_path / "другие"
    run("export-label-studio", tasks, "--labeled", folder)
    run("import-label-studio", tasks, "--labeled", other, f"--{option}", value)
    assert {getattr(entry, option) for entry in read_entries(other)} == {value}


def test_label_studio_import_of_something_else(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "ёж.json").write_text("чай", encoding="utf-8")
    status = run("import-label-studio", tmp_path / "ёж.json", "--labeled", tmp_path / "мои")
    assert_one_line(status, capsys.readouterr(), "ёж.json")
