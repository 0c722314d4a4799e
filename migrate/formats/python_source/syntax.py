"""A Python module as values: expressions with the bytes where they stand, and the scopes that bind names to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a text that stands in the source byte for byte, from `start` on."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Escape:
    """A part of a text that is written otherwise, with a backslash or as `{{`. `start` is where it is written."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Slot:
    """A part of an f-string that is computed. `plain` if its value goes in as it is, without conversion and format."""

    value: Expression
    start: int
    end: int
    plain: bool


@dataclass(frozen=True, slots=True)
class Text:
    """A string literal, or several that stand side by side. `quote` is the character that opens the first."""

    start: int
    end: int
    parts: tuple[Run | Escape | Slot, ...]
    quote: str


@dataclass(frozen=True, slots=True)
class Name:
    """A name, or names with dots: `os.path.join`, `self.folder`."""

    start: int
    end: int
    dotted: str


@dataclass(frozen=True, slots=True)
class Call:
    """A call. Arguments with a star are `Other` in their place; `**options` are left out of `keywords`."""

    start: int
    end: int
    function: Expression
    arguments: tuple[Expression, ...]
    keywords: tuple[tuple[str, Expression], ...]

    def keyword(self, name: str) -> Expression | None:
        """The value given for a name."""
        return next((value for key, value in self.keywords if key == name), None)


@dataclass(frozen=True, slots=True)
class Member:
    """An attribute of what is no plain name: `Path(x).parent`."""

    start: int
    end: int
    of: Expression
    name: str


@dataclass(frozen=True, slots=True)
class Index:
    """`x[0]`; `key` is the whole number in the brackets, None if it is anything else."""

    start: int
    end: int
    of: Expression
    key: int | None
    inner: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Binary:
    """Two values and an operator: `+`, `/`, `%`; others are `Other`."""

    start: int
    end: int
    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Items:
    """A list or tuple. An element with a star is `Other`. `ends` is where each element ends, before its comma."""

    start: int
    end: int
    items: tuple[Expression, ...]
    ends: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several values: `a if c else b`, `a or b`. `inner` is what is asked."""

    start: int
    end: int
    options: tuple[Expression, ...]
    inner: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Each:
    """One of the elements of a value: what a loop binds its variable to."""

    start: int
    end: int
    of: Expression


@dataclass(frozen=True, slots=True)
class Other:
    """Anything else, with the expressions inside it."""

    start: int
    end: int
    inner: tuple[Expression, ...]


Expression = Text | Name | Call | Member | Index | Binary | Items | Choice | Each | Other


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a function."""

    name: str
    default: Expression | None


@dataclass
class Scope:
    """The module, a class or a function: what its names are bound to, and the expressions in it, in order.

    A binding to None is one that is not followed (an import, a loop over unknown values). `self.x` is a name of the class.
    `grown` has what is added to a name by `+=`. `star` is the parameter that takes all further arguments (`*args`), and how many
    parameters stand before it; none if there is no such.
    """

    name: str
    is_class: bool = False
    parent: Scope | None = None
    parameters: tuple[Parameter, ...] = ()
    star: tuple[str, int] | None = None
    bindings: dict[str, list[Expression | None]] = field(default_factory=dict)
    expressions: list[Expression] = field(default_factory=list)
    returns: list[Expression] = field(default_factory=list)
    grown: dict[str, list[Expression]] = field(default_factory=dict)
    docstring: Text | None = None
    inner: list[Scope] = field(default_factory=list)

    def bind(self, name: str, value: Expression | None) -> None:
        """One more thing that a name may be."""
        owner = self.home_class if name.startswith("self.") else self
        (owner or self).bindings.setdefault(name, []).append(value)

    @property
    def home_class(self) -> Scope | None:
        """The class around a method."""
        scope: Scope | None = self
        while scope is not None and not scope.is_class:
            scope = scope.parent
        return scope

    def all(self) -> Iterator[Scope]:
        """This scope and those inside it."""
        yield self
        for scope in self.inner:
            yield from scope.all()


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment with its `#`."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Module:
    """A whole file."""

    scope: Scope
    comments: tuple[Comment, ...]


def parts_of(expression: Expression) -> Iterator[Expression]:  # noqa: C901  # a case for each kind
    """The expressions directly inside one."""
    match expression:
        case Text(parts=parts):
            yield from (part.value for part in parts if isinstance(part, Slot))
        case Call():
            yield expression.function
            yield from expression.arguments
            yield from (value for _, value in expression.keywords)
        case Member(of=of):
            yield of
        case Index():
            yield expression.of
            yield from expression.inner
        case Binary():
            yield expression.left
            yield expression.right
        case Items(items=items):
            yield from items
        case Choice():
            yield from expression.options
            yield from expression.inner
        case Other(inner=inner):
            yield from inner
        case Name() | Each():  # what `Each` loops over is an expression of its own
            pass
