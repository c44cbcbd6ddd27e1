"""Our own words and numbers stand in a statement as they are; nothing else can."""

import pytest
from sqlalchemy import column, select

from procure.infra.db import as_written


@pytest.mark.parametrize(("value", "written"), [("asked_back", "'asked_back'"), ("", "''"), (26, "26")])
def test_a_word_or_number_of_our_own_is_part_of_the_statement_and_no_parameter(value, written):
    compiled = select(column("x")).where(column("x") == as_written(value)).compile()
    assert str(compiled).endswith(f"= {written}")
    assert compiled.params == {}


@pytest.mark.parametrize("given", ["it's", "x; DROP TABLE cases", "two words", "'", "ä-b", "1"])
def test_what_is_no_word_of_ours_is_refused(given):
    with pytest.raises(ValueError, match="not a word of our own"):
        as_written(given)
