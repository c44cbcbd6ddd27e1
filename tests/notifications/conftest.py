"""Mail for the tests below."""

from collections.abc import Iterator

import pytest

from tests.infra import smtp


@pytest.fixture
def server() -> Iterator[smtp.Server]:
    with smtp.serving() as found:
        yield found
