"""Write the sample's exports and enrolment: ``python -m data_sample.generator [--check]``."""

from typing import Annotated

import typer

from data_sample.generator.sample import SITE, differing_files, write_sample


def main(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail if a file is not as it would be.")
    ] = False,
) -> None:
    """Write the sample's exports and enrolment anew."""
    if not check:
        for path in write_sample(SITE):
            typer.echo(f"wrote {path}")
        return
    different = differing_files(SITE)
    for path in different:
        typer.echo(f"{path}: differs from a fresh generation", err=True)
    if different:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
