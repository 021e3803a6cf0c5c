"""The house stands: who may import whom. When this fails, the code is nearly always in the wrong place.

An app imports only from apps before it in STACK, and only their public rooms. Inside an app, a room imports only from
rooms before it. Imports inside functions count too. `core` is public whole and has its own modules. No files import
each other in a circle, also inside a room; what is written in a log stands above who is in it and may.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
APPS = ROOT / "apps"

STACK = [
    *("core", "audit", "municipality", "accounts", "notifications", "groups", "offers", "guides", "stafettlogg"),
    *("responsibilities", "training", "surveys", "arshjul", "reports", "privacy", "portal"),
]
ROOMS = ["enums", "models", "rules", "access", "selectors", "services", "tasks", "forms", "views", "urls", "admin"]
PUBLIC = {"enums", "models", "access", "selectors", "services"}

# Modules that Django or a library looks for by name. They may use all of their own app.
FRAMEWORK = {"apps", "adapters", "checks", "context", "management", "middleware", "migrations", "templatetags"}

# Rooms that one app has for a reason: name -> (may other apps import it, the room that it stands directly before).
OWN_ROOMS = {
    "audit": {"errors": (True, "enums"), "loaded": (True, "enums")},
    "notifications": {"scope": (True, "rules"), "kinds": (True, "rules")},
    "portal": {"seeding": (False, "tasks")},
    "stafettlogg": {"kinds": (False, "tasks")},
}

# Where an import may stand inside a function: in `AppConfig.ready`, and where a model field makes its form field.
MAY_IMPORT_LATE = {"core/fields.py"}

# The line through stafettlogg. Content is what is written in a log; all else is the kernel: who is in it and may.
# Content may import the kernel, never the reverse. A new topic that is written (meetings, documents, …) is added here.
CONTENT = {"plan", "evaluations", "levels", "voices", "messages"}
# The files that compose both, by room. This list may only shrink.
COMPOSING = {
    "kinds": {"tasks/written"},
    "selectors": {
        *("changes", "closing", "due", "handovers", "history", "states", "tasks/drafts", "tasks/in_log"),
    },
    "services": {"closing"},
    "views": {"family/log", "logs"},
}
# The services of stafettlogg that write notices. All others say what is told to `services.notices`.
TELLING = {"notices"}
# Rooms that only list what is there.
LISTING = {"models/__init__", "urls/__init__", "urls/family", "urls/logs"}


def rooms_of(app: str) -> list[str]:
    rooms = list(ROOMS)
    for name, (_, before) in OWN_ROOMS.get(app, {}).items():
        rooms.insert(rooms.index(before), name)
    return rooms


def public_rooms(app: str) -> set[str]:
    return PUBLIC | {name for name, (is_public, _) in OWN_ROOMS.get(app, {}).items() if is_public}


def imported_modules(source: str, package: str) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything the source imports, `from a import b` as `a.b`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base]).rstrip(".")
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def problems_in(app: str, room: str, source: str, package: str = "") -> list[str]:
    """What is wrong with the imports of one file that stands in this app and room."""
    package = package or f"apps.{app}"
    found = []
    for line, name in imported_modules(source, package):
        problem = problem_with(app, room, name)
        if problem:
            found.append(f"line {line}: {problem}")
    return found


def problem_with(app: str, room: str, name: str) -> str:
    parts = name.split(".")
    if parts[0] == "bti_portal":
        return "an app does not import bti_portal; settings come from django.conf"
    if parts[0] != "apps" or len(parts) < 2:
        return ""
    other, other_room = parts[1], parts[2] if len(parts) > 2 else ""
    if other not in STACK:
        return f"{other} is not an app in STACK"
    if other != app:
        return problem_between_apps(app, other, other_room)
    return problem_between_rooms(app, room, other_room)


def problem_between_apps(app: str, other: str, other_room: str) -> str:
    if STACK.index(other) > STACK.index(app):
        return f"{app} stands before {other} and cannot import it"
    if other != "core" and other_room not in public_rooms(other):
        return f"{other}.{other_room} is not public; other apps use {', '.join(sorted(public_rooms(other)))}"
    return ""


def problem_between_rooms(app: str, room: str, other_room: str) -> str:
    rooms = rooms_of(app)
    if app == "core" or room in FRAMEWORK or other_room == room:
        return ""
    if other_room not in rooms:
        return f"{room} cannot use {app}.{other_room or '__init__'}, which is not one of the rooms"
    if rooms.index(other_room) > rooms.index(room):
        return f"{room} stands before {other_room} and cannot import it"
    return ""


def module_files() -> dict[str, Path]:
    """Every file of the apps by its dotted name; a package by the name of its folder."""
    return {".".join(_parts(path)): path for path in source_files() if "migrations" not in path.parts}


def _parts(path: Path) -> tuple[str, ...]:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


def import_graph(files: dict[str, Path]) -> dict[str, set[str]]:
    """For every module the modules of the apps that it imports, also inside functions and by way of a package."""
    names = {name: _names_in(path) for name, path in files.items()}
    homes = {f"{name}.{found.rpartition('.')[2]}": found.rpartition(".")[0] for name in files for found in names[name]}
    return {
        name: {module for line in found for module in (line, line.rpartition(".")[0], homes.get(line))}
        & (files.keys() - {name})
        for name, found in names.items()
    }


def _names_in(path: Path) -> set[str]:
    package = ".".join(path.relative_to(ROOT).parent.parts)
    return {name for _line, name in imported_modules(path.read_text("utf-8"), package)}


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Groups of modules that import each other in a circle, each group sorted: what is left when every module that
    nothing left imports, and every one that imports nothing left, is taken away; then grouped by who reaches whom."""
    left = {name: set(found) for name, found in graph.items()}
    while True:
        ends = {name for name, found in left.items() if not found & left.keys()}
        ends |= left.keys() - {found for name in left for found in left[name] if found in left}
        if not ends:
            break
        left = {name: found - ends for name, found in left.items() if name not in ends}
    reached = {name: _reached(name, left) for name in left}
    groups = {tuple(sorted(o for o in left if o in reached[name] and name in reached[o])) for name in left}
    return [list(group) for group in sorted(groups) if group]


