"""Papers as PDF: Typst sets them in the reader's language, in our own fonts, from data alone."""

import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import segno
import typst
from flask import Response

from portal.assets import STATIC

SOURCES = Path(__file__).parent / "templates" / "print"
FONTS = Path(__file__).parent / "print" / "fonts"
SIZES = ("a4", "a5")
STAR = (STATIC / "star.svg").read_text(encoding="utf-8")


def set_paper(name: str, words: Mapping[str, str]) -> bytes:
    """The PDF of ``templates/print/<name>.typ``; ``words`` reach it as data and are never read as its source."""
    data = json.dumps({**words, "star": STAR}, ensure_ascii=False)
    made: bytes = typst.compile(
        str(SOURCES / f"{name}.typ"),
        root=str(SOURCES),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": data},
    )
    return made


def square_code(text: str) -> str:
    """``text`` as a drawing for a telephone's camera."""
    drawn = BytesIO()
    segno.make(text, error="m").save(drawn, kind="svg", border=1, omitsize=True, xmldecl=False, svgclass=None, nl=False)
    return drawn.getvalue().decode()


def pdf_answer(made: bytes, filename: str) -> Response:
    """A PDF that is kept by who asked for it, and by nobody on the way."""
    answer = Response(made, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
