"""Every public function says what it takes and what it gives."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("apps", "bti_portal", "scripts", "bench")


def public_functions(body: list[ast.stmt], *, in_class: bool = False) -> Iterator[tuple[ast.FunctionDef, bool]]:
    """Functions of a module and methods of its classes, without those that begin with `_`; and whether in a class."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node, in_class
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from public_functions(node.body, in_class=True)
        elif isinstance(node, ast.If | ast.Try):
            yield from public_functions(node.body, in_class=in_class)


def untyped_parts(function: ast.FunctionDef, *, in_class: bool) -> list[str]:
    """The parameters without a type, and `return`; `self`, `cls`, `*args` and `**kwargs` need none."""
    is_static = any(isinstance(found, ast.Name) and found.id == "staticmethod" for found in function.decorator_list)
    named = [*function.args.posonlyargs, *function.args.args][int(in_class and not is_static) :]
    parts = [found.arg for found in [*named, *function.args.kwonlyargs] if found.annotation is None]
    return [*parts, "return"] if function.returns is None else parts


def untyped_functions(source: str) -> list[str]:
    return [
        f"{function.lineno} {function.name}: {', '.join(parts)}"
        for function, in_class in public_functions(ast.parse(source).body)
        if (parts := untyped_parts(function, in_class=in_class))
    ]


def test_public_functions_have_types():
    paths = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in paths
        if "migrations" not in path.parts
        for line in untyped_functions(path.read_text("utf-8"))
    ]

    assert "\n".join(found) == ""


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def go(a: int, *args, b: str = '', **kwargs) -> None: ...", []),
        ("def go(a, *, b): ...", ["1 go: a, b, return"]),
        ("def _go(a): ...", []),
        ("class A:\n    def go(self, a) -> None: ...", ["2 go: a"]),
        ("class A:\n    @staticmethod\n    def go(a) -> None: ...", ["3 go: a"]),
        ("class A:\n    @classmethod\n    def go(cls) -> int: ...", []),
        ("class A:\n    def __init__(self, a): ...", []),
        ("class _A:\n    def go(self, a): ...", []),
        ("def go() -> None:\n    def inner(a): ...", []),
        ("if True:\n    def go(): ...", ["2 go: return"]),
    ],
)
def test_untyped_functions_are_found(source, found):
    assert untyped_functions(source) == found
