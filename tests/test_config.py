"""Settings come from the environment; what is unsafe does not start."""

import stat
from pathlib import Path

import pytest

from procure.config import SettingMissing, from_environment, kept_secret

SERVER = {
    "DATABASE_URL": "postgresql://procure:secret@db.example/procure",
    "SECRET_KEY": "long enough to be one",
    "PUBLIC_URL": "https://procure.example.fi/",
}


def test_without_any_setting_there_is_an_embedded_database_and_a_key_of_its_own(tmp_path: Path) -> None:
    settings = from_environment({}, tmp_path)

    assert settings.embedded
    assert settings.database_url == f"sqlite:///{tmp_path}/instance/procure.db"
    assert settings.public_url == "http://127.0.0.1:8000"
    assert len(settings.secret_key) >= 32
    assert settings.mail_url == ""
    assert settings.storage_url == f"file://{tmp_path}/instance/storage"
    assert settings.clamav_url == ""
    assert settings.reply_domain == ""
    assert not settings.secure


def test_a_database_server_is_reached_by_the_driver_we_bring(tmp_path: Path) -> None:
    settings = from_environment(SERVER, tmp_path)

    assert settings.database_url == "postgresql+psycopg://procure:secret@db.example/procure"
    assert settings.public_url == "https://procure.example.fi"
    assert settings.secure
    assert not (tmp_path / "instance").exists(), "nothing is made that the environment gave"


@pytest.mark.parametrize("name", ["SECRET_KEY", "PUBLIC_URL"])
def test_with_a_database_server_a_missing_setting_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingMissing, match=f"^{name} is missing"):
        from_environment({**SERVER, name: ""}, tmp_path)


@pytest.mark.parametrize(("name", "value"), [
    ("SECRET_KEY", "short"), ("MAIL_URL", "http://mail.example"), ("MAIL_URL", "mail.example:25"), ("DATABASE_URL", "procure"),
    ("STORAGE_URL", "/folder"), ("STORAGE_URL", "http://host/bucket"), ("CLAMAV_URL", "127.0.0.1:3310"), ("CLAMAV_URL", "http://host"),
    ("SEAL_TIMESTAMP_URL", "stamps.example.fi"), ("SEAL_TIMESTAMP_URL", "ftp://stamps.example.fi"),
    ("SEAL_TIMESTAMP_URL", "https://"),
    ("REPLY_DOMAIN", "a b"), ("REPLY_DOMAIN", "x@y.example"),
    ("PORT", "0"), ("PORT", "65536"), ("PORT", "http"), ("PORT", "-1"), ("PORT", "٣"),
])  # fmt: skip
def test_an_unusable_setting_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingMissing, match=f"^{name} "):
        from_environment({name: value}, tmp_path)


def test_a_time_stamp_service_without_a_certificate_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(SettingMissing, match="SEAL_CERTIFICATE"):
        from_environment({"SEAL_TIMESTAMP_URL": "https://stamps.example.fi"}, tmp_path)


def test_what_opens_the_certificate_is_not_shown(tmp_path: Path) -> None:
    settings = from_environment({"SEAL_CERTIFICATE": "/seal.p12", "SEAL_PASSWORD": "not to be seen"}, tmp_path)

    assert settings.seal_password == "not to be seen"
    assert "not to be seen" not in repr(settings)


def test_the_port_is_part_of_the_address_people_are_told(tmp_path: Path) -> None:
    settings = from_environment({"PORT": "8123"}, tmp_path)

    assert (settings.port, settings.public_url) == (8123, "http://127.0.0.1:8123")


def test_a_kept_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "secret-key"
    first = kept_secret(path)

    assert kept_secret(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert kept_secret(tmp_path / "another") != first
