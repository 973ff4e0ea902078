"""`python -m train COMMAND`: fit, evaluate, compare and label, from a checkout."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from classifier.errors import ClassifierError
from train.labeled import (
    FOLDER,
    LANGUAGES,
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

if TYPE_CHECKING:
    from train.evaluate import ScoredPage
    from train.gate import Reached, Run

MODEL = Path(__file__).resolve().parent.parent / "classifier" / "model" / "boilerplate.model"
EXTRACTORS = ("trafilatura", "resiliparse")
CORPORA = FOLDER.parent.parent / "shared" / "corpora"
BENCHMARK_PARTS = ("speed", "rooms", "workers", "size", "memory", "start", "wheel")


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

    fit = commands.add_parser(
        "fit", help="fit a model, score it out of fold, write it and its card"
    )
    _add_sources(fit)
    fit.add_argument("--output", type=Path, default=MODEL, help="the model file to write")
    fit.add_argument(
        "--unscored", action="store_true", help="only the model: no scores and no card, much faster"
    )
    fit.set_defaults(run=_fit)

    evaluate = commands.add_parser("evaluate", help="print out-of-fold scores, folds by site")
    _add_sources(evaluate)
    evaluate.add_argument(
        "--over",
        action="append",
        choices=EXTRACTORS,
        help="score text mode over this extractor's output of the --corpora, before and after;"
        " may be given more than once",
    )
    evaluate.set_defaults(run=_evaluate)

    gate = commands.add_parser("gate", help="fail where scores that were reached have been lost")
    gate.add_argument(
        "--sample", action="store_true", help="only the sample: two minutes, no corpora needed"
    )
    gate.add_argument("--corpora", type=Path, help=f"folder of published corpora ({CORPORA})")
    gate.add_argument(
        "--pin", action="store_true", help="write what is reached as what has to be reached"
    )
    gate.add_argument("--jobs", type=int, default=2, help="processes to use")
    gate.set_defaults(run=_gate)

    comparing = commands.add_parser("compare", help="print the word F1 of the peers installed")
    comparing.add_argument("--corpora", type=Path, required=True)
    comparing.add_argument("--jobs", type=int, default=2, help="processes to use")
    comparing.set_defaults(run=_compare)

    benchmark = commands.add_parser(
        "benchmark", help="print time, memory and size, beside the peers installed"
    )
    benchmark.add_argument("--corpora", type=Path, required=True)
    benchmark.add_argument(
        "--only",
        type=_benchmark_parts,
        default=BENCHMARK_PARTS,
        metavar="PART,…",
        help=f"some of the parts: {','.join(BENCHMARK_PARTS)}",
    )
    benchmark.add_argument("--out", type=Path, help="folder for the tables and a picture")
    benchmark.add_argument(
        "--memory-pages", type=int, default=20_000, help="pages over which memory is watched"
    )
    benchmark.set_defaults(run=_benchmark)

    tables = commands.add_parser("tables", help="write the tables of numbers of public corpora")
    tables.add_argument("--corpora", type=Path, required=True, help="folder of published corpora")
    _add_folder(tables)
    tables.add_argument("--jobs", type=int, default=2, help="processes to use")
    tables.set_defaults(run=_tables)

    checking = commands.add_parser("check", help="check labelled pages, tables and counts")
    _add_folder(checking)
    checking.set_defaults(run=_check)

    counts = commands.add_parser("counts", help="write the counts in the datasheet anew")
    _add_folder(counts)
    counts.set_defaults(run=_counts)

    blocks = commands.add_parser("blocks", help="print a page's labels to start from, all noise")
    blocks.add_argument("page", type=Path, help="an .html or .txt file")
    blocks.set_defaults(run=_blocks)

    relabelling = commands.add_parser("relabel", help="carry labels over to a changed segmentation")
    _add_folder(relabelling)
    relabelling.set_defaults(run=_relabel)

    importing = commands.add_parser("import-label-studio", help="pages from Label Studio's JSON")
    importing.add_argument("tasks", type=Path, help="a JSON file")
    importing.add_argument("--language", choices=LANGUAGES, help="found from the text otherwise")
    importing.add_argument("--kind", default="news", help="kind of all pages (default: news)")
    _add_folder(importing)
    importing.set_defaults(run=_import)

    exporting = commands.add_parser("export-label-studio", help="pages to Label Studio's JSON")
    exporting.add_argument("tasks", type=Path, help="the JSON file to write")
    _add_folder(exporting)
    exporting.set_defaults(run=_export)
    return parser


def _add_folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--labeled", type=Path, default=FOLDER, help="folder of labelled pages")


def _add_sources(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--labeled",
        type=Path,
        action="append",
        help="folder of labelled pages, with its tables if it has any; may be given more than once"
        " (default: labeled)",
    )
    parser.add_argument(
        "--corpora", type=Path, help="folder of published corpora, read instead of the tables"
    )
    parser.add_argument("--jobs", type=int, default=2, help="processes to use")


def _fit(options: argparse.Namespace) -> int:
    from classifier.model import save_model
    from train.card import write_card
    from train.recipe import fit_model, read_material, score_material

    _check_output(options.output)
    material = read_material(options.labeled or [FOLDER], options.corpora, options.jobs)
    _say_what_was_read(material.counts())
    model = fit_model(material, options.jobs)
    digest = save_model(model, options.output)
    print(f"wrote {options.output}, SHA-256 {digest}", flush=True)
    if not options.unscored:
        scored = score_material(material, options.jobs)
        _print_scores(scored)
        card = write_card(options.output.parent, model.manifest, digest, scored)
        print(f"wrote {card}")
    return 0


def _check_output(path: Path) -> None:
    """Raise `LabeledDataError` where a model cannot be written, before it is fitted."""
    try:
        if path.is_dir():
            raise LabeledDataError(f"{path} is a folder; name the model file to write")
        path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not path.exists()
        # Access rights do not tell all (root, read-only mounts, long names); opening does.
        path.open("ab").close()
        if is_new:
            path.unlink()
    except OSError as error:
        raise LabeledDataError(f"{path} cannot be written: {error}; name another file") from error


def _evaluate(options: argparse.Namespace) -> int:
    from train.recipe import (
        read_folders,
        read_material,
        read_public,
        score_material,
        score_pages,
    )

    folders = options.labeled or [FOLDER]
    if options.over:
        return _evaluate_over(options, folders)
    if options.corpora is None:
        material = read_material(folders, None, options.jobs)
        _say_what_was_read(material.counts())
        _print_scores(score_material(material, options.jobs))
    else:
        public, own = read_public(options.corpora, options.jobs), read_folders(folders)
        _print_scores(score_pages(public, own, options.jobs))
    return 0


def _evaluate_over(options: argparse.Namespace, folders: Sequence[Path]) -> int:
    from train.evaluate import format_table
    from train.recipe import read_material, score_over

    if options.corpora is None:
        raise LabeledDataError("--over needs pages to extract from: name a folder by --corpora")
    material = read_material(folders, None, options.jobs)
    tables = score_over(material, options.corpora, options.over, options.jobs)
    for name, table in tables.items():
        print(f"\ntext mode over {name}")
        print("\n".join(format_table(table)), flush=True)
    return 0


def _print_scores(scored: Mapping[Mode, Sequence[ScoredPage]]) -> None:
    from train.evaluate import format_table, score_table

    for mode, items in scored.items():
        print(f"\n{mode} mode")
        print("\n".join(format_table(score_table(items))), flush=True)


def _gate(options: argparse.Namespace) -> int:
    from train.gate import PINNED, RUNS, reach, read_pinned, require_pinned, write_pinned

    corpora = options.corpora or CORPORA
    has_corpora = corpora.is_dir()
    if options.corpora and not has_corpora:
        raise LabeledDataError(f"{corpora}: no such folder")
    runs = RUNS if has_corpora and not options.sample else RUNS[:1]
    pinned = read_pinned(PINNED)
    if not options.pin:
        require_pinned(pinned, runs, PINNED)
    passed = True
    for run in runs:
        reached = reach(run, corpora, options.jobs)
        if options.pin:
            pinned[run] = reached
            write_pinned(pinned, PINNED)
            print(f"pinned {len(reached.scores)} scores of the {run} in {PINNED}", flush=True)
        else:
            passed &= _print_verdict(run, pinned[run], reached)
    if not has_corpora and not options.sample:
        done = "pinned" if options.pin else "checked"
        print(f"corpora not found at {corpora}: only the sample was {done}")
    return 0 if passed else 1


def _print_verdict(run: Run, pinned: Reached, reached: Reached) -> bool:
    from train.gate import format_report, judge

    verdict = judge(run, pinned, reached)
    print("\n".join(format_report(run, verdict.report)), flush=True)
    for problem in verdict.problems:
        print(problem, file=sys.stderr)
    return verdict.passed


def _compare(options: argparse.Namespace) -> int:
    from train.peers import compare, importable_peers

    if not importable_peers():
        print("no peer is installed: pip install trafilatura resiliparse …", file=sys.stderr)
        return 1
    print(compare(options.corpora, options.jobs).to_string(float_format="{:.3f}".format))
    return 0


def _benchmark_parts(value: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in value.split(","))
    for name in names:
        if name not in BENCHMARK_PARTS:
            raise argparse.ArgumentTypeError(
                f"{name!r} is no part; there are {', '.join(BENCHMARK_PARTS)}"
            )
    return names


def _benchmark(options: argparse.Namespace) -> int:
    from train.benchmark import Plan, measure, read_sets
    from train.benchmark_report import heading, report, write_report

    plan = Plan(memory_pages=options.memory_pages)
    sets = read_sets(options.corpora)
    print("\n".join(heading()), flush=True)
    measured = {}
    for part in options.only:
        measured[part] = measure(part, plan, sets)
        print("\n".join(report(part, measured[part])), flush=True)
    if options.out:
        for path in write_report(options.out, measured):
            print(f"wrote {path}", file=sys.stderr)
    return 0


def _say_what_was_read(counts: Mapping[str, int]) -> None:
    for name, count in counts.items():
        print(f"read {count} pages of {name}", file=sys.stderr)


def _tables(options: argparse.Namespace) -> int:
    from train.recipe import read_public
    from train.tables import TABLES, write_tables
    from train.training import labeled_facts

    pages = read_public(options.corpora, options.jobs)
    write_tables(labeled_facts(pages), options.labeled / TABLES)
    empty = sum(not page.document.blocks for page in pages)
    print(f"wrote {len(pages) - empty} pages to {options.labeled / TABLES}")
    if empty:
        print(f"left out {empty} pages without a block", file=sys.stderr)
    return 0


def _check(options: argparse.Namespace) -> int:
    from train.card import CARD
    from train.data import check_counts, check_model, datasheet_counts
    from train.tables import TABLES, check_tables

    folder = options.labeled
    problems = check(folder)
    if (folder / TABLES).is_dir():
        problems += check_tables(folder / TABLES)
    # What has a problem may be impossible to count, and no model has learned from it.
    if not problems:
        print(datasheet_counts(folder))
        problems += check_counts(folder)
        if folder.resolve() == FOLDER:
            problems += check_model(MODEL, MODEL.parent / CARD, folder)
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(read_entries(folder))} pages, {len(problems)} problems")
    return 1 if problems else 0


def _counts(options: argparse.Namespace) -> int:
    from train.data import renew_counts

    renew_counts(options.labeled)
    return 0


def _import(options: argparse.Namespace) -> int:
    from train.label_studio import import_tasks

    count = import_tasks(options.tasks, options.labeled, options.language, options.kind)
    print(f"{count} pages imported to {options.labeled}")
    return 0


def _export(options: argparse.Namespace) -> int:
    from train.label_studio import export_tasks

    print(f"{export_tasks(options.labeled, options.tasks)} pages written to {options.tasks}")
    return 0


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
