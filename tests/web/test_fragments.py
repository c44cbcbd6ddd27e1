"""Parts of pages that are kept: made once for what they show, by one thread, and without what they were made from."""

import gc
import threading
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from procure.web import fragments
from procure.web.fragments import Fragment, fragment, made


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    fragments.forget()
    yield
    fragments.forget()


def test_a_part_that_many_want_at_once_is_made_once() -> None:
    times: list[int] = []
    arrived, all_here = count(1), threading.Event()

    def make() -> str:
        times.append(1)
        assert all_here.wait(30)
        return "<p>made</p>"

    def want(_number: int) -> str:
        if next(arrived) == 8:
            all_here.set()
        return str(fragment(Fragment(("part", 1), make)))

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(want, range(8))) == {"<p>made</p>"}
    assert len(times) == 1


def test_a_part_that_shows_something_else_is_another_one() -> None:
    assert fragment(Fragment(("part", 1), lambda: "one")) == "one"
    assert fragment(Fragment(("part", 2), lambda: "two")) == "two"
    assert fragment(Fragment(("part", 1), lambda: "changed")) == "one"


def test_what_is_not_to_be_kept_is_made_each_time() -> None:
    assert [made(Fragment("part", lambda text=text: text)) for text in ("one", "two")] == ["one", "two"]


def test_one_that_could_not_be_made_is_made_the_next_time() -> None:
    def fails() -> str:
        raise LookupError

    with pytest.raises(LookupError):
        fragment(Fragment("part", fails))
    assert fragment(Fragment("part", lambda: "made")) == "made"


def test_a_part_that_is_kept_holds_on_to_nothing_it_was_made_from() -> None:
    class Case:
        title = "Bins"

    case = Case()
    gone = weakref.ref(case)

    def part(of: Case) -> Fragment:
        return Fragment("part", lambda: of.title)

    assert fragment(part(case)) == "Bins"
    del case
    gc.collect()
    assert gone() is None
