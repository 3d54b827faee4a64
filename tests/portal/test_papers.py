"""The receipt on paper, and the page where anyone checks it."""

import subprocess
from base64 import urlsafe_b64decode
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from portal.languages import LANGUAGES
from portal.printing import SIZES, STAR, set_paper, square_code
from services.papers.codes import format_code
from services.papers.models import IssuedPaper
from services.papers.offline import verify_square
from services.requests.references import format_reference
from services.signing import published_keys, rotate_signing_key
from tests.portal.conftest import OpenPortal, Portal
from tests.portal.pages import Page, said
from tests.portal.soundness import faults_of
from tests.portal.stages import EARLIER, NOW
from tests.portal.test_privacy import found_in
from tests.services.households.families import statements

PUBLIC_URL = "https://usrati.example"
INCHES = {"a4": "595.276 x 841.89", "a5": "419.528 x 595.276"}


@pytest.fixture
def sent(open_portal: OpenPortal) -> Portal:
    return open_portal("sent")


def code_of(portal: Portal, locale: str = "fr", kind: str = "receipt") -> str:
    with portal.database.reading() as session:
        return session.scalars(sa.select(IssuedPaper.code).filter_by(locale=locale, kind=kind)).one()


def check(portal: Portal, code: str, query: str = "", **headers: str) -> Page:
    """What a visitor sees at the address of the paper; the page is sound."""
    path = f"/v/{code}{query}"
    answer = portal.app.test_client().get(path, headers={"Accept-Language": "fr", **headers})
    page = Page(path, answer.status_code, answer.headers, answer.data)
    assert faults_of(page) == []
    return page


