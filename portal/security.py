"""Headers, cookies, CSRF and sizes: what every answer and every post must respect."""

from flask import Flask, Response, current_app
from flask_wtf.csrf import CSRFProtect

from services.settings import Settings

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
A_YEAR_OVER_TLS = "max-age=31536000"
LARGEST_POST = 256 * 1024
protection = CSRFProtect()


def configure(app: Flask, settings: Settings) -> None:
    """Set Flask's own settings from ours."""
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-visit" if settings.secure_cookies else "visit",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=True,
        MAX_CONTENT_LENGTH=LARGEST_POST,
        MAX_FORM_MEMORY_SIZE=LARGEST_POST,
        COMPRESS_MIMETYPES=["text/html"],
        COMPRESS_BR_LEVEL=4,
        COMPRESS_ALGORITHM=["br", "gzip"],
    )


def init_app(app: Flask) -> None:
    """Protect every form and every answer."""
    protection.init_app(app)
    app.after_request(_add_headers)


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["SETTINGS"].secure_cookies:
        response.headers.setdefault("Strict-Transport-Security", A_YEAR_OVER_TLS)
    return response
