"""What the headers of sql/ promise, executed on the sample."""

import json
import re
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from pipeline import warehouse

MODELS = warehouse.load_models()
SECOND_STAGE = ("totals.psu",)
"""The sample has no second stage; its own test and tests/oracle fill this."""

each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.relation)


def promised(model: warehouse.Model, field: str) -> list[str]:
    """What a header says after a field's name, split at commas."""
    found = re.search(rf"^-- {field}: +(.+)$", model.select, re.MULTILINE)
    assert found, f"{model.relation}: header has no {field}:"
    return found[1].split(", ")


def relations_read(select: str) -> set[str]:
    """The schema-qualified relations of a SELECT, from DuckDB's own parser."""
    with duckdb.connect() as connection:
        tree = connection.execute("select json_serialize_sql(?)", [select]).fetchone()
    assert tree
    parsed = json.loads(tree[0])
    assert not parsed["error"], parsed
    return set(base_tables(parsed))


def base_tables(node: Any) -> Iterator[str]:
    """Names of the tables below a node of the parser's tree; those of CTEs have no schema."""
    if isinstance(node, dict):
        if node.get("type") == "BASE_TABLE" and node["schema_name"]:
            yield f"{node['schema_name']}.{node['table_name']}"
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from base_tables(child)


def test_there_are_models() -> None:
    assert len(MODELS) >= 7


@each_model
def test_grain_is_unique_and_complete(
    sample: duckdb.DuckDBPyConnection, model: warehouse.Model
) -> None:
    rows = warehouse.read(sample, model.relation)
    key = rows.select(promised(model, "grain"))
    assert (rows.height > 0) == (model.relation not in SECOND_STAGE)
    assert not key.is_duplicated().any()
    assert key.null_count().sum_horizontal().item() == 0


@each_model
def test_reads_what_it_says_and_nothing_built_later(
    sample: duckdb.DuckDBPyConnection, model: warehouse.Model
) -> None:
    read = relations_read(model.select)
    assert sorted(read) == sorted(promised(model, "reads"))
    assert not read & {later.relation for later in MODELS[MODELS.index(model) :]}
    # Estimates come after all of sql/.
    assert not {relation for relation in read if relation.startswith("areas.")}
    rows = sample.sql("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
    assert read <= {name for (name,) in rows}


@each_model
@pytest.mark.parametrize("field", ["units", "drops"])
def test_header_says(model: warehouse.Model, field: str) -> None:
    assert promised(model, field)


@each_model
def test_header_begins_with_what_a_row_is(model: warehouse.Model) -> None:
    sentence, _, _ = model.select.partition(".\n--")
    assert re.match(r"-- [A-Z]", sentence)
    assert "grain:" not in sentence


@each_model
def test_a_model_is_one_select_that_names_its_columns(model: warehouse.Model) -> None:
    statement = re.sub(r"--.*|(?<=::decimal)\(\d+, \d+\)", "", model.select)
    assert ";" not in statement
    assert not re.search(r"\bcreate\b", statement)
    _, _, read_by_people = statement.rpartition("select")
    assert not read_by_people.lstrip().startswith("*")
    # Thresholds belong in definitions; \0 names what columns() matched.
    assert not set(re.findall(r"(?<![\\\w])\d+", statement)) - {"0", "1"}


def test_the_parser_sees_through_joins_unions_and_ctes() -> None:
    select = """
        with first as (select * from a.one)
        select 1 from first inner join (select 2 from b.two) as two on true
        union all select 3 where exists (select 4 from c.three)
    """
    assert relations_read(select) == {"a.one", "b.two", "c.three"}
