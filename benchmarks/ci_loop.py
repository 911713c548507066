"""What a CI run over a folder of rules costs, phase by phase.

    python benchmarks/ci_loop.py FOLDER

Prints CPU seconds of each phase, rules a second over all, and the peak of memory.
"""

import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import tomli

from rulewright_engine.rules import compile_rule
from rulewright_engine.rules.rule_query import rule_query
from rulewright_generators.cases import generate, run_cases
from rulewright_schema.checks import check_rules
from rulewright_schema.config import Config
from rulewright_schema.files.discover import discover
from rulewright_schema.files.load import load_text

SECONDS: dict[str, float] = {}


@contextmanager
def phase(name: str) -> Iterator[None]:
    start = time.process_time()
    yield
    SECONDS[name] = SECONDS.get(name, 0.0) + time.process_time() - start


def main(folder: str) -> None:
    config = Config()
    with phase("find and read"):
        texts = [(str(path), Path(path).read_bytes().decode()) for path in discover([folder])]
    with phase("parse TOML"):
        for _, text in texts:
            tomli.loads(text)
    with phase("load: TOML, structure, model"):
        files = [load_text(text, name) for name, text in texts]
    with phase("checks without query"):
        check_rules(files, config)
    rules = [file.rule for file in files if file.rule is not None]
    with phase("query: parse, type, lower"):
        queries = [(rule, rule_query(rule, config)) for rule in rules]
    read = [compile_rule(rule, config).compiled for rule, query in queries if query is not None]
    run = [compiled for compiled in read if compiled is not None]
    with phase("generate cases"):
        generated = [(compiled, generate(compiled).cases) for compiled in run]
    with phase("evaluate"):
        for compiled, cases in generated:
            run_cases(compiled, cases)
    total_cases = sum(len(cases) for _, cases in generated)
    total = sum(SECONDS.values()) - SECONDS["parse TOML"]  # counted in the load as well
    for name, seconds in SECONDS.items():
        print(f"{name:<30}{seconds:8.3f} s")
    print(f"{'all':<30}{total:8.3f} s, {len(files) / total:,.0f} rules a second")
    print(f"{len(files):,} rules, {sum(bool(cases) for _, cases in generated):,} with cases, {total_cases:,} cases")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB")


if __name__ == "__main__":
    main(*sys.argv[1:])
