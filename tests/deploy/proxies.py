"""The sample configurations of deploy/, started with nothing changed but names, ports and certificate."""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from tests.journeys.installation import DIES_WITH_US, free_port

DEPLOY = Path(__file__).parents[2] / "deploy"
NAME = "usrati.example"
AROUND_NGINX = """
daemon off; user root; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


@contextmanager
def nginx(folder: Path, portal: str) -> Iterator[int]:
    """The port on which nginx speaks TLS before ``portal`` (host:port)."""
    certificate, key = make_certificate(folder)
    port = free_port()
    site = changed(
        DEPLOY / "nginx.conf",
        {
            "server 127.0.0.1:8000;": f"server {portal};",
            "listen 80;": f"listen 127.0.0.1:{free_port()};",
            "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
            "/etc/ssl/usrati.crt": str(certificate),
            "/etc/ssl/usrati.key": str(key),
            "/var/log/nginx/usrati.log": str(folder / "access.log"),
            "/var/log/nginx/usrati-error.log": str(folder / "error.log"),
        },
    )
    (folder / "site.conf").write_text(site)
    (folder / "nginx.conf").write_text(AROUND_NGINX.format(folder=folder))
    with running(folder, "/usr/sbin/nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")):
        yield port


@contextmanager
def haproxy(folder: Path, portal: str) -> Iterator[int]:
    """The port on which HAProxy speaks TLS before ``portal`` (host:port)."""
    certificate, key = make_certificate(folder)
    (folder / "both.pem").write_bytes(certificate.read_bytes() + key.read_bytes())
    port = free_port()
    config = changed(
        DEPLOY / "haproxy.cfg",
        {
            "server one 127.0.0.1:8000": f"server one {portal}",
            "bind :80": f"bind 127.0.0.1:{free_port()}",
            "bind :443": f"bind 127.0.0.1:{port}",
            "/etc/ssl/usrati.pem": str(folder / "both.pem"),
        },
    )
    (folder / "haproxy.cfg").write_text(config)
    with running(folder, "/usr/sbin/haproxy", "-db", "-f", str(folder / "haproxy.cfg")):
        yield port


PROXIES = {"nginx": nginx, "haproxy": haproxy}


def changed(sample: Path, changes: Mapping[str, str]) -> str:
    """The sample with what an installation changes; all of it must be there to be changed."""
    text = sample.read_text()
    for old, new in changes.items():
        assert text.count(old) == 1, f"{sample.name} has not one {old!r}"
        text = text.replace(old, new)
    return text


@contextmanager
def running(folder: Path, *command: str) -> Iterator[None]:
    """A process whose words go to ``access.log`` (or nowhere else), ended by its own id."""
    with (folder / "said.log").open("ab") as said:
        process = subprocess.Popen([*DIES_WITH_US, *command], stdout=said, stderr=said)
        try:
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of a day for the sample's name, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now - timedelta(hours=1), now + timedelta(days=1)
    ).add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
    certificate, private = folder / "usrati.crt", folder / "usrati.key"
    certificate.write_bytes(made.sign(key, SHA256()).public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, private
