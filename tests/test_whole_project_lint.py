"""What no file may hold. Ruff checks style; this checks the promises of the house (docs/adr, CONTRIBUTING.md)."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 400
NOT_OURS = ("static/vendor/", "tests/vendor/")

# LogAccess is the one permission table (docs/adr/0002). guardian's shortcuts would read or write another one.
GUARDIAN = {"assign_perm", "remove_perm", "has_perm", "has_perms", "get_perms", "get_objects_for_user"}
GUARDIAN |= {"get_users_with_perms", "get_objects_for_group", "ObjectPermissionChecker"}

# Ways around TrackedQuerySet, which refuses writes that leave no history. Name -> the files that may, and why.
BULK = {
    "bulk_load": {
        "apps/core/history.py": "defines it",
        "apps/portal/seeding/": "fills an empty demo municipality",
    },
    "bulk_create": {
        "apps/core/models.py": "refuses it",
        "apps/audit/services.py": "one insert for all logs on a page; the table is insert only and has no history",
        "apps/portal/seeding/": "fills an empty demo municipality",
    },
    "bulk_update": {"apps/core/models.py": "refuses it", "apps/portal/seeding/": "fills an empty demo municipality"},
    "_base_manager": {},
    "_raw_delete": {},
    "RunSQL": {},
    "raw": {},
    "cursor": {
        "apps/core/prepared.py": "sends the SQL that Django has made of a queryset",
        "apps/core/backup.py": "reads every table whole, at one instant, for a sealed copy",
        "apps/core/management/commands/migrate.py": "waits for its turn",
        "apps/audit/services.py": "grants rights to a database role",
        "apps/audit/selectors.py": "asks what the database role may do",
    },
}

# Written in pieces, so that this file does not hold what it looks for.
MACHINE = re.compile("|".join(["/" + "work/", "/" + "tmp/w/", "/" + r"root/\.", "/" + r"home/[a-z]+/"]))
REGISTRY = re.compile(
    "|".join([r"pypi\." + "org", "files." + "pythonhosted", "registry." + "npmjs", "deb." + "debian"])
)
BARE_EXCEPTION = re.compile(r"#\s*noqa(?!: [A-Z]+\d+(, ?[A-Z]+\d+)* -- \S)")
BARE_IGNORE = re.compile(r"#\s*type:\s*ignore(?!\[[a-z-]+(, ?[a-z-]+)*\] +# \S)")
UNFINISHED = re.compile(r"\b(TO" + "DO|FIX" + "ME|XX" + "X|NotImplemented" + "Error)\\b")
SILENCED = re.compile(r"@pytest\.mark\.(skip|xfail)\b|pytest\.(skip|xfail)\(")
# The safety rules: kept by the code under a heading, decided and not built yet in a list at the end.
SAFETY = ROOT / "docs" / "safety.md"
RULE_CITED = re.compile(r"\bS[1-9]\d?\b")
RULE_KEPT = re.compile(r"^### (S\d+) ", re.MULTILINE)
RULE_TESTED = re.compile(r"def test_(?:s\d\d_)+")
# A document that is spoken of by its name, and a file or a test that a document names in back-ticks.
DOCUMENT = re.compile(r"[\w./-]*[\w-]+\.md\b")
IN_DOCS = re.compile(r"`((?:[\w-]+/)*[\w-]+\.(?:py|html|md|csv|toml))(?:::(\w+))?`(?:\s\(`(\w+)`)?")
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=[\"']|\son[a-z]+=[\"']", re.IGNORECASE)


def files(*endings: str) -> list[Path]:
    """Every file of ours that git has or would take, with one of the endings."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    paths = [name for name in listed if name and not name.startswith(NOT_OURS) and name.endswith(endings or ("",))]
    return [ROOT / name for name in sorted(set(paths)) if (ROOT / name).is_file()]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def lines_with(pattern: re.Pattern, paths: list[Path]) -> list[str]:
    found = []
    for path in paths:
        text = path.read_bytes()
        if b"\0" in text:
            continue
        for number, line in enumerate(text.decode("utf-8").splitlines(), 1):
            if pattern.search(line):
                found.append(f"{name_of(path)}:{number}: {line.strip()[:120]}")
    return found


