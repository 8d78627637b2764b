"""Mutants: copies of a module with one small mistake each, of the sort that a person makes."""

import ast
import copy
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
COMPOUND = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.FunctionDef, ast.ClassDef, ast.Match)
CONDITIONAL = (ast.If, ast.While, ast.IfExp)
NOT_TRIED = {"cast", "NewType", "TypeVar", "progress"}
"""What calls of these are given are types, or words for whoever waits; ``strict`` of ``zip`` is a
check of our own, of lists that are of one length."""


class Place(NamedTuple):
    """Lines, the last one included."""

    first: int
    last: int


class Mutant(NamedTuple):
    """One mistake in one module."""

    path: Path
    """Of the module, in the repository."""

    number: int
    """Among the mutants of its module."""

    kind: str
    line: int

    statement: Place
    """What runs when the mistake does; of a compound statement its head alone."""

    function: Place
    """The innermost one around it; without one, the whole module."""

    change: str
    """The code before and after, in one line each."""


class _Site(NamedTuple):
    node: ast.AST
    new: ast.AST
    kind: str
    statement: Place
    function: Place


def mutants_of(root: Path, path: Path) -> list[Mutant]:
    """Every mutant of a module, in the order of its syntax tree.

    Args:
        root: of the repository.
        path: of the module in it.
    """
    return [
        Mutant(
            path,
            number,
            site.kind,
            getattr(site.node, "lineno", site.statement.first),
            site.statement,
            site.function,
            f"{_shown(site.node)} -> {_shown(site.new)}",
        )
        for number, site in enumerate(_sites(ast.parse((root / path).read_text("utf-8"))))
    ]


def mutated(source: str, number: int) -> str:
    """A module with one of its mistakes, without comments."""
    tree = ast.parse(source)
    site = list(_sites(tree))[number]
    return ast.unparse(ast.fix_missing_locations(_Replacing(site).visit(tree)))


class _Replacing(ast.NodeTransformer):
    def __init__(self, site: _Site) -> None:
        self._site = site

    def visit(self, node: ast.AST) -> ast.AST:
        return self._site.new if node is self._site.node else self.generic_visit(node)


def _shown(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 100 else f"{text[:97]}..."


def _sites(tree: ast.Module) -> Iterator[_Site]:
    whole = Place(1, max(getattr(node, "end_lineno", None) or 1 for node in ast.walk(tree)))
    yield from _below(tree, whole, whole)


def _below(node: ast.AST, statement: Place, function: Place) -> Iterator[_Site]:
    """Mistakes in a node and in what it holds, but for what no test could or should notice."""
    if isinstance(node, ast.stmt):
        statement = _head(node)
    if isinstance(node, ast.FunctionDef):
        function = Place(node.lineno, node.end_lineno or node.lineno)
    for kind, new in _mistakes(node):
        yield _Site(node, new, kind, statement, function)
    for name, child in _children(node):
        if _is_condition(node, name):
            for negated in _negated(child):
                yield _Site(child, negated, "negated condition", statement, function)
        yield from _below(child, statement, function)


def _head(node: ast.stmt) -> Place:
    last = node.end_lineno or node.lineno
    if isinstance(node, COMPOUND):
        inner = node.cases[0].pattern if isinstance(node, ast.Match) else node.body[0]
        last = max(node.lineno, min(last, inner.lineno - 1))
    return Place(node.lineno, last)


def _children(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What a node holds that is neither text for people nor a type, nor how a class is made."""
    if isinstance(node, (ast.Raise, ast.JoinedStr)) or _is_not_tried(node):
        return
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list"} or isinstance(node, ast.arg):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_docstring(child):
                yield name, child


def _is_not_tried(node: ast.AST) -> bool:
    if isinstance(node, ast.keyword):
        return node.arg == "strict"
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in NOT_TRIED
    return (
        isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Name)
        and node.value.id in {"Literal", "Callable", "Annotated"}
    )


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_condition(node: ast.AST, name: str) -> bool:
    return (isinstance(node, CONDITIONAL) and name == "test") or (
        isinstance(node, ast.comprehension) and name == "ifs"
    )


def _negated(test: ast.AST) -> Iterator[ast.AST]:
    """The opposite of a condition, unless another mistake is the same."""
    is_other = isinstance(test, ast.UnaryOp) or (
        isinstance(test, ast.Compare)
        and isinstance(test.ops[0], (ast.Eq, ast.NotEq, ast.Is, ast.IsNot, ast.In, ast.NotIn))
    )
    if isinstance(test, ast.expr) and not is_other:
        yield ast.UnaryOp(ast.Not(), test)


def _mistakes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node, ast.Compare):
        for number, operator in enumerate(node.ops):
            ops = [*node.ops]
            ops[number] = COMPARISONS[type(operator)]()
            yield "comparison", ast.Compare(node.left, ops, node.comparators)
    elif isinstance(node, (ast.BinOp, ast.AugAssign)) and type(node.op) in OPERATORS:
        yield "operator", _with(node, op=OPERATORS[type(node.op)]())
    elif isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield "and, or", _with(node, op=other)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.Invert, ast.USub)):
        yield "dropped sign", node.operand
    elif isinstance(node, ast.Constant):
        yield from _other_constants(node)
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield "dropped call", ast.Pass()


def _other_constants(node: ast.Constant) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node.value, bool):
        yield "boolean", _with(node, value=not node.value)
    elif isinstance(node.value, int):
        yield "number", _with(node, value=node.value + 1)
    elif isinstance(node.value, str):
        yield "text", _with(node, value=f"XX{node.value}")


def _with(node: ast.AST, **fields: object) -> ast.AST:
    other = copy.copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return other
