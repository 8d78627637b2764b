"""What a database that people query holds: every table, view and column, with what it says."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple, Self

from pydantic import Field, model_validator

from pipeline.definitions.part import Definition, Part, Text, repeated

Member = Literal["measure", "factor", "outcome", "flag_count", "item"]
"""What there may be a column of each of."""


class Named(NamedTuple):
    """A member that there is a column of: its id, and what it is called."""

    id: str
    label: str


Members = Mapping[Member, Iterable[Named]]


class Column(Part):
    """A column, or with ``for_each`` one of each member: ``{id}`` and ``{label}`` are theirs."""

    name: Text
    says: Text
    null_means: Text | None = None
    """Null: it never is."""

    for_each: Member | None = None
    values: tuple[Text, ...] = ()
    """All that may stand in it; empty: not a closed list."""

    def expanded(self, members: Members) -> Iterator[Self]:
        """The column itself, or one of each member."""
        if self.for_each is None:
            yield self
            return
        for member in members[self.for_each]:
            words = member._asdict()
            null_means = self.null_means.format(**words) if self.null_means else None
            yield self.model_copy(
                update={
                    "name": self.name.format(**words),
                    "says": self.says.format(**words),
                    "null_means": null_means,
                    "for_each": None,
                }
            )


class TableColumn(Column):
    """A stored column."""

    type: Literal[
        "smallint", "integer", "double", "boolean", "varchar", "date", "tinyint", "decimal(12,6)"
    ]


class Table(Part):
    """A stored relation."""

    name: str = Field(pattern=r"^[a-z][a-z_]*$")
    """Not of a schema of its own: one called like the file could not be told from the file."""

    says: Text
    """What a row is."""

    is_optional: bool = False
    """True: not every release has it."""

    grain: tuple[Text, ...] = Field(min_length=1)
    """Columns that together are unique; rows are stored in their order."""

    columns: tuple[TableColumn, ...] = Field(min_length=1)


class View(Part):
    """A relation computed from the tables, whose name and columns stay as they are."""

    name: str = Field(pattern=r"^v_[a-z_]+$")
    says: Text
    columns: tuple[Column, ...] = Field(min_length=1)


class Database(Definition):
    """``schemas/databases/<id>.yml``: what may be in the file, and nothing else."""

    says: Text
    tables: tuple[Table, ...] = Field(min_length=1)
    views: tuple[View, ...] = ()

    @model_validator(mode="after")
    def _nothing_is_repeated(self) -> Self:
        relations: list[tuple[str, list[str]]] = [
            ("", [table.name for table in self.tables] + [view.name for view in self.views]),
            *((table.name, [each.name for each in table.columns]) for table in self.tables),
            *((view.name, [each.name for each in view.columns]) for view in self.views),
        ]
        for relation, names in relations:
            if again := repeated(names):
                raise ValueError(f"{relation}: listed more than once: {', '.join(again)}")
        for table in self.tables:
            if lost := sorted(set(table.grain) - {each.name for each in table.columns}):
                raise ValueError(f"{table.name}: grain has no column {', '.join(lost)}")
        return self

    def of(self, members: Members) -> Self:
        """The database of one site: with a column of each of its measures and items."""
        return self.model_copy(
            update={
                "tables": tuple(
                    table.model_copy(update={"columns": _expanded(table.columns, members)})
                    for table in self.tables
                ),
                "views": tuple(
                    view.model_copy(update={"columns": _expanded(view.columns, members)})
                    for view in self.views
                ),
            }
        )


def _expanded(columns: Iterable[Column], members: Members) -> tuple[Column, ...]:
    return tuple(each for column in columns for each in column.expanded(members))
