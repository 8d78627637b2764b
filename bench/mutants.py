"""How many small mistakes in what protects respondents the tests would notice.

``python -m bench.mutants``, or ``make mutants``. Mistakes are drawn by chance from all that can be
made in the modules, and tried in a copy of the checkout.
"""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from typing import Annotated, Literal

import typer

from bench.mutant_kinds import Mutant, mutants_of, mutated
from bench.mutant_runs import OPTIONS, copied, run
from bench.mutant_tests import SOURCES, Suite, tests_of
from pipeline import REPOSITORY
from pipeline.commands.terminal import leave
from tests.made_once import MADE_BEFORE

CACHE = REPOSITORY / "bench" / "build" / "mutants"
HANGS = 4
"""Times what tests usually take, after which they hang."""

STARTING = 45
"""Seconds for a process to begin and end, on a busy machine."""

QUICKER = 12
"""Most mistakes are noticed by tests that take this many times less, which are asked first."""

NOT_IN_THE_BUILD = ("pipeline/release/", "pipeline/disclosure/research/")
"""What is here has no part in building a site, so that tests of it need not build the sample."""

Verdict = Literal["killed", "hangs", "survived"]
TEXT = "text"


def mutants(
    count: Annotated[int, typer.Option(help="Mistakes to try.", min=1)] = 200,
    seed: Annotated[int, typer.Option(help="Seed of the draw.")] = 1,
    only: Annotated[
        str, typer.Option(help="Beginning of a module's path, or of path:line: no others.")
    ] = "",
    seconds: Annotated[
        float, typer.Option(help="What the tests of one mistake usually take at most.")
    ] = 240.0,
    at_once: Annotated[int, typer.Option(help="Mistakes tried side by side.", min=1)] = 2,
) -> None:
    """Draw mistakes, run the tests that run the mutated line, and name what survives or hangs."""
    drawn = draw(count, seed, only)
    verdicts: Counter[Verdict] = Counter()
    of_texts: Counter[Verdict] = Counter()
    copies: SimpleQueue[Path] = SimpleQueue()
    with (
        TemporaryDirectory(prefix="uppvaxt-mutants-") as folder,
        ThreadPoolExecutor(at_once) as threads,
    ):
        for each in range(at_once):
            copies.put(copied(REPOSITORY, Path(folder) / str(each)))
        checkout = copies.get()
        tests = tests_of(checkout, CACHE)
        copies.put(checkout)

        def verdict_of(mutant: Mutant) -> Verdict:
            checkout = copies.get()
            try:
                return tried(checkout, tests, mutant, (seconds / QUICKER, seconds))
            finally:
                copies.put(checkout)

        for number, (mutant, verdict) in enumerate(
            zip(drawn, threads.map(verdict_of, drawn), strict=True), 1
        ):
            verdicts[verdict] += 1
            of_texts[verdict] += mutant.kind == TEXT
            if verdict != "killed":
                place = f"{mutant.path}:{mutant.line}"
                typer.echo(f"{verdict}: {place}: {mutant.kind}: {mutant.change}")
            if number % 10 == 0:
                typer.echo(f"  {number} of {len(drawn)}: {summary(verdicts)}", err=True)
    typer.echo(f"{summary(verdicts)}; without texts {summary(verdicts - of_texts)}")


def draw(count: int, seed: int, only: str = "") -> list[Mutant]:
    """So many mistakes, each of all as likely as any other."""
    modules = sorted(
        path.relative_to(REPOSITORY)
        for source in SOURCES
        for path in (REPOSITORY / source).rglob("*.py")
    )
    every = [
        mutant
        for module in modules
        if only.startswith(str(module)) or str(module).startswith(only)
        for mutant in mutants_of(REPOSITORY, module)
        if f"{mutant.path}:{mutant.line}".startswith(only)
    ]
    return random.Random(seed).sample(every, min(count, len(every)))  # noqa: S311 - no secret


def tried(checkout: Path, tests: Suite, mutant: Mutant, budgets: tuple[float, ...]) -> Verdict:
    """Whether the tests notice a mistake, with ever more of them; the copy is then as it was."""
    environment = {}
    if str(mutant.path).startswith(NOT_IN_THE_BUILD):
        environment, tests = {MADE_BEFORE: str(tests.made_before)}, tests.with_the_sample()
    module = checkout / mutant.path
    source = module.read_text("utf-8")
    module.write_text(mutated(source, mutant.number), "utf-8")
    asked: list[str] = []
    verdict: Verdict = "survived"
    try:
        for seconds in budgets:
            chosen = tests.quickest(tests.of(mutant), seconds, but=asked)
            if chosen and verdict == "survived":
                verdict = _asked(checkout, tests, chosen, environment)
            asked += chosen
    finally:
        module.write_text(source, "utf-8")
    return verdict


def _asked(checkout: Path, tests: Suite, chosen: list[str], environment: dict[str, str]) -> Verdict:
    (checkout / "chosen.txt").write_text("\n".join(chosen), "utf-8")
    done = run(
        checkout,
        ["pytest", *OPTIONS, "@chosen.txt"],
        environment=environment,
        limit=STARTING + HANGS * tests.cost(chosen),
    )
    if done.code is None:
        return "hangs"
    # A test whose name follows from the code was not run: that notices nothing.
    is_not_run = "ERROR: not found: " in done.out
    return "survived" if done.code == 0 or is_not_run else "killed"


def summary(verdicts: Counter[Verdict]) -> str:
    """How many are noticed, and how many of them by a test that does not end."""
    noticed = verdicts["killed"] + verdicts["hangs"]
    return (
        f"{noticed} of {verdicts.total()} killed ({noticed / max(verdicts.total(), 1):.0%}), "
        f"{verdicts['hangs']} of them by a test that does not end"
    )


if __name__ == "__main__":
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(mutants)
    try:
        app()
    except SystemExit as done:
        leave(done.code if isinstance(done.code, int) else 1)
