"""Forms from the list to the receipt, in all languages and ways of answering (rows F1 to F8)."""

from app.views.support import read_aloud
from tests.views.examples import County, Visit


async def test_the_list(county: County) -> None:
    """What was sent, with its sender, purpose, day, minutes and reader; what is open; what was answered."""
    screen = await county.signed_in("raija", "/forms")
    asking = {one.sender_id for one in screen.own.forms.to_do()}
    assert any(asking)
    async for _ in screen.languages():
        screen.check("forms")
        assert screen.has("forms.task")
        assert screen.has("forms.card")
        assert screen.has("forms.answer")


async def start(screen: Visit, style: str = "one") -> None:
    await screen.choose("forms.style", style)
    await screen.tap("forms.start")


async def test_one_question_at_a_time_to_the_receipt(county: County) -> None:
    """Each question by itself, looked over, sent, received with a number."""
    screen = await county.signed_in("aino", "/forms/fill/feedback")
    screen.check("forms.form")
    await start(screen)
    screen.check("forms.questions")
    await screen.choose("forms.item:about", "0")
    await screen.tap("forms.next")
    assert screen.has("forms.item:recommend")
    await screen.type("forms.item:recommend", "3")
    await screen.tap("forms.next")
    await screen.type("forms.item:why-low", "Jono oli pitkä")
    while screen.has("forms.next"):
        await screen.tap("forms.next")
    screen.check("forms.review")
    assert "Jono oli pitkä" in screen.texts
    await screen.tap("forms.send")
    screen.check("forms.answered")
    await screen.look_again()
    assert screen.says("ledger.sent")
    sent = [
        one
        for one in county.all("QuestionnaireResponse")
        if one["subject"]["reference"].endswith(county.patient("aino"))
    ]
    assert [item["linkId"] for item in sent[0]["item"]] == ["about", "recommend", "why-low"]
    assert screen.says(
        "forms.receipt",
        moment=screen.ui.format.moment(county.clock(), county.clock()),
        number=read_aloud(sent[0]["id"]),
    )
