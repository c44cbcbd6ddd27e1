"""A procurement from need to contract, and one cancelled and reopened, as the people of two cities live through them in a browser."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from procure.infra import clock
from tests.journeys.conftest import Service
from tests.journeys.walking import Walker, arrive, check_all, in_words, invited, letters, pdf

pytestmark = pytest.mark.browser

OFFICER, MANAGER, COLLEAGUE = "officer@tampere.example", "manager@tampere.example", "veikko.vara@tampere.example"
VAASA_OFFICER, VAASA_MANAGER = "officer@vaasa.example", "maria.modell@vaasa.example"
TITLE = "Yöllinen turva-auttaminen kotona"
ADDED, TASK, MENTIONED = "olet hankinnan tiimissä", "sinulle on tehtävä", "sinut on mainittu muistiinpanossa"
TO_DECIDE, DECIDED, HANDED_OVER = "esteellisyys on ratkaistava", "esteellisyytesi on ratkaistu", "hankinta on siirretty"
ASKED, APPROVED, CHANGES = "hyväksyntääsi pyydetään", "hyväksytty", "muutoksia pyydetään"
VOID = "hyväksyntä ei ole enää voimassa"
OPTIONAL = ("prior_art", "market_consultation", "business_case")


@pytest.fixture
def walk(browser: Browser, service: Service) -> Iterator[type]:
    """Make walkers; they leave when the test ends."""
    here: list[Walker] = []

    class Here(Walker):
        def __init__(self, language: str, **how: object) -> None:
            super().__init__(browser, service, language, **how)  # type: ignore[arg-type]
            here.append(self)

    yield Here
    for walker in here:
        walker.close()


def ago(days: int) -> date:
    return clock.today() - timedelta(days=days)


def open_case(officer: Walker, title: str, kind: str, amount: str) -> str:
    """Three answers start a case; its reference."""
    officer.does("/cases/new", title=title, contract_kind=kind, value_amount=amount)
    found = re.search(r"/cases/([A-Z]+-\d{4}-\d{4,})/answers", officer.page.url)
    assert found, officer.page.url
    return found.group(1)


def answer_the_need(officer: Walker, case: str, need: str) -> None:
    officer.does(f"{case}/answers/need/problem", need=need)
    officer.does(f"{case}/answers/users/users", users="1 200 asiakasta, yöpartio.", desired_outcome="Apu tulee 20 minuutissa.")
    officer.does(f"{case}/answers/risks/risks", risks="Yhteys katkeaa.")
    officer.does(f"{case}/answers/team/team", owner="Hyvinvointipalvelut", decision_maker="Lautakunta", responsible_team="Kaksi.")


def opened_earlier(officer: Walker, case: str, on: date) -> None:
    """The case was opened on an earlier day than it was recorded: the first entry is corrected."""
    officer.does(f"{case}/history/1/correct", happened_on=on, reason="Asia pantiin vireille jo aiemmin.")


def complete(officer: Walker, case: str, stage: str, on: date, **more: Any) -> None:
    """Confirm whatever is left to confirm, and pass the stage on that day."""
    officer.go(f"{case}/stages/{stage}/complete")
    check_all(officer.page, "confirmed")
    officer.send(happened_on=on, **more)
    assert officer.page.url.endswith(case), f"{stage} was not passed: {officer.main()}"


def skip_what_may_be(officer: Walker, case: str, on: date) -> None:
    for stage in OPTIONAL:
        officer.does(f"{case}/stages/{stage}/skip", happened_on=on, reason="Tehtiin jo edellisessä hankkeessa.")


def test_a_case_goes_from_need_to_contract_with_everybody_who_has_a_part_in_it(
    walk: type, service: Service, tmp_path: Path
) -> None:
    officer, manager = walk("fi"), walk("en", width=390)
    officer.sign_in(OFFICER)
    manager.sign_in(MANAGER)
    colleague = walk("en", scripts=False)
    invited(colleague, COLLEAGUE, "officer", "837", "Veikko Vara")
    colleague.does("/account/notifications", mention="at_once")  # where nobody chooses, mentions come once a day
    reference = open_case(officer, TITLE, "social_health_services", "650 000")
    case = f"/cases/{reference}"

    the_team_gets_to_work(officer, manager, colleague, case)
    the_need_and_the_plan(officer, manager, case)
    the_case_rests_and_goes_on(officer, colleague, case)
    tenders_come_in(officer, case)
    tender_material_opens_only_after_a_declaration(officer, manager, colleague, case)
    the_award_takes_four_eyes(officer, manager, case)
    the_contract_waits_for_the_standstill(officer, colleague, case)

    everything_stands_in_the_history(manager, case)
    the_history_taken_along_is_the_one_kept(manager, case, tmp_path)
    every_page_fits_a_phone(manager, case)
    arrive(service, reference, COLLEAGUE, ADDED, TASK, MENTIONED, DECIDED, HANDED_OVER)
    arrive(service, reference, MANAGER, ADDED, TO_DECIDE, ASKED, ASKED, VOID, ASKED)
    arrive(service, reference, OFFICER, CHANGES, APPROVED, VOID, APPROVED, HANDED_OVER)
    assert all(TITLE not in subject for to in (OFFICER, MANAGER, COLLEAGUE) for subject in letters(service, reference, to))
    service.run("verify")  # raises when any history is broken


def the_team_gets_to_work(officer: Walker, manager: Walker, colleague: Walker, case: str) -> None:
    opened_earlier(officer, case, ago(75))
    officer.does(f"{case}/team/add?q=Malli", person="Mikko Malli", part="member")
    officer.does(f"{case}/team/add?q=Vara", person="Veikko Vara", part="member")
    officer.does(f"{case}/tasks/new", title="Kysy hinta kolmelta", owner="Veikko Vara", due_on=ago(-5))
    officer.go(f"{case}/team")
    officer.send("form[action$='/notes']", text="@Veikko Vara, katso riskit ennen perjantaita.")
    assert "katso riskit" in officer.main()

    colleague.go("/")
    assert "Kysy hinta kolmelta" in colleague.main(), "what waits stands in one's own work"
    colleague.go(f"{case}/team")
    assert "katso riskit" in colleague.main()
    colleague.send("form[action$='/done']")
    colleague.go("/")
    assert "Kysy hinta kolmelta" not in colleague.main()

    officer.does(f"{case}/attachments/new", caption="Tarvekartoituksen muistio", file=pdf("muistio"))
    officer.does(f"{case}/attachments/1/version", news="Liitteet mukana", file=pdf("muistio-2"))
    manager.go(f"{case}/attachments")
    with manager.page.expect_download() as download:
        manager.page.locator("a[href$='/attachments/1/2/muistio-2.pdf']").first.click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")


def the_need_and_the_plan(officer: Walker, manager: Walker, case: str) -> None:
    answer_the_need(officer, case, "Yöllä pyydetään apua, ja lähin partio on usein kaukana.")
    officer.does(f"{case}/gate/users_heard/tick", happened_on=ago(73), note="Kuultu kahdessa illassa.")
    officer.go(f"{case}/stages/need/complete")
    assert "Kuultu kahdessa illassa." in officer.main()
    complete(officer, case, "need", ago(70))
    skip_what_may_be(officer, case, ago(68))

    officer.does(f"{case}/answers/value/estimate", value_method="Kolme tarjousta edelliseltä kaudelta.")
    officer.go(f"{case}/advice")
    officer.does(
        f"{case}/advice/choose/light_regime", happened_on=ago(66), reason="Palvelu on liitteen E palvelu ja ylittää kynnysarvon."
    )
    officer.go(f"{case}/stages/plan/complete")
    officer.send(happened_on=ago(64))
    officer.refused()
    manager.does(f"{case}/gate/plan_complete/waive", reason="The plan of the whole department covers it.")
    manager.go(f"{case}/gate")
    assert "The plan of the whole department covers it." in manager.main()
    complete(officer, case, "plan", ago(64))


def the_case_rests_and_goes_on(officer: Walker, colleague: Walker, case: str) -> None:
    officer.does(f"{case}/hold", happened_on=ago(63), reason="Määräraha ratkeaa valtuustossa.", expected_on=ago(-10))
    officer.go(case)
    assert "Määräraha ratkeaa valtuustossa." in officer.main()
    officer.page.goto(f"{case}/stages/contract_notice/complete")
    assert not officer.page.url.endswith("/complete"), "a case on hold passes no stage"
    colleague.does(f"{case}/resume", happened_on=ago(60), note="Määräraha on.")


def tenders_come_in(officer: Walker, case: str) -> None:
    complete(officer, case, "contract_notice", ago(58))
    complete(officer, case, "tender_period", ago(44))
    for number, stage in enumerate(("suitability", "compliance", "comparison")):
        complete(officer, case, stage, ago(42 - number))


def tender_material_opens_only_after_a_declaration(officer: Walker, manager: Walker, colleague: Walker, case: str) -> None:
    officer.does(f"{case}/attachments/new", caption="Tarjousten vertailu", tender_material=True, file=pdf("vertailu"))
    assert "vertailu.pdf" not in officer.main(), "tender material is closed until one has declared"
    officer.does(f"{case}/declaration", outcome="none")
    officer.go(f"{case}/attachments")
    assert "vertailu.pdf" in officer.main()

    colleague.go(f"{case}/attachments")
    assert "vertailu.pdf" not in colleague.main()
    colleague.does(f"{case}/declaration", outcome="conflict", text="My cousin works for one of those who tender.")
    colleague.go(f"{case}/attachments")
    assert "vertailu.pdf" not in colleague.main()
    manager.go(f"{case}/declarations")
    manager.page.locator("main a[href*='/declarations/']").first.click()
    manager.look()
    manager.send(answer="open", reason="The cousin drives a bus and knows nothing of the tender.")
    colleague.go(f"{case}/attachments")
    assert "vertailu.pdf" in colleague.main()


def the_award_takes_four_eyes(officer: Walker, manager: Walker, case: str) -> None:
    officer.go(f"{case}/stages/award_decision/complete")
    check_all(officer.page, "confirmed")
    officer.send(happened_on=ago(38))
    officer.refused("Jonkun muun on ensin hyväksyttävä hankintapäätös")

    ask_the_manager(officer, case, f"{case}/approvals/new?about=award")
    manager.go("/")
    assert f"{case}/approvals/1" in manager.page.content(), "what waits for the manager stands in their own work"
    manager.does(f"{case}/approvals/1", saying="changes_asked", words="Say why the second tender is better.")
    ask_the_manager(officer, case, f"{case}/approvals/new?again=1")
    manager.does(f"{case}/approvals/2", saying="given")
    officer.does(f"{case}/answers/value/estimate", value_amount="690 000")
    officer.go(f"{case}/approvals/2")
    assert re.search(r"650\D000.* → .*690\D000", officer.main()), "what the approval stood on has changed"
    officer.go(f"{case}/stages/award_decision/complete")
    check_all(officer.page, "confirmed")
    officer.send(happened_on=ago(38))
    officer.refused("Jonkun muun on ensin hyväksyttävä hankintapäätös")
    ask_the_manager(officer, case, f"{case}/approvals/new?again=2")
    manager.does(f"{case}/approvals/3", saying="given")
    complete(officer, case, "award_decision", ago(38))


def ask_the_manager(officer: Walker, case: str, path: str) -> None:
    officer.does(path, person_1="Mikko Malli", due_on=ago(-3))


def the_contract_waits_for_the_standstill(officer: Walker, colleague: Walker, case: str) -> None:
    complete(officer, case, "notification", ago(36), sent_by="email", evidence="Kaikille kolmelle, diaarinumero 12.")
    officer.go(f"{case}/stages/standstill/complete")
    check_all(officer.page, "confirmed")
    officer.send(happened_on=ago(30))
    officer.refused("129 §")
    officer.does(f"{case}/team/hand-over", to="Veikko Vara", from_day=ago(0), reason="Jään vapaalle.", stays=True)

    colleague.go("/")
    assert case.removeprefix("/cases/") in colleague.main(), "the case stands among those of whoever is responsible"
    complete(colleague, case, "standstill", ago(15))
    complete(colleague, case, "report", ago(14))
    complete(colleague, case, "contract", ago(12))


def everything_stands_in_the_history(reader: Walker, case: str) -> None:
    reader.go(f"{case}/history?check=1")
    assert "The history is unbroken." in reader.main()
    said = ""
    while True:
        said += reader.main()
        older = reader.page.locator("main a[rel=next]")
        if not older.count():
            break
        older.first.click()
        reader.look()
    for words in (
        "Asia pantiin vireille jo aiemmin.", "Veikko Vara", "Kysy hinta kolmelta", "Kuultu kahdessa illassa.",
        "The plan of the whole department covers it.", "Määräraha ratkeaa valtuustossa.", "Määräraha on.", "Tarvekartoituksen muistio",
        "Say why the second tender is better.", "Jään vapaalle.",
    ):  # fmt: skip
        assert words in said, f"the history does not tell: {words}"


def the_history_taken_along_is_the_one_kept(reader: Walker, case: str, folder: Path) -> None:
    reader.go(f"{case}/history")
    with reader.page.expect_download() as download:
        reader.page.locator(f"a[href^='{case}/history.jsonl']").first.click()
    download.value.save_as(folder / "history.jsonl")
    reader.service.run("verify", "--export", str(folder / "history.jsonl"))  # raises when an entry of it is other now


def every_page_fits_a_phone(manager: Walker, case: str) -> None:
    pages = (
        "", "/gate", "/approvals", "/approvals/new", "/approvals/2", "/declaration", "/declarations", "/declarations/2", "/hold",
        "/team", "/attachments", "/attachments/new", "/tasks/new", "/team/add", "/team/hand-over", "/history",
    )  # fmt: skip
    for path in pages:
        manager.go(f"{case}{path}")
    for path in ("/", "/account/notifications", "/account/absence", "/city/gates"):
        manager.go(path)


def test_a_case_is_cancelled_and_reopened_and_a_stage_of_it_has_a_second_round(walk: type, service: Service) -> None:
    officer = walk("sv", width=390)
    officer.sign_in(VAASA_OFFICER)
    manager = walk("sv", scripts=False)
    invited(manager, VAASA_MANAGER, "manager", "905", "Maria Modell")
    reference = open_case(officer, "Energilager för hamnens elbussar", "services", "350 000")
    case = f"/cases/{reference}"
    opened_earlier(officer, case, ago(60))
    answer_the_need(officer, case, "Laddningen skapar effekttoppar.")
    complete(officer, case, "need", ago(58))
    skip_what_may_be(officer, case, ago(57))
    officer.does(f"{case}/answers/object/kind", **{"cpv-0-code": "31154000"})
    officer.does(f"{case}/answers/value/estimate", value_method="Tre preliminära bedömningar.")
    officer.does(f"{case}/advice/choose/competitive_dialogue", happened_on=ago(56), reason="Lösningen går inte att beskriva.")
    manager.does(f"{case}/gate/plan_complete/waive", reason="Planen finns i investeringsprogrammet.")
    complete(officer, case, "plan", ago(55))
    complete(officer, case, "contract_notice", ago(54))

    it_is_cancelled(officer, case)
    it_is_reopened(officer, manager, case)
    its_dialogue_has_a_second_round(officer, manager, case)

    officer.go(f"{case}/history?check=1")
    for words in ("Ingen anmälde sig i tid.", "Två företag bad om längre tid.", "Båda företagen vill se hamnen."):
        assert words in officer.main(), f"the history does not tell: {words}"
    assert officer.page.locator(".p-check").count() == 1
    assert officer.page.locator(".p-check--broken").count() == 0
    assert "Jag också." not in officer.main(), "of two who reopen it at once, one does"
    service.run("verify")  # raises when any history is broken


def listed(reader: Walker, case: str, scope: str) -> str:
    """The row of the case in the list of cases that are open or finished; "" when it is not there."""
    reader.go(f"/cases?order=newest&scope={scope}")
    rows = reader.page.locator("main tr").filter(has=reader.page.locator(f"a[href='{case}']"))
    return rows.first.inner_text() if rows.count() else ""


def it_is_cancelled(officer: Walker, case: str) -> None:
    officer.go(f"{case}/cancel")
    assert officer.page.locator("[name=published][value=yes]").is_checked(), "the stages tell that a notice has been published"
    officer.send(happened_on=ago(40), ground="no_tenders")
    assert officer.status == 422, "a cancelling has its reason"
    assert officer.page.locator("[name=ground][value=no_tenders]").is_checked()
    officer.send(reason="Ingen anmälde sig i tid.")
    officer.go(case)
    for words in ("Ingen anmälde sig i tid.", "125 §", "58 § 5 mom", in_words("sv", "Cancelled")):
        assert words in officer.main(), f"the page does not say: {words}"
    assert officer.page.locator(f"a[href*='{case}/stages/']").count() == 0, "no stage of it can be passed"

    assert in_words("sv", "Cancelled") in listed(officer, case, "finished")
    assert listed(officer, case, "") == ""
    officer.go(f"{case}/answers/need/problem")
    assert (
        in_words("sv", "This procurement has been cancelled. What is changed on this page changes a case that is over.")
        in officer.main()
    )


def it_is_reopened(officer: Walker, manager: Walker, case: str) -> None:
    officer.go(f"{case}/reopen")
    manager.does(f"{case}/reopen", stage="requests", happened_on=ago(35), reason="Två företag bad om längre tid.")
    officer.send(stage="requests", happened_on=ago(35), reason="Jag också.")
    assert listed(officer, case, "")
    assert listed(officer, case, "finished") == ""


def its_dialogue_has_a_second_round(officer: Walker, manager: Walker, case: str) -> None:
    for number, stage in enumerate(("requests", "selection", "invitation")):
        complete(officer, case, stage, ago(30 - number))
    officer.does(f"{case}/hold", happened_on=ago(20), reason="Juristen läser igenom frågorna.")
    officer.does(f"{case}/resume", happened_on=ago(18))
    manager.go(f"{case}/hold")
    officer.does(f"{case}/stages/dialogue/repeat", happened_on=ago(15), reason="Båda företagen vill se hamnen.")
    manager.send(happened_on=ago(15), reason="Semester.")
    manager.refused()
    officer.go(case)
    assert in_words("sv", "Round %(number)s").replace("%(number)s", "2") in officer.main()
    complete(officer, case, "dialogue", ago(10))
