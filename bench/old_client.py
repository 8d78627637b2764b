"""What the oldest client makes of a database: run with its own Python, which has DuckDB alone.

``python old_client.py FILE`` prints the version of DuckDB and, for each example query, its title
and its rows as text, as JSON.
"""

import json
import sys

import duckdb


def answers(path: str) -> dict[str, list[list[str]]]:
    """Rows of every example query of a database, by title."""
    with duckdb.connect(path, read_only=True) as connection:
        examples = connection.execute("select title, sql from example_query").fetchall()
        return {
            title: [[str(cell) for cell in row] for row in connection.execute(sql).fetchall()]
            for title, sql in examples
        }


if __name__ == "__main__":
    sys.stdout.write(json.dumps({"version": duckdb.__version__, "answers": answers(sys.argv[1])}))