def names_used(source: str) -> Iterator[tuple[int, str]]:
    """Line and name of every attribute and import in the source."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, alias.name) for alias in node.names)


def code() -> list[Path]:
    return [path for path in files(".py") if name_of(path).startswith(("apps/", "bti_portal/"))]


def of_ours(*folders: str) -> list[Path]:
    return [path for path in files(".py", ".html") if name_of(path).startswith(folders)]


def test_guardian_shortcuts_are_not_used():
    found = [
        f"{name_of(path)}:{line}: {name}"
        for path in code()
        for line, name in names_used(path.read_text("utf-8"))
        if name in GUARDIAN
    ]

    assert "\n".join(found) == ""


def test_bulk_writes_and_sql_stand_only_where_allowed():
    found = [
        f"{name_of(path)}:{line}: {name}"
        for path in code()
        for line, name in names_used(path.read_text("utf-8"))
        if name in BULK and not name_of(path).startswith(tuple(BULK[name]))
    ]

    assert "\n".join(found) == ""


def test_files_are_short_enough():
    paths = [path for path in files(".py", ".html", ".js", ".css") if "/migrations/" not in name_of(path)]
    counted = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in paths}

    assert {name: lines for name, lines in counted.items() if lines > LONGEST} == {}


def test_lint_exceptions_carry_their_reason():
    paths = [path for path in files(".py") if path != Path(__file__)]

    assert "\n".join(lines_with(BARE_EXCEPTION, paths) + lines_with(BARE_IGNORE, paths)) == ""


def test_nothing_is_unfinished_or_silenced():
    paths = [path for path in files(".py", ".html", ".js") if path != Path(__file__)]

    assert "\n".join(lines_with(UNFINISHED, paths) + lines_with(SILENCED, paths)) == ""


def test_templates_hold_no_inline_style_or_script():
    paths = [path for path in files(".html") if not name_of(path).startswith(("templates/pdf/", "templates/emails/"))]

    assert "\n".join(lines_with(INLINE, paths)) == ""


def test_no_machine_paths_or_registry_hosts():
    assert "\n".join(lines_with(MACHINE, files()) + lines_with(REGISTRY, files())) == ""


def test_code_cites_only_safety_rules_that_are_kept():
    kept = set(RULE_KEPT.findall(SAFETY.read_text("utf-8")))
    paths = of_ours("apps/", "tests/", "templates/", "bti_portal/", "scripts/", "bench/")
    cited = {rule: name_of(path) for path in paths for rule in RULE_CITED.findall(path.read_text("utf-8"))}

    assert {rule: name for rule, name in cited.items() if rule not in kept} == {}


def test_every_safety_rule_that_is_kept_has_a_test_named_after_it():
    kept = RULE_KEPT.findall(SAFETY.read_text("utf-8"))
    named = "".join(name for path in of_ours("tests/") for name in RULE_TESTED.findall(path.read_text("utf-8")))

    assert [rule for rule in kept if f"_s{int(rule[1:]):02}_" not in named] == []


def test_documents_that_are_spoken_of_are_in_the_repository():
    names = {path.name for path in [*files(".md"), *(ROOT / "static" / "vendor").rglob("*.md")]}
    paths = [path for path in files(".py", ".html", ".md", ".css", ".js") if path != Path(__file__)]
    spoken = {(name_of(path), name) for path in paths for name in DOCUMENT.findall(path.read_text("utf-8"))}

    assert [(path, name) for path, name in sorted(spoken) if Path(name).name not in names] == []


def test_files_and_names_that_the_documents_name_are_there():
    """`services/a.py`, `services/a.py` (`name`) and `test_a.py::test_name`."""
    documents = [ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("[a-z]*.md")]
    named = {found for path in documents for found in IN_DOCS.findall(path.read_text("utf-8"))}
    texts = {file: _text_of(file) for file, _test, _name in named}

    assert [file for file, text in texts.items() if text is None] == []
    assert [(file, name) for file, *names in named for name in names if name not in texts[file]] == []


def _text_of(file: str) -> str | None:
    """The text of a file named in a document, from the root, apps/, tests/ or docs/; None when there is none."""
    places = (ROOT / folder / file for folder in ("", "apps", "tests", "docs"))
    return next((path.read_text("utf-8") for path in places if path.exists()), None)


@pytest.mark.parametrize(
    ("pattern", "bad", "good"),
    [
        (BARE_EXCEPTION, "x = 1  # noqa", "x = 1  # noqa: S105 -- an invented person"),
        (BARE_EXCEPTION, "x = 1  # noqa: S105", "x = 1  # noqa: S105, E501 -- an invented person"),
        (BARE_IGNORE, "x = 1  # type: ignore", "x = 1  # type: ignore[attr-defined]  # the stubs are wrong"),
        (BARE_IGNORE, "x = 1  # type: ignore[misc]", "no comment"),
        (INLINE, '<p style="color: red">', '<p class="warning">'),
        (INLINE, "<script>alert()</script>", '<script src="/static/a.js"></script>'),
        (INLINE, '<button onclick="go()">', '<button data-once="ja">'),
        (REGISTRY, "https://" + "pypi." + "org/simple", "requirements.txt"),
    ],
)
def test_patterns_find_the_bad_and_leave_the_good(pattern, bad, good):
    assert (bool(pattern.search(bad)), bool(pattern.search(good))) == (True, False)


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_lock_files_hold_what_is_asked_for(name):
    asked = set(re.findall(r"^([A-Za-z0-9-]+)", (ROOT / f"{name}.in").read_text("utf-8"), re.MULTILINE)) - {"-c"}
    lock = (ROOT / f"{name}.txt").read_text("utf-8")
    locked = dict(
        re.findall(r"^([a-z0-9.-]+)==\S+.*\\\n((?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", lock, re.MULTILINE)
    )

    assert {package for package in asked if package.lower() not in locked} == set()
    assert re.findall(r"^[a-z0-9.-]+(?===)", lock, re.MULTILINE) == list(locked)
    assert "://" not in lock
