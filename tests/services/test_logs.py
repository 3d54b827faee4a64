"""What the log keeps of what went wrong, and what it leaves out."""

import json
import logging
import subprocess
import sys

import pytest

from services.logs import plain_message

# In a process of its own: it decides for the whole process.
WRITE_EACH_KIND = """
import logging, structlog, warnings
from structlog.contextvars import bind_contextvars
from services.logs import configure_logs
configure_logs()
bind_contextvars(request_id="abcd1234")
log = structlog.get_logger()
log.info("request", endpoint="public.home", status=200)
try:
    int("Fatima Zahra")
except ValueError:
    log.exception("request_failed")
    logging.getLogger("sqlalchemy.pool").exception("Error closing %s", "Fatima Zahra")
logging.getLogger("dbos").warning("Recovering %d workflows of %s", 3, "Fatima Zahra")
logging.getLogger("dbos").info("small talk")
"""


@pytest.fixture(scope="module")
def lines() -> list[dict[str, object]]:
    run = subprocess.run([sys.executable, "-c", WRITE_EACH_KIND], capture_output=True, text=True, check=True)
    assert run.stderr == ""
    return [json.loads(line) for line in run.stdout.splitlines()]


def test_each_line_is_json_with_its_moment_and_its_request(lines: list[dict[str, object]]) -> None:
    assert [line["event"] for line in lines] == [
        "request",
        "request_failed",
        "Error closing …",
        "Recovering 3 workflows of …",
    ]
    assert {line["request_id"] for line in lines} == {"abcd1234"}
    assert [line["level"] for line in lines] == ["info", "error", "error", "warning"]
    assert all(str(line["at"]).endswith("Z") for line in lines)


def test_an_exception_is_named_by_kind_and_place_and_never_quoted(lines: list[dict[str, object]]) -> None:
    assert [(line["error"], line["where"]) for line in lines if "error" in line] == [("ValueError", "<string>:10")] * 2
    assert "Fatima" not in json.dumps(lines)


@pytest.mark.parametrize(
    ("message", "arguments", "kept"),
    [
        ("Worker (pid:%s) exited with code %s.", (71, 3), "Worker (pid:71) exited with code 3."),
        ("Error handling request %s %s", ("GET", "/fr/requests/7KQ29XMP4D"), "Error handling request … …"),
        ("Invalid request from ip=192.0.2.1: bad header b'Fatima'", (), "Invalid request"),
        ("a %d that is no number", ("x",), "a %d that is no number"),
        ("100 %", (), "100 %"),
        (ValueError("Fatima"), (), "ValueError"),
    ],
)
def test_a_library_says_what_happened_and_not_to_whom(
    message: object, arguments: tuple[object, ...], kept: str
) -> None:
    record = logging.LogRecord("gunicorn.error", logging.WARNING, "", 0, message, arguments, None)  # type: ignore[arg-type]
    assert plain_message(record) == kept
