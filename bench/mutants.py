"""How many small mistakes in what protects respondents the tests would notice.

``python -m bench.mutants``, or ``make mutants``. Mistakes are drawn by chance from all that can be
made in the modules, and tried in a copy of the checkout.
"""

import random
from collections import Counter
from pathlib import Path
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
    ] = 60.0,
) -> None:
    """Draw mistakes, run the tests that run the mutated line, and name what survives."""
    drawn = draw(count, seed, only)
    verdicts: Counter[Verdict] = Counter()
    of_texts: Counter[Verdict] = Counter()
    with TemporaryDirectory(prefix="uppvaxt-mutants-") as folder:
        checkout = copied(REPOSITORY, Path(folder))
        tests = tests_of(checkout, CACHE)
        for number, mutant in enumerate(drawn, 1):
            verdict = tried(checkout, tests, mutant, seconds)
            verdicts[verdict] += 1
            of_texts[verdict] += mutant.kind == TEXT
            if verdict == "survived":
                typer.echo(f"{mutant.path}:{mutant.line}: {mutant.kind}: {mutant.change}")
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


def tried(checkout: Path, tests: Suite, mutant: Mutant, seconds: float) -> Verdict:
    """Whether the tests notice a mistake; the copy is afterwards as it was."""
    environment = {}
    if str(mutant.path).startswith(NOT_IN_THE_BUILD):
        environment, tests = {MADE_BEFORE: str(tests.made_before)}, tests.with_the_sample()
    chosen = tests.quickest(tests.of(mutant), seconds)
    (checkout / "chosen.txt").write_text("\n".join(chosen), "utf-8")
    module = checkout / mutant.path
    source = module.read_text("utf-8")
    module.write_text(mutated(source, mutant.number), "utf-8")
    try:
        done = run(
            checkout,
            ["pytest", *OPTIONS, "@chosen.txt"],
            environment=environment,
            limit=STARTING + HANGS * tests.cost(chosen),
        )
    finally:
        module.write_text(source, "utf-8")
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
