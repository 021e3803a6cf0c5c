"""Rebuild static/vendor, static/img/icons.svg and the test copy of axe from npm tarballs.

Fetch the tarballs once, in any folder, and give that folder as the argument:

    npm pack @digdir/designsystemet-css@1.22.0 @fontsource-variable/inter@5.3.0 \
        inter-ui@4.1.1 @navikt/aksel-icons@8.16.2 axe-core@4.14.1
    .venv/bin/python scripts/vendor.py FOLDER

Only what the portal uses is kept, so that a first visit stays small: the components named in COMPONENTS, the theme
without its palette (static/css/theme.css has ours), the letters and weights in LETTERS, and the icons in core.icons.
Each tarball is checked against its published SHA-512 before it is opened. Safe to repeat: the result is the same bytes.
"""

import base64
import hashlib
import io
import re
import sys
import tarfile
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from apps.core.icons import AKSEL, MARKS  # noqa: E402 -- the path is set above; the module imports nothing itself

VENDOR = ROOT / "static" / "vendor"
TARBALLS = {
    "digdir-designsystemet-css-1.22.0.tgz": (
        "f/+YOK1Gvl7ypdeRh0TDGs28eu8DkOPDAR+T8yLpnys9FxNWX05UNuhXJwYwRuzF9WUgjAhpJ5JKdodTDxWMEA=="
    ),
    "fontsource-variable-inter-5.3.0.tgz": (
        "OupL48va4JNofb97w6NYeF9S7W/kHNKM0Er8Dem5nqi4jeOLrVJDoE8tZEpnMJmtkvNbB1EIPPwHcdkF6b1oUA=="
    ),
    "inter-ui-4.1.1.tgz": ("451h0J29HyOmA+JXgSi/6M12tL7ZCZ8arYKZUXiOXTJpJbAKqJvFh3k5SiV3x7tKe0C0KyrKUUiQIvvZ2PQDcA=="),
    "navikt-aksel-icons-8.16.2.tgz": (
        "d2GWooeIEJYq8NYJIJJhMo84Vac6SyCvLJDFWG6RSj8vcgFanQMnKAram1zd48UO/rjuuZZk99p4UZt4jsD0RA=="
    ),
    "axe-core-4.14.1.tgz": ("FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="),
}
COMPONENTS = ("button", "dialog", "popover")
LETTERS = {
    "inter-latin": (
        "inter-latin-opsz-normal.woff2",
        "20-7E,A0-FF,131,152-153,2BC,2C6,2DA,2DC,2009-200A,2010-2015,2018-201A,201C-201E,2020-2022,2026,202F,2032-2033,"
        "2039-203A,20AC,2122,2190-2193,2212,2215",
    ),
    "inter-latin-ext": (
        "inter-latin-ext-wght-normal.woff2",
        "100-151,154-17F,18F,1CD-1DC,1E4-1E7,1EE-1EF,218-21B,292,2B7,1E00-1EFF",
    ),
}
# For PDF all letters come from one file: WeasyPrint cannot draw one family from two.
PDF_LETTERS = (
    "20-7E,A0-24F,259,292,2B0-2FF,300-36F,370-3FF,400-52F,1E00-1EFF,2000-206F,20A0-20BF,2116,2122,2190-2193,2212"
)
FEATURES = ["calt", "ccmp", "locl", "kern", "mark", "mkmk", "tnum"]
WEIGHTS = (400, 400, 700)


class Package:
    """One checked npm tarball, read by path inside `package/`."""

    def __init__(self, folder: Path, name: str) -> None:
        raw = (folder / name).read_bytes()
        digest = base64.b64encode(hashlib.sha512(raw).digest()).decode()
        if digest != TARBALLS[name]:
            raise SystemExit(f"{name} is not the published file: sha512-{digest}")
        with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
            self.files = {
                member.name.removeprefix("package/"): file.read()
                for member in archive.getmembers()
                if (file := archive.extractfile(member)) is not None
            }

    def text(self, path: str) -> str:
        return self.files[path].decode()


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    print(f"{hashlib.sha256(content).hexdigest()}  {path.relative_to(ROOT)}  {len(content)} bytes")


def top_level_blocks(css: str) -> list[tuple[str, str]]:
    """(heading, whole block) of each block at the outermost level of a minified style sheet."""
    blocks, depth, start, heading = [], 0, 0, ""
    for position, sign in enumerate(css):
        if sign == "{":
            if depth == 0:
                heading = css[start:position].strip()
            depth += 1
        elif sign == "}":
            depth -= 1
            if depth == 0:
                blocks.append((heading, css[start : position + 1]))
                start = position + 1
    return blocks


