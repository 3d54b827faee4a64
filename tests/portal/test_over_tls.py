"""What is promised to a browser that came over TLS, and only then."""

from tests.portal.conftest import OpenPortal

HEADER = "Strict-Transport-Security"


def test_a_browser_that_came_over_tls_comes_back_over_tls(open_portal: OpenPortal) -> None:
    secure = open_portal("enrolled", USRATI_PUBLIC_URL="https://usrati.example")
    assert "max-age=31536000" in secure.visitor().get("/").headers[HEADER]
    assert HEADER not in open_portal("enrolled").visitor().get("/").headers
