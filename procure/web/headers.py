"""Strict orders to browsers and caches, on every answer."""

from typing import Final

from flask import Flask, Response, request

TEMPLATE_SCRIPT: Final = "sha256-GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw="
"""The one inline script: the layout's line that tells style sheets that scripts run."""

POLICY: Final = (
    "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; connect-src 'self'; font-src 'self'; "
    f"img-src 'self'; style-src 'self'; script-src 'self' '{TEMPLATE_SCRIPT}'"
)
YEAR: Final = "public, max-age=31536000, immutable"


def register(app: Flask, secure: bool) -> None:
    def orders(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", POLICY)  # a file that somebody sent comes with a stricter one
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        if secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        versioned = request.endpoint == "static" and "v" in request.args and response.status_code == 200
        if not response.cache_control.private:  # a calendar may be kept by the one program that reads it, and says so itself
            response.headers["Cache-Control"] = YEAR if versioned else "no-store"
        return response

    app.after_request(orders)
