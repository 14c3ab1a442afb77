"""Finding conversations by the words in them, as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.attachments import Attachment
from app.domain.messages import Message, Thread
from app.domain.searching import found, passages

LETTER = Attachment(id="b1", name="lahete.pdf", content_type="application/pdf", size=1)
QUESTION = Message(id="m1", thread_id="t1", mine=True, text="Voisinko saada reseptin uusittua? Yskä jatkuu.")
ANSWER = Message(
    id="m2",
    thread_id="t1",
    mine=False,
    sender_name="Sari Åberg",
    sender_role="sairaanhoitaja",
    text="Hei, " + "uusimme sen tänään. " * 10 + "Käy tarvittaessa röntgenissä.",
    attachments=(LETTER,),
)
THREAD = Thread(id="t1", subject="Pitkittynyt yskä", service_id="s1", messages=(QUESTION, ANSWER))
SERVICE = "Keskustan terveysasema"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("resepti", "m1"),
        ("reseptiäni", "m1"),
        ("YSKA", "m1"),
        ("aberg", "m2"),
        ("Sairaanhoitaja", "m2"),
        ("lahete", "m2"),
        ("yskä röntgen", "m2"),
        ("pitkittynyt", None),
        ("terveysasema", None),
    ],
)
def test_a_word_is_found_wherever_it_is(query: str, message: str | None) -> None:
    """In messages, names, roles, files, the subject and the service; in any case, form and spelling of dots."""
    hit = found(THREAD, passages(THREAD, SERVICE), query)

    assert hit is not None
    assert (hit.message.id if hit.message else None) == message


@pytest.mark.parametrize("query", ["", "  ", "?!", "hammas", "yskä hammas", "epti"])
def test_every_word_must_be_there(query: str) -> None:
    """And something must be asked."""
    assert found(THREAD, passages(THREAD, SERVICE), query) is None


def test_the_piece_shown_has_the_word_in_it() -> None:
    """Cut between words, not longer than a line or two."""
    hit = found(THREAD, passages(THREAD, SERVICE), "röntgenissä")

    assert hit is not None
    assert "röntgenissä" in hit.snippet
    assert hit.snippet.startswith("… ")
    assert len(hit.snippet) < 160


@given(st.text(max_size=400), st.text(min_size=1, max_size=8))
def test_no_text_and_no_query_breaks_it(text: str, query: str) -> None:
    """Whatever somebody writes or searches for."""
    thread = Thread(id="t", messages=(Message(id="m", thread_id="t", mine=True, text=text),))
    hit = found(thread, passages(thread, ""), query)

    assert hit is None or len(hit.snippet) <= 160