def _reached(name: str, graph: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    queue = [name]
    while queue:
        for other in graph[queue.pop()] - found:
            found.add(other)
            queue.append(other)
    return found


def late_imports(path: Path) -> list[int]:
    """The lines that import inside a function, but for `AppConfig.ready`."""
    tree = ast.parse(path.read_text("utf-8"))
    ready = {
        line for node in ast.walk(tree) if _is_named(node, "ready") for line in range(node.lineno, node.end_lineno + 1)
    }
    late = {
        inner.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    }
    return sorted(late - ready) if path.name == "apps.py" else sorted(late)


def _is_named(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name == name


def topic_of(name: str) -> tuple[str, str]:
    """Room and topic of a module of stafettlogg: `apps.stafettlogg.views.family.log` is ("views", "family/log")."""
    room, *topic = name.split(".")[2:] or [""]
    return room, "/".join(topic) or "__init__"


def is_content(name: str) -> bool:
    return topic_of(name)[1].rpartition("/")[2] in CONTENT


def composing(graph: dict[str, set[str]]) -> dict[str, set[str]]:
    """Files of stafettlogg that are not content and import content, by room."""
    found: dict[str, set[str]] = {}
    for name, imported in graph.items():
        room, topic = topic_of(name)
        if not name.startswith("apps.stafettlogg.") or is_content(name) or f"{room}/{topic}" in LISTING:
            continue
        if any(other.startswith("apps.stafettlogg.") and is_content(other) for other in imported):
            found.setdefault(room, set()).add(topic)
    return found


def source_files() -> list[Path]:
    return sorted(path for path in APPS.rglob("*.py") if path.parent != APPS)


def place_of(path: Path) -> tuple[str, str]:
    """App and room that the file stands in."""
    parts = path.relative_to(APPS).with_suffix("").parts
    return parts[0], parts[1]


def test_apps_are_those_of_the_stack():
    folders = {path.name for path in APPS.iterdir() if path.is_dir() and path.name != "__pycache__"}

    assert folders - set(STACK) == set()
    assert [f"apps.{app}" for app in STACK if app in folders] == settings.PORTAL_APPS


def test_every_module_stands_in_a_room():
    misplaced = []
    for path in source_files():
        app, room = place_of(path)
        if app != "core" and room not in {*rooms_of(app), *FRAMEWORK, "__init__"}:
            misplaced.append(str(path.relative_to(ROOT)))

    assert misplaced == []


def test_imports_follow_stack_and_rooms():
    problems = []
    for path in source_files():
        app, room = place_of(path)
        package = ".".join(path.relative_to(ROOT).parent.parts)
        for problem in problems_in(app, room, path.read_text("utf-8"), package):
            problems.append(f"{path.relative_to(ROOT)} {problem}")

    assert problems == []


def test_no_files_import_each_other_in_a_circle():
    assert circles(import_graph(module_files())) == []


def test_circles_are_found():
    graph = {"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": set(), "e": {"a"}, "f": {"g"}, "g": {"f"}}

    assert circles(graph) == [["b", "c"], ["f", "g"]]


def test_imports_stand_at_the_top():
    late = {
        str(path.relative_to(APPS)): lines
        for path in source_files()
        if str(path.relative_to(APPS)) not in MAY_IMPORT_LATE and (lines := late_imports(path))
    }

    assert late == {}


def test_a_late_import_is_found(tmp_path):
    path = tmp_path / "services.py"
    path.write_text("import os\n\n\ndef do():\n    from a import b\n")

    assert late_imports(path) == [5]


def test_what_is_written_stands_above_who_may():
    assert composing(import_graph(module_files())) == COMPOSING


def test_who_is_told_is_said_in_one_place():
    services = (APPS / "stafettlogg" / "services").glob("*.py")

    telling = {path.stem for path in services if "apps.notifications.services.notify" in _names_in(path)}

    assert telling == TELLING


@pytest.mark.parametrize(
    ("app", "room", "source"),
    [
        ("guides", "models", "from apps.core.models import UUIDModel"),
        ("guides", "services", "from apps.accounts import access"),
        ("guides", "views", "from apps.guides.forms import StepForm\nfrom apps.guides import selectors"),
        ("guides", "apps", "def ready(self):\n    from apps.notifications.kinds import register"),
        ("stafettlogg", "services", "from apps.stafettlogg.services.events import add"),
        ("stafettlogg", "services", "from .events import add"),
        ("audit", "services", "from apps.audit import errors, loaded"),
    ],
)
def test_import_order_allows(app, room, source):
    assert problems_in(app, room, source, f"apps.{app}.{room}") == []


@pytest.mark.parametrize(
    ("app", "room", "source"),
    [
        ("core", "models", "from apps.accounts.models import User"),
        ("guides", "views", "from apps.stafettlogg import selectors"),
        ("guides", "views", "from apps.accounts import views"),
        ("guides", "views", "import apps.accounts.rules"),
        ("guides", "views", "from apps import accounts"),
        ("guides", "models", "from apps.guides import services"),
        ("guides", "rules", "def check():\n    from apps.guides.access import can_see"),
        ("guides", "models", "from .services import publish"),
        ("guides", "views", "from apps.guides.helpers import anything"),
        ("guides", "views", "from apps.weather.models import Rain"),
        ("guides", "views", "from bti_portal import settings"),
        ("portal", "views", "from apps.portal import admin"),
        ("notifications", "models", "from apps.portal.seeding import people"),
    ],
)
def test_import_order_refuses(app, room, source):
    assert len(problems_in(app, room, source)) == 1
