"""Several workers make documents side by side, bounded, and one that fails leaves the others alone."""

import threading
from collections.abc import Iterator

import pytest

from procure.config import SettingMissing, from_environment
from procure.infra import pdf
from procure.infra.pdf import Job, PdfFailed, Pool

HEAD = '<html lang="fi"><head><title>T</title></head><body><h1>Otsikko</h1>'
ENDLESS = "<p>" + "<span>" * 200 + "word " * 400_000 + "</p>"


def job(text: str) -> Job:
    return Job(f"{HEAD}{text}</body></html>", "fi", "Otsikko", ())


@pytest.fixture
def pool() -> Iterator[Pool]:
    made = Pool(2)
    yield made
    made.close()


def test_two_documents_are_made_by_two_processes_and_one_after_another_by_one(pool: Pool) -> None:
    assert pool.make(job("<p>a</p>"))[:5] == b"%PDF-"
    assert pool.make(job("<p>b</p>"))[:5] == b"%PDF-"
    assert len([one for one in pool.workers if one.runs]) == 1

    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(pool.make(job(f"<p>{'words ' * 3000}</p>")))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 2
    assert found[0] == found[1], "the same words give the same bytes, whichever process makes them"
    assert len([one for one in pool.workers if one.runs]) == 2


def test_who_comes_when_too_many_wait_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST_WAITING", 0)
    small = Pool(1)
    small._places.acquire()  # somebody whose document is being made

    with pytest.raises(PdfFailed, match="busy too many wait"):
        small.make(job("<p>a</p>"))

    small._places.release()
    assert small.make(job("<p>a</p>"))[:5] == b"%PDF-"
    small.close()


def test_a_document_that_fails_leaves_the_pool_working() -> None:
    small = Pool(1, seconds=2)
    with pytest.raises(PdfFailed, match="time"):
        small.make(job(ENDLESS))
    small._seconds = 60
    assert small.make(job("<p>a</p>"))[:5] == b"%PDF-"
    small.close()


def test_a_pool_that_changes_its_size_ends_the_workers_it_had() -> None:
    changing = Pool(1)
    changing.make(job("<p>a</p>"))
    (before,) = changing.workers
    changing.resize(2)
    assert not before.runs
    assert len(changing.workers) == 2
    assert changing.make(job("<p>a</p>"))[:5] == b"%PDF-"
    changing.close()


@pytest.mark.parametrize("given", ["0", "17", "two", "-1"])
def test_a_setting_that_is_no_such_number_stops_the_start(given: str) -> None:
    with pytest.raises(SettingMissing, match="PDF_WORKERS"):
        from_environment({"PDF_WORKERS": given})
