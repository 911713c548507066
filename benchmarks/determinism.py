"""Whether what follows from a folder of rules is the same, byte for byte, whatever the Python and the order of hashes.

    python benchmarks/determinism.py FOLDER [--python OTHER_PYTHON]... [--jobs 2]

Works on a copy of the folder without its pinned cases, which would be kept whatever generation finds. For each Python
(this one first) and two hash seeds: writes the cases of every rule, then builds guides, Sigma and Kibana exports and
lists every finding; prints a SHA-256 over each. Exit code 1 when any differs. Every Python needs the dependencies of
Rulewright.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PACKAGES = [Path(__file__).parent.parent / folder for folder in ("schema", "engine", "generators", "src")]
SEEDS = ("1", "2")
COMMANDS = {
    "cases": ["cases", "--write", "rules"],
    "guides and exports": ["build", "rules", "--output", "built"],
    "findings": ["check", "rules", "--format", "json"],
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--python", action="append", default=[], help="another interpreter to compare with")
    parser.add_argument("--jobs", type=int, default=1, help="how many runs at a time")
    arguments = parser.parse_args()
    seen: dict[str, set[str]] = {name: set() for name in COMMANDS}
    runs = [(python, seed, arguments.folder) for python in (sys.executable, *arguments.python) for seed in SEEDS]
    with ThreadPoolExecutor(arguments.jobs) as pool:  # each run is a process of its own
        for (python, seed, _), found in zip(runs, pool.map(digests, *zip(*runs, strict=True)), strict=True):
            for name, digest, size, seconds in found:
                seen[name].add(digest)
                print(
                    f"{digest[:16]}  {name:<18}  {size:>12,} bytes  seed {seed}  {seconds:6.1f} s  {python}", flush=True
                )
    different = [name for name, found in seen.items() if len(found) > 1]
    print(f"different: {', '.join(different)}" if different else "all the same")
    return 1 if different else 0


def digests(python: str, seed: str, folder: Path) -> list[tuple[str, str, int, float]]:
    """What each command wrote and printed: its name, a digest, the number of bytes, seconds."""
    found = []
    with tempfile.TemporaryDirectory() as name_of_root:
        root = Path(name_of_root)
        shutil.copytree(folder, root / "rules", ignore=shutil.ignore_patterns("*.cases.jsonl"))
        before = set(files_of(root))
        for name, command in COMMANDS.items():
            start = time.perf_counter()
            printed = output_of(python, seed, command, root)
            seconds = time.perf_counter() - start
            written = {path: path.read_bytes() for path in files_of(root) if path not in before}
            before |= set(written)
            if name != "guides and exports":  # its summary tells the time
                written[root / "printed"] = printed
            whole = hashlib.sha256()
            for path, content in sorted(written.items()):
                whole.update(f"{path.relative_to(root)} {len(content)}\n".encode() + content)
            found.append((name, whole.hexdigest(), sum(map(len, written.values())), seconds))
    return found


def files_of(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def output_of(python: str, seed: str, command: list[str], root: Path) -> bytes:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(map(str, PACKAGES))}
    done = subprocess.run(
        [python, "-m", "rulewright", *command], cwd=root, env=environment, capture_output=True, check=False
    )
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr.decode())
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
