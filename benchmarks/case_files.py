"""How large files of cases are, and how many lines of one a small change of its rule touches.

    python benchmarks/case_files.py FOLDER [--edits 100] [--seed 1] [--verbose]
    python benchmarks/case_files.py FOLDER --bytes

Each edit drops one element of a list of the query, or changes one value. The cases of the rule are written as
`rulewright cases --write` writes them, then again after the edit; lines that came and lines that went are counted.
With --bytes the files that are in the folder are measured instead.
"""

import argparse
import random
import re
import statistics
import sys
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from tempfile import TemporaryDirectory

import tomli

from rulewright._project.outputs import update_of_cases
from rulewright._project.project import load

ELEMENT = re.compile(
    r'(?<=[(\[,])\s*"(?:[^"\\\n]|\\.)+"\s*,|,\s*"(?:[^"\\\n]|\\.)+"(?=\s*[,)\]])|"(?:[^"\\\n]|\\.)+" or '
)
"""An element of a list, with the comma or the `or` beside it."""

VALUE = re.compile(r'(?<=")[A-Za-z][\w.-]+(?=")|(?<=[<>=:] )\d+\b')


def edits(text: str, query: str, chance: random.Random) -> Iterator[str]:
    """Texts of the rule with one small change of its query, by chance."""
    start = text.find(query)
    found = [(match, "") for match in ELEMENT.finditer(query)]
    found += [(match, f"{match[0]}1") for match in VALUE.finditer(query)]
    chance.shuffle(found)
    for match, new in found if start >= 0 else ():
        yield f"{text[: start + match.start()]}{new}{text[start + match.end() :]}"


def written(path: Path, text: str) -> list[str] | None:
    """The lines of the rule's cases after an update; None where the rule cannot be run."""
    path.write_text(text, encoding="utf-8")
    [rule] = load(path)
    if not rule.is_readable or rule.compiled is None:
        return None
    update = update_of_cases(rule)
    if update.is_change:
        update.write()
    return update.path.read_text(encoding="utf-8").splitlines() if update.path.exists() else []


def touched(before: list[str], after: list[str]) -> tuple[int, int]:
    """Lines that went, and lines that came."""
    codes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return sum(b - a for tag, a, b, _, _ in codes if tag != "equal"), sum(
        d - c for tag, _, _, c, d in codes if tag != "equal"
    )


def measure(source: Path, folder: Path, chance: random.Random) -> tuple[int, int, int, int] | None:
    """The lines of the cases of a rule, and bytes; then what an edit takes out and puts in."""
    text = source.read_text(encoding="utf-8")
    query = tomli.loads(text).get("rule", {}).get("query", "")
    for file in folder.iterdir():
        file.unlink()
    path = folder / source.name
    before = written(path, text)
    if not before:
        return None
    for edited in edits(text, query, chance):
        after = written(path, edited)
        if after is not None:
            return len(before), sum(len(line.encode()) + 1 for line in before), *touched(before, after)
    return None


def sizes(folder: Path) -> None:
    found = sorted((path.stat().st_size, path) for path in folder.rglob("*.cases.jsonl"))
    print(f"files {len(found)}, bytes {sum(size for size, _ in found):,}")
    for size, path in found[-3:]:
        print(f"  {size:>12,}  {path.relative_to(folder)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--edits", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bytes", action="store_true")
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    if arguments.bytes:
        sizes(arguments.folder)
        return
    chance = random.Random(arguments.seed)
    rules = sorted(arguments.folder.rglob("*.toml"))
    chance.shuffle(rules)
    found: list[tuple[int, int, int, int]] = []
    with TemporaryDirectory() as folder:
        for source in rules:
            result = measure(source, Path(folder), random.Random(f"{arguments.seed} {source.name}"))
            if result is not None:
                found.append(result)
                if arguments.verbose:
                    print(*result, source.name, file=sys.stderr, flush=True)
            if len(found) == arguments.edits:
                break
    sizes_ = [size for _, size, *_ in found]
    lines = sorted(gone + come for _, _, gone, come in found)
    share = sorted((gone + come) / max(all_, 1) for all_, _, gone, come in found)
    print(f"edits {len(found)}; lines of a file: median {statistics.median(all_ for all_, *_ in found):g}")
    print(f"bytes of a file: median {statistics.median(sizes_):,.0f}, all {sum(sizes_):,}")
    print(
        f"lines touched: median {statistics.median(lines):g}, "
        f"nine in ten at most {lines[len(lines) * 9 // 10]}, most {lines[-1]}"
    )
    print(f"share of the lines: median {100 * statistics.median(share):.0f} %")


if __name__ == "__main__":
    main()
