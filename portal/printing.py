"""Papers as PDF: Typst sets them in the reader's language, in our own fonts, from data alone."""

import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
import typst
from flask import Response, current_app

from portal.assets import STATIC
from portal.formatting import MINUS
from portal.languages import current_language, plain
from services.messages import N_, Words
from services.papers.codes import format_code
from services.papers.issuing import Paper
from services.papers.offline import square_text
from services.papers.printed import fingerprint

SOURCES = Path(__file__).parent / "templates" / "print"
FONTS = Path(__file__).parent / "print" / "fonts"
SIZES = ("a4", "a5")
STAR = (STATIC / "star.svg").read_text(encoding="utf-8")
INVENTED = N_("Demonstration, with invented people.")
ON_EVERY_PAPER = {
    "brand": N_("Usrati"),
    "reference_label": N_("Your reference:"),
    "help_label": N_("Free help:"),
    "free": N_("This service is free everywhere. Nobody may ask you for money or papers."),
    "unofficial": N_("This is not an official site of any government."),
    "key_label": N_("Key of the signature:"),
    "check": N_("Is this paper genuine? Anyone can check: scan the code, or open this address."),
    "fingerprint_label": N_("Fingerprint:"),
}


def set_paper(name: str, words: Mapping[str, Any]) -> bytes:
    """The PDF of ``templates/print/<name>.typ``; ``words`` reach it as data and are never read as its source."""
    # Our fonts for paper have no minus sign: the dash of the same width is drawn alike.
    data = json.dumps({**words, "star": STAR}, ensure_ascii=False).replace(MINUS, "\N{EN DASH}")
    made: bytes = typst.compile(
        str(SOURCES / f"{name}.typ"),
        root=str(SOURCES),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": data},
    )
    return made


def words_of_paper(paper: Paper, said: Mapping[str, Words | str]) -> dict[str, Any]:
    """What ``frame.typ`` says of any paper, and what this one says, in the language of the page."""
    language, settings = current_language(), current_app.config["SETTINGS"]
    address = f"{settings.public_url}/v/{paper.code}"
    sentences = {**ON_EVERY_PAPER, "issued": Words(N_("Issued on %(day)s"), {"day": paper.issued_on}), **said}
    return {
        **{name: plain(words, language.code) for name, words in sentences.items()},
        "invented": plain(INVENTED, language.code) if settings.is_demo else "",
        "language": language.code,
        "direction": language.direction,
        "help_phone": settings.help_phone,
        "code": format_code(paper.code),
        "key": paper.key_id,
        "fingerprint": fingerprint(paper.digest),
        "check_address": address,
        "keys_address": f"{settings.public_url}/v/keys",
        "qr": square_code(square_text(paper, public_url=settings.public_url)),
    }


def typed_address(path: str) -> str:
    """The address of one of our pages in the reader's language, as people type it."""
    return f"{current_app.config['SETTINGS'].public_url}/{current_language().code}/{path}"


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
