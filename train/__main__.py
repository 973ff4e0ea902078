"""`python -m train COMMAND`: fit, evaluate, compare and label, from a checkout."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from classifier.errors import ClassifierError
from train.labeled import (
    FOLDER,
    MODES,
    BlockLabel,
    LabeledDataError,
    check,
    cut_page,
    format_labels,
    labels_path,
    read_document,
    read_entries,
    read_labels,
    relabel,
    write_labels,
)
from train.pages import Mode

MODEL_FOLDER = Path(__file__).resolve().parent.parent / "classifier" / "model"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0 when all went well, 1 when something was wrong."""
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
    except (LabeledDataError, ClassifierError) as error:
        print(f"train: {error}", file=sys.stderr)
        return 1
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m train", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    fit = commands.add_parser("fit", help="fit a model and write it with its card")
    _add_sources(fit)
    fit.add_argument("--output", type=Path, default=MODEL_FOLDER, help="folder for the model")
    fit.set_defaults(run=_fit)

    evaluate = commands.add_parser("evaluate", help="print out-of-fold scores, folds by site")
    _add_sources(evaluate)
    evaluate.set_defaults(run=_evaluate)

    comparing = commands.add_parser("compare", help="print the word F1 of the peers installed")
    comparing.add_argument("--corpora", type=Path, required=True)
    comparing.add_argument("--jobs", type=int, default=2, help="processes to use")
    comparing.set_defaults(run=_compare)

    checking = commands.add_parser("check", help="check the labelled pages")
    checking.add_argument("--labeled", type=Path, default=FOLDER, help="folder of labelled pages")
    checking.set_defaults(run=_check)

    blocks = commands.add_parser("blocks", help="print a page's labels to start from, all noise")
    blocks.add_argument("page", type=Path, help="an .html or .txt file")
    blocks.set_defaults(run=_blocks)

    relabelling = commands.add_parser("relabel", help="carry labels over to a changed segmentation")
    relabelling.add_argument("--labeled", type=Path, default=FOLDER)
    relabelling.set_defaults(run=_relabel)
    return parser


def _add_sources(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--corpora", type=Path, help="folder of published corpora")
    parser.add_argument("--labeled", type=Path, default=FOLDER, help="folder of labelled pages")
    parser.add_argument("--jobs", type=int, default=2, help="processes to use")


def _fit(options: argparse.Namespace) -> int:
    from train.recipe import fit_model, read_pages

    pages = read_pages(options.corpora, options.labeled, options.jobs)
    _say_what_was_read(pages)
    digest = fit_model(pages, options.output, options.jobs)
    print(f"wrote {options.output}, SHA-256 {digest}")
    return 0


def _evaluate(options: argparse.Namespace) -> int:
    from train.evaluate import format_table, out_of_fold, score_table
    from train.recipe import pages_of_mode, read_pages

    pages = read_pages(options.corpora, options.labeled, options.jobs)
    _say_what_was_read(pages)
    for mode in MODES:
        scored = out_of_fold(pages_of_mode(pages, mode, options.jobs), options.jobs)
        print(f"\n{mode} mode")
        for line in format_table(score_table(scored)):
            print(line, flush=True)
    return 0


def _compare(options: argparse.Namespace) -> int:
    from train.peers import compare, importable_peers

    if not importable_peers():
        print("no peer is installed: pip install trafilatura resiliparse …", file=sys.stderr)
        return 1
    print(compare(options.corpora, options.jobs).to_string(float_format="{:.3f}".format))
    return 0


def _say_what_was_read(pages: Sequence[object]) -> None:
    counts = Counter(page.corpus for page in pages)  # type: ignore[attr-defined]
    for corpus, count in counts.items():
        print(f"read {count} pages of {corpus}", file=sys.stderr)


def _check(options: argparse.Namespace) -> int:
    problems = check(options.labeled)
    for problem in problems:
        print(problem, file=sys.stderr)
    entries = read_entries(options.labeled)
    counts = Counter((entry.language, entry.mode) for entry in entries)
    for (language, mode), count in sorted(counts.items()):
        print(f"{language:<6} {mode:<5} {count:>4} pages")
    print(f"{len(entries)} pages, {len(problems)} problems")
    return 1 if problems else 0


def _blocks(options: argparse.Namespace) -> int:
    if not options.page.is_file():
        raise LabeledDataError(f"{options.page}: no such file")
    mode: Mode = "text" if options.page.suffix == ".txt" else "html"
    document = cut_page(options.page.read_bytes(), mode)
    labels = [BlockLabel("noise", block.text) for block in document.blocks]
    sys.stdout.write(format_labels(labels))
    return 0


def _relabel(options: argparse.Namespace) -> int:
    changed = 0
    for entry in read_entries(options.labeled):
        path = labels_path(entry, options.labeled)
        old = read_labels(path)
        new = relabel(old, read_document(entry, options.labeled))
        if new != old:
            write_labels(path, new)
            changed += 1
            print(f"{entry.id}: {len(old)} blocks before, {len(new)} now; read them again")
    print(f"{changed} pages relabelled")
    return 0


if __name__ == "__main__":
    sys.exit(main())
