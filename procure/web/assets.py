"""Addresses of static files that change with their content, so that browsers may keep them for a year."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, url_for


def register(app: Flask) -> None:
    folder = Path(str(app.static_folder))

    @cache
    def asset(name: str) -> str:
        path = folder / name
        version = hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else "missing"
        return url_for("static", filename=name, v=version)

    app.jinja_env.globals["asset"] = asset
