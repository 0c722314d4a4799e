"""Names that mean something for paths: of the standard library, and those that a module binds."""

from __future__ import annotations

import re

from migrate.formats.python_source import Call, Expression, Index, Items, Member, Name, Run, Scope, Text

JOIN = frozenset({"join", "os.path.join"})
PATHS = frozenset({"Path", "PurePath", "PosixPath", "PurePosixPath"})
CWD = frozenset({"os.getcwd", "getcwd", "Path.cwd"})
KEEP = frozenset({"abspath", "realpath", "normpath", "expandvars", "str", "os.fspath", "fspath"})
DEDENT = frozenset({"textwrap.dedent", "dedent", "inspect.cleandoc", "cleandoc"})
DIRNAME = frozenset({"dirname"})
KEEP_METHODS = frozenset({"resolve", "absolute", "as_posix", "strip", "rstrip", "format", "__str__"})
GLOBS = frozenset({"glob.glob", "glob.iglob", "glob", "iglob"})

SEPARATORS = frozenset({"os.sep", "os.path.sep", "sep"})

_MODULES = re.compile(r"^(?:os\.path|osp|posixpath|pathlib|path)\.(?=\w)")
_READERS = re.compile(
    r"(?:os|shutil|glob|io|codecs|gzip|tarfile|zipfile|tempfile)\.(?!environ|getenv|system|popen|exec|spawn|sep)\w+(?:\.\w+)*"
    r"|open|exists|lexists|isfile|isdir|islink|getsize|getmtime|listdir|makedirs|mkdir|rmtree|copytree|copyfile|copy2|iglob|glob|relpath|samefile"
)
_COMPARES = frozenset({"relative_to", "is_relative_to", "samefile"})
"""Methods of a path that are given another one"""
_OPTION_MAKERS = frozenset({"add_argument", "add_option", "option", "argument", "Option", "Argument"})
_PATH_NAME = re.compile(r"(?i)(?:dir|path|file|folder|directory|root|src|dst)s?$")


def function(call: Call) -> str:
    """The name of what is called, without the module of path functions: `join`, `Path`, `open`, `os.makedirs`."""
    return _MODULES.sub("", call.function.dotted) if isinstance(call.function, Name) else ""


def last(call: Call) -> str:
    """The last part of the name of what is called."""
    match call.function:
        case Name(dotted=dotted):
            return dotted.rpartition(".")[2]
        case Member(name=name):
            return name
        case _:
            return ""


def method(call: Call) -> tuple[Expression | None, str]:
    """The object and the name of a method that is called."""
    match call.function:
        case Name(start=start, dotted=dotted) if "." in dotted:
            of, _, name = dotted.rpartition(".")
            return Name(start, start + len(of), of), name
        case Member(of=of_what, name=name):
            return of_what, name
        case _:
            return None, ""


def is_path_class(expression: Expression) -> bool:
    """Whether it is `Path` itself, as in `Path.joinpath(a, b)`."""
    return isinstance(expression, Name) and _MODULES.sub("", expression.dotted) in PATHS


def reads_paths(call: Call) -> bool:
    """Whether its arguments are paths: `open`, `os.makedirs`, `shutil.copy`."""
    name = function(call)
    return name in JOIN | PATHS | KEEP | DIRNAME - {"str"} or bool(_READERS.fullmatch(name)) or method(call)[1] in _COMPARES


def takes_default(name: str, of_object: str) -> bool:
    """Whether the second argument is what it gives if there is nothing: `os.environ.get("DIR", "environments")`."""
    return name in ("os.getenv", "getenv", "getattr") or of_object == "get"


def names_a_path(name: str) -> bool:
    """Whether a variable is named as one that holds a path."""
    return bool(_PATH_NAME.search(name))


def makes_an_option(call: Call) -> bool:
    """Whether it declares an option of a command line, with its default."""
    return last(call) in _OPTION_MAKERS


def climbs(expression: Expression) -> tuple[Expression, int] | None:
    """The path and how far up it goes, in `path.parent` and `path.parents[1]`."""
    match expression:
        case Member(of=of, name="parent"):
            return of, 1
        case Index(of=Member(of=of, name="parents"), key=int(key)):
            return of, key + 1
        case Index(of=Name(start=start, dotted=dotted), key=int(key)) if dotted.endswith(".parents"):
            name = dotted.removesuffix(".parents")
            return Name(start, start + len(name), name), key + 1
        case _:
            return None


def joined_with_slash(call: Call) -> tuple[Expression, ...] | None:
    """The parts of `"/".join(["environments", name])`."""
    match call:
        case Call(function=Member(of=Text(parts=(Run(text="/"),)), name="join"), arguments=(Items(items=items),)):
            return items
        case Call(function=Name(dotted="os.sep.join" | "os.path.sep.join"), arguments=(Items(items=items),)):
            return items
        case _:
            return None


def bindings(dotted: str, scope: Scope) -> tuple[Scope, list[Expression | None]]:
    """What a name may be bound to, and the scope in which those values are to be read. None is an unknown value."""
    if dotted.startswith(("self.", "cls.")):
        home = scope.home_class
        if home is None:
            return scope, []
        attribute = dotted.partition(".")[2]
        return home, home.bindings.get(f"self.{attribute}", []) + home.bindings.get(attribute, [])
    if "." in dotted:
        return _of_class(dotted, scope)
    at: Scope | None = scope
    while at is not None:
        if not at.is_class or at is scope:
            parameter = next((one for one in at.parameters if one.name == dotted), None)
            bound = at.bindings.get(dotted, [])
            if parameter is not None:
                return at, [*bound, *([parameter.default] if parameter.default else []), None]
            if bound:
                return at, bound
        at = at.parent
    return scope, []


def _of_class(dotted: str, scope: Scope) -> tuple[Scope, list[Expression | None]]:
    """What `Settings.folder` is bound to, for a class of this module."""
    module = scope
    while module.parent is not None:
        module = module.parent
    name, _, attribute = dotted.partition(".")
    home = next((inner for inner in module.inner if inner.is_class and inner.name == name), None)
    return (home, home.bindings.get(attribute, [])) if home is not None else (scope, [])


def local_function(call: Call, scope: Scope) -> Scope | None:
    """The function of this file that is called by its plain name, or as a method of its own class."""
    if not isinstance(call.function, Name):
        return None
    name = call.function.dotted
    if name.startswith(("self.", "cls.")):
        around = scope.home_class
        name = name.partition(".")[2]
        return _named(around, name) if around is not None else None
    at: Scope | None = scope
    while at is not None:
        found = _named(at, name)
        if found is not None and not at.is_class:
            return found
        at = at.parent
    return None


def _named(scope: Scope, name: str) -> Scope | None:
    found = [inner for inner in scope.inner if inner.name == name and not inner.is_class]
    return found[0] if len(found) == 1 else None
