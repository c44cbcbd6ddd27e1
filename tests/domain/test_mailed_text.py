"""An answer by mail is what its sender wrote: each program's way of quoting is left out, and nothing that was written is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procure.domain.mailed_text import reply_text, text_of_html

ANSWER = "Kyllä, optiot sisältyvät hintaan.\n\nTerveisin Maija"

QUOTES = {
    "gmail_fi": "to 3. jouluk. 2026 klo 10.15 Procure (procure@procure.example) kirjoitti:\n\n> T-0012: asiantuntijalla on kysymys\n> x",
    "gmail_fi_broken": "to 3. jouluk. 2026 klo 10.15 Procure <procure@procure.example>\nkirjoitti:\n\n> T-0012\n",
    "gmail_sv": "Den tors 3 dec. 2026 kl 10:15 skrev Procure <procure@procure.example>:\n\n> T-0012\n",
    "gmail_en": "On Thu, Dec 3, 2026 at 10:15 AM Procure <procure@procure.example> wrote:\n\n> T-0012\n",
    "gmail_en_broken": "On Thu, Dec 3, 2026 at 10:15 AM Procure <\nprocure@procure.example> wrote:\n\n> T-0012\n",
    "thunderbird_fi": "Procure kirjoitti 3.12.2026 klo 10.15:\n> T-0012\n",
    "thunderbird_sv": "Den 2026-12-03 kl. 10:15, skrev Procure:\n> T-0012\n",
    "outlook_fi": "-----Alkuperäinen viesti-----\nLähettäjä: Procure\nLähetetty: torstai 3. joulukuuta 2026 10.15\nAihe: T-0012\n\nteksti",
    "outlook_sv": "-----Ursprungligt meddelande-----\nFrån: Procure\nÄmne: T-0012\n\ntext",
    "outlook_en": "-----Original Message-----\nFrom: Procure\nSubject: T-0012\n\ntext",
    "outlook_headers_fi": "Lähettäjä: Procure <procure@procure.example>\nLähetetty: torstai 3. joulukuuta 2026 10.15\n"
    "Vastaanottaja: Maija\nAihe: T-0012\n\nteksti",
    "outlook_headers_sv": "Från: Procure\nSkickat: den 3 december 2026 10:15\nTill: Maija\nÄmne: T-0012\n\ntext",
    "outlook_headers_en": "From: Procure\nSent: Thursday, December 3, 2026 10:15 AM\nTo: Maija\nSubject: T-0012\n\ntext",
    "outlook_line": "________________________________\nFrom: Procure\nSent: x\n\ntext",
    "only_marks": "> T-0012: asiantuntijalla on kysymys\n> https://procure.example/support/12",
}


@pytest.mark.parametrize("name", QUOTES)
def test_the_letter_that_is_answered_is_left_out(name: str) -> None:
    assert reply_text(f"{ANSWER}\n\n{QUOTES[name]}") == ANSWER


@pytest.mark.parametrize("name", QUOTES)
def test_a_letter_sent_back_with_nothing_written_is_nothing(name: str) -> None:
    assert reply_text(QUOTES[name]) == ""


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nMaija Meikäläinen\nTampereen kaupunki",
        "--\nMaija",
        "Lähetetty iPhonesta",
        "Skickat från min iPhone",
        "Sent from my iPhone",
        "Hanki Outlook for Android",
        "Get Outlook for iOS",
    ],
)
def test_a_signature_is_left_out(signature: str) -> None:
    assert reply_text(f"Kyllä.\n\n{signature}") == "Kyllä."


def test_an_answer_written_between_quoted_lines_is_kept() -> None:
    text = "On Thu, Dec 3, 2026 at 10:15 AM A <a@b.example> wrote:\n> Are options included?\n\nYes.\n\n> And VAT?\n\nNo.\n"
    assert reply_text(text) == "Yes.\n\nNo."


@pytest.mark.parametrize(
    "text",
    [
        "The supplier wrote: we cannot deliver.\nWhat now?",
        "Toimittaja kirjoitti: emme voi toimittaa.",
        "From: the need came from the users.\nThey asked for less noise.",
        "Terveisiä Tampereelta",
        "1) yes\n2) no - see -- below",
    ],
)
def test_own_words_that_look_a_little_like_a_quotation_are_kept(text: str) -> None:
    assert reply_text(text) == text


@given(st.text(max_size=300))
def test_any_text_gives_an_answer_and_never_more_than_was_written(text: str) -> None:
    assert len(reply_text(text)) <= len(text)


def test_html_becomes_lines_without_what_it_quotes() -> None:
    html = (
        "<html><head><style>p{color:red}</style></head><body><p>Kyll&auml;,<br>optiot <b>kuuluvat</b> hintaan.</p><ul><li>yksi</li></ul>"
        '<div class="gmail_quote"><div>to 3.12.2026 kirjoitti:</div><blockquote>T-0012</blockquote></div></body></html>'
    )
    assert text_of_html(html) == "Kyllä,\noptiot kuuluvat hintaan.\n\n• yksi"


def test_html_of_outlook_ends_where_the_letter_begins() -> None:
    html = (
        '<div>Ja, det ingår.</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">Från: Procure</div><div>T-0012</div>'
    )
    assert text_of_html(html) == "Ja, det ingår."


@given(st.text(alphabet="<>/=\"' abpdivrlockqute&;!-", max_size=200))
def test_any_html_gives_text(html: str) -> None:
    assert "\n\n\n" not in text_of_html(html)
