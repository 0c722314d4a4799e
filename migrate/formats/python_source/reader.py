"""Bytes -> a Module, by libcst."""

from __future__ import annotations

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper

from migrate.errors import UnreadableSource
from migrate.formats.python_source.expressions import Positions, converted
from migrate.formats.python_source.syntax import Each, Expression, Items, Module, Name, Parameter, Scope, Text

BOM = b"\xef\xbb\xbf"


def read_module(data: bytes, where: str) -> Module:
    """The module in `data`, with byte offsets in it. UnreadableSource, with the line, if it is no UTF-8 or no Python 3."""
    shift = len(BOM) if data.startswith(BOM) else 0
    try:
        source = data[shift:].decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, shift + error.start) + 1
        raise UnreadableSource(f"{where}:{line}: not UTF-8", path=where, line=line) from error
    try:
        wrapper = MetadataWrapper(cst.parse_module(source), unsafe_skip_copy=True)
    except cst.ParserSyntaxError as error:
        line = error.raw_line
        raise UnreadableSource(f"{where}:{line}: this is no Python 3", path=where, line=line) from error
    except RecursionError as error:
        raise UnreadableSource(f"{where}: nested too deeply", path=where) from error
    positions = Positions(wrapper.resolve(ByteSpanPositionProvider), shift)
    walk = _Walk(positions)
    scope = Scope("")
    walk.inside(wrapper.module, scope)
    return Module(scope, tuple(positions.comments()))


class _Walk:
    """Goes through statements; expressions are converted whole."""

    def __init__(self, positions: Positions) -> None:
        self.positions = positions

    def inside(self, node: cst.CSTNode, scope: Scope) -> None:
        for child in node.children:
            self.visit(child, scope)

    def visit(self, node: cst.CSTNode, scope: Scope) -> None:  # noqa: C901, PLR0912  # a case for each statement
        match node:
            case cst.FunctionDef() | cst.ClassDef():
                self._definition(node, scope)
            case cst.Assign():
                value = self._expression(node.value, scope)
                for target in node.targets:
                    self._bind(target.target, value, scope)
            case cst.AnnAssign(value=cst.BaseExpression() as assigned):
                self._bind(node.target, self._expression(assigned, scope), scope)
            case cst.AugAssign():
                self._grow(node, scope)
            case cst.Return(value=cst.BaseExpression() as returned):
                scope.returns.append(self._expression(returned, scope))
            case cst.For():
                self._loop(node, scope)
            case cst.Expr(value=cst.SimpleString() | cst.ConcatenatedString() | cst.FormattedString()):
                text = converted(node.value, self.positions)
                if isinstance(text, Text) and scope.docstring is None and not scope.expressions:
                    scope.docstring = text
                else:
                    scope.expressions.append(text)
            case cst.Import() | cst.ImportFrom() | cst.Global() | cst.Nonlocal():
                pass
            case cst.AsName():
                self._bind(node.name, None, scope)
            case cst.BaseExpression():
                self._expression(node, scope)
            case _:
                self.inside(node, scope)

    def _expression(self, node: cst.BaseExpression, scope: Scope) -> Expression:
        value = converted(node, self.positions)
        scope.expressions.append(value)
        todo: list[cst.CSTNode] = [node]
        while todo:
            inner = todo.pop()
            if isinstance(inner, cst.CompFor):
                self._bind_each(inner.target, converted(inner.iter, self.positions), scope)
            todo += inner.children
        return value

    def _bind(self, target: cst.CSTNode, value: Expression | None, scope: Scope) -> None:
        match target:
            case cst.Name() | cst.Attribute():
                name = converted(target, self.positions)
                if isinstance(name, Name):
                    scope.bind(name.dotted, value)
            case cst.Tuple() | cst.List():
                values = value.items if isinstance(value, Items) and len(value.items) == len(target.elements) else ()
                for index, element in enumerate(target.elements):
                    self._bind(element.value, values[index] if values else None, scope)

    def _grow(self, node: cst.AugAssign, scope: Scope) -> None:
        added, target = self._expression(node.value, scope), converted(node.target, self.positions)
        if isinstance(target, Name):
            scope.grown.setdefault(target.dotted, []).append(added)
            if not isinstance(added, Items):
                scope.bind(target.dotted, None)

    def _bind_each(self, target: cst.BaseExpression, over: Expression, scope: Scope) -> None:
        for value in over.items if isinstance(over, Items) else (Each(over.start, over.end, over),):
            self._bind(target, value, scope)

    def _loop(self, node: cst.For, scope: Scope) -> None:
        self._bind_each(node.target, self._expression(node.iter, scope), scope)
        self.visit(node.body, scope)
        if node.orelse is not None:
            self.visit(node.orelse, scope)

    def _definition(self, node: cst.FunctionDef | cst.ClassDef, scope: Scope) -> None:
        for above in node.decorators:
            self.inside(above, scope)
        inner = Scope(node.name.value, isinstance(node, cst.ClassDef), scope)
        if isinstance(node, cst.FunctionDef):
            inner.parameters = tuple(self._parameters(node.params, scope))
            inner.star = _star(node.params)
        scope.inner.append(inner)
        self.visit(node.body, inner)

    def _parameters(self, node: cst.Parameters, scope: Scope) -> list[Parameter]:
        found = []
        for parameter in (*node.posonly_params, *node.params, *node.kwonly_params):
            default = converted(parameter.default, self.positions) if parameter.default is not None else None
            if default is not None:
                scope.expressions.append(default)
            found.append(Parameter(parameter.name.value, default))
        return found


def _star(node: cst.Parameters) -> tuple[str, int] | None:
    """The name of `*args`, and how many parameters stand before it."""
    if not isinstance(node.star_arg, cst.Param):
        return None
    return node.star_arg.name.value, len(node.posonly_params) + len(node.params)