def run_on(made: bytes, folder: Path, command: str, *options: str) -> str:
    """What one of poppler's commands says of a PDF; it must have nothing to complain of."""
    path = folder / "paper.pdf"
    path.write_bytes(made)
    output = ["-"] if command == "pdftotext" else []
    return subprocess.run([command, *options, path, *output], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_receipt_is_one_page_in_the_familys_language(sent: Portal, tmp_path: Path, language: str) -> None:
    page = sent.family(language=language).get(f"/requests/{sent.reference}/receipt.pdf")
    assert (page.status, page.headers["Content-Type"]) == (200, "application/pdf")
    assert page.headers["Cache-Control"] == "no-store"
    text = run_on(page.body, tmp_path, "pdftotext", "-layout")
    code = code_of(sent, language)
    for expected in (format_reference(sent.reference), format_code(code), f"/v/{code}", "0800 00 00 00", "2026"):
        assert expected in text
    fonts = run_on(page.body, tmp_path, "pdffonts")
    assert {"ar": "NotoSansArabic", "fr": "NotoSans-", "zgh": "NotoSansTifinagh"}[language] in fonts
    assert found_in(text) == []


def test_a_french_receipt_says_when_and_what_next(sent: Portal, tmp_path: Path) -> None:
    page = sent.family().get(f"/requests/{sent.reference}/receipt.pdf")
    text = " ".join(run_on(page.body, tmp_path, "pdftotext").split())
    for key in ("We received your request", "What happens next", "Free help:", "Key of the signature:"):
        assert said(key) in text
    assert said("Received on %(when)s", when=EARLIER) in text
    assert "avant le 25 juin 2026" in text


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_fits_one_page_of_either_size(sent: Portal, tmp_path: Path, size: str, language: str) -> None:
    page = sent.family(language=language).get(f"/requests/{sent.reference}/receipt.pdf?paper={size}")
    told = " ".join(run_on(page.body, tmp_path, "pdfinfo").split())
    assert "Pages: 1 " in told
    assert f"Page size: {INCHES[size]}" in told


def test_another_size_is_no_page(sent: Portal) -> None:
    assert sent.family().get(f"/requests/{sent.reference}/receipt.pdf?paper=../a4").status == 404


def test_what_people_wrote_is_printed_and_never_run(tmp_path: Path) -> None:
    nasty = '#panic("run") $x^2$ *bold* \\ @cite <label> "] #data ‮ // /* ⵣ'
    words = dict.fromkeys(
        (
            *("title", "brand", "kind", "reference_label", "received", "next_title", "next_step", "news", "free"),
            *("follow_title", "follow", "follow_address", "help_label", "help_phone", "check", "check_address"),
            *(
                "code",
                "issued",
                "key_label",
                "key",
                "fingerprint_label",
                "fingerprint",
                "invented",
                "unofficial",
                "reference",
            ),
        ),
        nasty,
    )
    made = set_paper(
        "receipt", {**words, "language": "fr", "direction": "ltr", "paper": "a4", "qr": square_code(nasty)}
    )
    assert '#panic("run") $x^2$ *bold*' in run_on(made, tmp_path, "pdftotext")
    assert "svg" in STAR


def test_the_code_holds_the_address_and_what_verifies_without_us(
    open_portal: OpenPortal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    portal = open_portal("sent", USRATI_PUBLIC_URL=PUBLIC_URL, USRATI_ENV="demo")
    drawn: list[str] = []
    monkeypatch.setattr("portal.printing.square_code", lambda text: drawn.append(text) or square_code(text))
    client = portal.family().browser.client
    client.set_cookie("__Host-usrati", client.get_cookie("usrati").value, secure=True)
    answer = client.get(f"/fr/requests/{portal.reference}/receipt.pdf", base_url="https://localhost")
    assert answer.status_code == 200
    (text,) = drawn
    address, _, payload = text.partition("#")
    assert address == f"{PUBLIC_URL}/v/{code_of(portal)}"
    with portal.database.reading() as session:
        keys = {key.key_id: key.public for key in published_keys(session)}
    assert verify_square(text, keys=keys).kind.name == "receipt"
    assert found_in(urlsafe_b64decode(payload).decode("latin-1")) == []


def test_opening_the_receipt_writes_nothing_and_reads_little(sent: Portal) -> None:
    walker, request = sent.family(), f"/requests/{sent.reference}"
    for path in (f"{request}/receipt", f"{request}/receipt.pdf"):
        with statements(sent.database) as seen:
            walker.get(path)
        run = [one for one in seen if not one.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA"))]
        assert all(one.startswith("SELECT") for one in run)
        assert len(run) <= 3


def test_the_receipt_page_leads_to_the_paper_where_there_is_one(sent: Portal) -> None:
    links = [link.get("href") for link in sent.family().get(f"/requests/{sent.reference}/receipt").all("a")]
    assert f"/fr/requests/{sent.reference}/receipt.pdf" in links
    with sent.database.writing() as session:
        session.execute(sa.delete(IssuedPaper))
    walker = sent.family()
    assert "receipt.pdf" not in walker.get(f"/requests/{sent.reference}/receipt").text
    assert walker.get(f"/requests/{sent.reference}/receipt.pdf").status == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_anyone_learns_that_a_paper_is_genuine_and_nothing_personal(sent: Portal, language: str) -> None:
    for page in (
        check(sent, code_of(sent, "ar"), f"?lang={language}"),
        check(sent, format_code(code_of(sent)).lower(), **{"Accept-Language": language}),
    ):
        assert (page.status, page.heading) == (200, said("This paper is genuine", language))
        assert said("Receipt of a request", language) in page.words
        assert said("Issued on %(day)s", language, day=EARLIER.date()) in page.words
        assert found_in(page.text) == []
        assert sent.reference not in page.text
        assert format_reference(sent.reference) not in page.text


@pytest.mark.parametrize("code", ["7KQ29XMP4DACHJR2", "hello", "%F0%9F%A6%8A", "A" * 300, "%00"])
def test_any_other_code_is_unknown(sent: Portal, code: str) -> None:
    page = check(sent, code)
    assert (page.status, page.heading) == (404, said("We do not know this paper"))


def test_the_languages_of_the_page_lead_to_the_same_paper(sent: Portal) -> None:
    code = code_of(sent)
    offered = {link.get("href") for link in check(sent, code).all("a")}
    assert {f"/v/{code}?lang={language}" for language in LANGUAGES} <= offered


def test_a_changed_paper_is_unknown_and_an_old_key_still_speaks(sent: Portal) -> None:
    code = code_of(sent)
    with sent.database.writing() as session:
        rotate_signing_key(session, now=NOW + timedelta(days=1))
    assert check(sent, code).status == 200
    with sent.database.writing() as session:
        paper = session.scalars(sa.select(IssuedPaper).where(IssuedPaper.code == code)).one()
        paper.signature = bytes([paper.signature[0] ^ 1]) + paper.signature[1:]
    assert check(sent, code).status == 404