def designsystemet(package: Package) -> str:
    theme = [
        block
        for heading, block in top_level_blocks(package.text("dist/theme/designsystemet.css"))
        if "color-scheme" not in heading and "typography.secondary" not in heading
    ]
    base = f"@layer ds.base{{{package.text('dist/src/base.css')}}}"
    components = "".join(package.text(f"dist/src/{name}.css") for name in COMPONENTS)
    return "\n".join(
        [
            f"/* @digdir/designsystemet-css 1.22.0, MIT: base, {', '.join(COMPONENTS)}, theme without palette. */",
            "@layer ds.theme,ds.base,ds.components;",
            *theme,
            base,
            f"@layer ds.components{{{components}}}",
            "",
        ]
    )


def codepoints(ranges: str) -> list[int]:
    found: list[int] = []
    for part in ranges.split(","):
        first, _, last = part.partition("-")
        found += range(int(first, 16), int(last or first, 16) + 1)
    return found


def small_font(source: bytes, ranges: str) -> bytes:
    """The given letters at weights 400–700; the optical size axis is kept where the source has it."""
    options = Options()
    options.layout_features, options.hinting, options.notdef_outline, options.name_IDs = FEATURES, False, True, ["*"]
    font = TTFont(io.BytesIO(source), recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codepoints(ranges))
    subsetter.subset(font)
    font.flavor, between, result = None, io.BytesIO(), io.BytesIO()
    font.save(between)
    font = TTFont(io.BytesIO(between.getvalue()), recalcTimestamp=False)
    font = instancer.instantiateVariableFont(font, {"wght": WEIGHTS})
    font.flavor = "woff2"
    font.save(result)
    return result.getvalue()


def symbol(name: str, svg: str) -> str:
    inside = re.sub(r"^<svg[^>]*>|</svg>\s*$", "", svg.strip())
    inside = re.sub(r"<title[^>]*>.*?</title>", "", inside, flags=re.DOTALL)
    inside = re.sub(r"\d+\.\d{3,}", lambda number: f"{float(number.group()):.2f}".rstrip("0").rstrip("."), inside)
    inside = inside.replace(' clip-rule="evenodd"', "").replace("\n", "")
    return f'<symbol id="{name}" viewBox="0 0 24 24">{inside}</symbol>'


def icon_sprite(package: Package) -> str:
    own = (ROOT / "scripts" / "marks.svg").read_text("utf-8").strip()
    drawn = set(re.findall(r'<symbol id="([^"]+)"', own))
    if drawn != MARKS:
        raise SystemExit(f"scripts/marks.svg and core.icons.MARKS differ: {sorted(drawn ^ MARKS)}")
    lines = own.split("\n")
    lines.insert(1, "<!-- Icons: @navikt/aksel-icons 8.16.2, MIT (static/vendor/aksel-icons-8.16.2/LICENSE). -->")
    lines[-1:] = [symbol(name, package.text(f"dist/svg/{file}.svg")) for name, file in AKSEL.items()]
    return "\n".join([*lines, "</svg>", ""])


def main(folder: Path) -> None:
    css = Package(folder, "digdir-designsystemet-css-1.22.0.tgz")
    write(VENDOR / "designsystemet-1.22.0" / "designsystemet.css", designsystemet(css).encode())
    write(VENDOR / "designsystemet-1.22.0" / "LICENSE", css.files["LICENSE"])

    inter = Package(folder, "fontsource-variable-inter-5.3.0.tgz")
    for name, (source, ranges) in LETTERS.items():
        write(VENDOR / "inter-5.3.0" / f"{name}.woff2", small_font(inter.files[f"files/{source}"], ranges))
    write(VENDOR / "inter-5.3.0" / "LICENSE", inter.files["LICENSE"])

    whole = Package(folder, "inter-ui-4.1.1.tgz")
    every_letter = small_font(whole.files["variable/InterVariable.woff2"], PDF_LETTERS)
    write(VENDOR / "inter-ui-4.1.1" / "inter-pdf.woff2", every_letter)
    write(VENDOR / "inter-ui-4.1.1" / "LICENSE", whole.files["LICENSE.txt"])

    icons = Package(folder, "navikt-aksel-icons-8.16.2.tgz")
    write(ROOT / "static" / "img" / "icons.svg", icon_sprite(icons).encode())

    axe = Package(folder, "axe-core-4.14.1.tgz")
    for file in ("axe.min.js", "LICENSE"):
        write(ROOT / "tests" / "vendor" / "axe-core-4.14.1" / file, axe.files[file])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
