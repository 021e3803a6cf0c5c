#!/usr/bin/env python3
"""Is every text translated? Collects all marked texts anew and compares them with locale/.

    check_messages.py [--allow-missing N]   fails when more than N texts lack a translation in nynorsk or English
    check_messages.py --write               puts new texts into locale/, for the translator

The texts in the code are bokmål and need no file. A translation that is marked fuzzy counts as missing.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("nn", "en")
SOURCES = ("apps", "bti_portal", "templates", "manage.py")
WIDTH = "--width=110"  # as the files are, so that a collection changes only what is new
DATE = b'"POT-Creation-Date:'


def collect() -> None:
    """Update the .po files below the current folder. Runs in a process of its own, in a copy of the project."""
    import django
    from django.core.management import call_command
    from django.core.management.commands.makemessages import Command

    django.setup()
    # A guess by msgmerge is worse than a hole: holes are seen.
    Command.msgmerge_options = [*Command.msgmerge_options, "--no-fuzzy-matching"]
    for name in ("msgmerge_options", "msguniq_options", "msgattrib_options", "xgettext_options"):
        setattr(Command, name, [*getattr(Command, name), WIDTH])
    call_command(Command(), locale=list(LANGUAGES), no_obsolete=True, add_location="file", verbosity=0)


def collected(folder: Path) -> dict[str, Path]:
    """Language -> the .po file with every text of today's code, made in `folder`."""
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            shutil.copy(source, folder / name)
    paths = {}
    for language in LANGUAGES:
        place = Path("locale", language, "LC_MESSAGES")
        (folder / place).mkdir(parents=True)
        if (ROOT / place / "django.po").exists():
            shutil.copy(ROOT / place / "django.po", folder / place)
        paths[language] = folder / place / "django.po"
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "bti_portal.settings",
        "PYTHONPATH": str(folder),
        "DATA_DIR": str(folder / "data"),
    }
    env.pop("DATABASE_URL", None)
    subprocess.run([sys.executable, __file__, "--collect"], cwd=folder, env=env, check=True)
    return paths


def missing(path: Path) -> list[str]:
    """The texts in the file that have no translation, as written there."""
    texts = []
    for option in ("--untranslated", "--only-fuzzy"):
        listed = subprocess.run(
            ["msgattrib", option, "--no-obsolete", "--no-wrap", path], capture_output=True, text=True, check=True
        ).stdout
        texts += [line[7:-1] for line in listed.splitlines() if line.startswith("msgid ") and line != 'msgid ""']
    return texts


def is_same_but_for_the_date(one: Path, other: Path) -> bool:
    def lines(path: Path) -> list[bytes]:
        return [line for line in path.read_bytes().splitlines() if not line.startswith(DATE)]

    return other.exists() and lines(one) == lines(other)


def write(paths: dict[str, Path]) -> None:
    for language, path in paths.items():
        target = ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
        if not is_same_but_for_the_date(path, target):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
        print(f"{target.relative_to(ROOT)}: {len(missing(path))} texts to translate")


def check(paths: dict[str, Path], allowed: int) -> int:
    texts = {language: missing(path) for language, path in paths.items()}
    for language, path in paths.items():
        subprocess.run(["msgfmt", "--check-format", "-o", os.devnull, path], check=True)
        for text in texts[language][:10]:
            print(f"  {language}: {text[:110]}")
        print(f"{language}: {len(texts[language])} texts lack a translation")
    count = sum(map(len, texts.values()))
    if count > allowed:
        print(
            f"{count} are missing and {allowed} are allowed. `make messages` puts them into locale/ to be translated."
        )
        return 1
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description="Is every text translated?")
    parser.add_argument("--allow-missing", type=int, default=0)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--collect", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.collect:
        collect()
        return 0
    if shutil.which("xgettext") is None:
        print("gettext is not installed, so the translations cannot be checked: apt-get install gettext")
        return 1
    with tempfile.TemporaryDirectory(prefix="bti-messages-") as folder:
        paths = collected(Path(folder))
        if options.write:
            write(paths)
            return 0
        return check(paths, options.allow_missing)


if __name__ == "__main__":
    sys.exit(main())
