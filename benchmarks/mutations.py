"""Small changes of a module's code: each one operator, constant, condition, statement or listed item that is another or gone."""

from __future__ import annotations

import ast
import functools
import types
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

TOP = Path(__file__).parent.parent

SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Sub: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.Add: ast.Sub,
}
NAMES = {"any": "all", "all": "any", "min": "max", "max": "min", "sorted": "list"}
Undo = Callable[[], None]
Change = Callable[[ast.AST], Undo]
"""Changes a node in place, and tells how to take that back."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module with one change. `function` is the function or method that has it; empty if it is a constant, then named so."""

    module: str
    function: str
    constant: str
    line: int
    words: str
    tree: ast.Module = field(repr=False)
    node: ast.AST = field(repr=False)
    change: Change = field(repr=False)

    def __str__(self) -> str:
        return f"{self.module}:{self.line}: {self.words}"

    @property
    def file(self) -> Path:
        """The module's source."""
        return TOP / (self.module.replace(".", "/") + ".py")

    def code(self) -> types.CodeType:
        """The whole module's code with the change."""
        undo = self.change(self.node)
        try:
            return compile(ast.fix_missing_locations(self.tree), str(self.file), "exec")
        finally:
            undo()


def mutants(module: str) -> Iterator[Mutant]:
    """Every mutant of a module, in the order of its nodes. `strict=` of `zip` only insists on what is so, and stays."""
    tree = ast.parse((TOP / (module.replace(".", "/") + ".py")).read_text(encoding="utf-8"))
    homes = _homes(tree)
    harmless = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.keyword) and each.arg == "strict"}
    for node in list(ast.walk(tree)):
        if id(node) in homes and id(node) not in harmless:
            line = getattr(node, "lineno", 0) or getattr(getattr(node, "target", None), "lineno", 0)
            for words, change in changes(node):
                yield Mutant(module, *homes[id(node)], line, words, tree, node, change)


def _homes(tree: ast.Module) -> dict[int, tuple[str, str]]:
    """Node -> the function it is in, or the constant; of decorators, annotations and defaults nothing."""
    found: dict[int, tuple[str, str]] = {}
    owners: list[tuple[str, Sequence[ast.stmt]]] = [("", tree.body)]
    owners += [(f"{each.name}.", each.body) for each in tree.body if isinstance(each, ast.ClassDef)]
    for prefix, body in owners:
        for each in body:
            if isinstance(each, ast.FunctionDef):
                found |= {id(node): (prefix + each.name, "") for part in each.body for node in ast.walk(part)}
            elif isinstance(each, ast.Assign | ast.AnnAssign) and not prefix and each.value is not None:
                target = each.targets[0] if isinstance(each, ast.Assign) else each.target
                if isinstance(target, ast.Name) and target.id != "__all__":
                    found |= {id(node): ("", target.id) for node in ast.walk(each.value)}
    return found


def changes(node: ast.AST) -> Iterator[tuple[str, Change]]:
    """What can be changed at a node: in words, and a function that does it."""
    for name, value in ast.iter_fields(node):
        for at, child in enumerate(value if isinstance(value, list) else [value]):
            new = SWAPS.get(type(child)) if isinstance(child, ast.AST) else None
            if new is not None:
                yield f"{type(child).__name__} -> {new.__name__}", _putting(name, new(), at)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "without `not`", _putting("operand", ast.UnaryOp(ast.Not(), node.operand))
    if isinstance(node, ast.Name) and node.id in NAMES:
        yield f"{node.id} -> {NAMES[node.id]}", _putting("id", NAMES[node.id])
    yield from _constants(node)
    yield from _conditions(node)
    yield from _left_out(node)


def _constants(node: ast.AST) -> Iterator[tuple[str, Change]]:
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield f"{node.value} -> {not node.value}", _putting("value", not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield f"{node.value} -> {node.value + 1}", _putting("value", node.value + 1)


def _conditions(node: ast.AST) -> Iterator[tuple[str, Change]]:
    if isinstance(node, ast.If | ast.IfExp):
        for value in (True, False):
            yield f"if {value}", _putting("test", ast.Constant(value))
    if isinstance(node, ast.comprehension) and node.ifs:
        yield "without its `if`", _putting("ifs", [], -1)


def _left_out(node: ast.AST) -> Iterator[tuple[str, Change]]:
    """Statements, parts of conditions, and items of displays that are not there."""
    for block in ("body", "orelse"):
        statements = getattr(node, block, None)
        for at, each in enumerate(statements if isinstance(statements, list) else ()):
            gone = isinstance(each, ast.AugAssign | ast.Continue)
            if gone or (isinstance(each, ast.Expr) and not isinstance(each.value, ast.Constant)):
                yield f"without statement {at + 1} of the {block}", _putting(block, ast.Pass(), at)
    if isinstance(node, ast.BoolOp):
        for at in range(len(node.values)):
            rest = node.values[:at] + node.values[at + 1 :]
            yield f"without operand {at + 1}", _putting("values", rest if len(rest) > 1 else rest * 2, -1)
    if isinstance(node, ast.Tuple | ast.List | ast.Set) and _is_listing(node):
        for at in range(len(node.elts)):
            yield f"without item {at + 1}", _putting("elts", node.elts[:at] + node.elts[at + 1 :], -1)


def _is_listing(node: ast.Tuple | ast.List | ast.Set) -> bool:
    """Whether the items are alike, so that one may be missing: all texts, or any number of more."""
    texts = all(isinstance(each, ast.Constant) and isinstance(each.value, str) for each in node.elts)
    loaded = isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
    return loaded and (any(isinstance(each, ast.Starred) for each in node.elts) or (texts and len(node.elts) > 1))


def _putting(name: str, new: object, at: int = 0) -> Change:
    return functools.partial(_put, name=name, at=at, new=new)


def _put(node: ast.AST, *, name: str, at: int, new: object) -> Undo:
    value = getattr(node, name)
    if isinstance(value, list) and at >= 0:
        old = value[at]
        value[at] = new
        return functools.partial(value.__setitem__, at, old)
    setattr(node, name, new)
    return functools.partial(setattr, node, name, value)
