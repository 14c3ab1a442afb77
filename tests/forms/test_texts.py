"""Texts in three languages and plain Finnish, dressed texts, and texts that mean harm."""

import pytest

from app.forms.model import Unreadable
from app.forms.reading import read_form
from app.forms.regexes import Unsupported, matches
from tests.forms.making import SDC, Json, answers_of, at, begin, choice, ext, form, item, variable, write


def said(**languages: str) -> Json:
    """The translations beside a text."""
    return {
        "extension": [
            {
                "url": "http://hl7.org/fhir/StructureDefinition/translation",
                "extension": [
                    {"url": "lang", "valueCode": language.replace("_", "-")},
                    {"url": "content", "valueString": text},
                ],
            }
            for language, text in languages.items()
        ]
    }


RAW = form(
    item("a", text="Nimi", _text=said(sv="Namn", en="Name", fi_x_selko="Mikä on nimesi?")),
    item(
        "b",
        "choice",
        text="Lemmikki",
        _text=said(sv="Husdjur"),
        answerOption=[
            {"valueCoding": {"code": "k", "display": "Kissa", "_display": said(sv="Katt", en="Cat")}}
        ],
    ),
    language="fi",
)


@pytest.mark.parametrize(
    ("language", "a", "b", "option"),
    [
        ("fi", "Nimi", "Lemmikki", "Kissa"),
        ("sv", "Namn", "Husdjur", "Katt"),
        ("en", "Name", "Lemmikki", "Cat"),
        ("fi_selko", "Mikä on nimesi?", "Lemmikki", "Kissa"),
    ],
)
def test_texts_and_options_in_the_language_of_the_app(language: str, a: str, b: str, option: str) -> None:
    filling = begin(RAW, language=language)
    assert filling.say(at(filling, "a")) == a
    assert filling.say(at(filling, "b")) == b
    assert (filling.options(at(filling, "b")) or ())[0].words.say(filling.chain) == option


def test_the_language_can_change_while_filling_and_the_response_says_it() -> None:
    filling = begin(RAW)
    write(filling, "a", "Aino")
    filling.language = "sv"
    response = filling.response("x", "", "")
    assert response["language"] == "sv"
    assert response["item"][0]["text"] == "Namn"
    assert filling.form.languages == ("fi", "en", "sv")


def dressed(name: str, text: str) -> list[str]:
    raw = form(item("d", "display", text="muu", _text={"extension": [ext(name, valueString=text)]}))
    return [f"{b.kind}:{b.text}" for b in begin(raw).tree.roots[0].item.words.blocks(("fi",))]


def test_dressed_texts_are_read_and_made_harmless() -> None:
    assert dressed("rendering-xhtml", "<h2>Otsikko</h2><ul><li>yksi</li><li>kaksi</li></ul>") == [
        "heading:Otsikko",
        "item:yksi",
        "item:kaksi",
    ]
    assert dressed("rendering-markdown", "**Huom** <script>x</script>") == ["text:Huom <script>x</script>"]
    harm = "<p onclick='x()'>Hyvää<script>bad()</script><style>*{display:none}</style><img src='http://x/y'/></p>"
    assert dressed("rendering-xhtml", harm) == ["text:Hyvää"]


@pytest.mark.parametrize(
    ("style", "strong", "slanted"),
    [
        ("font-weight: bold", True, False),
        ("font-style:italic; color: red", False, True),
        ("display: none", False, False),
    ],
)
def test_of_a_style_only_bold_and_italic_are_taken_over(style: str, strong: bool, slanted: bool) -> None:
    raw = form(item("d", "display", _text={"extension": [ext("rendering-style", valueString=style)]}))
    (block,) = begin(raw).tree.roots[0].item.words.blocks(("fi",))
    assert (block.text, block.runs[0].strong, block.runs[0].slanted) == ("D", strong, slanted)


def test_a_form_can_be_made_of_others() -> None:
    """By canonical or contained, with its own prefix; the one that is missing is noted, a circle ends."""
    part = form(
        item("x"), item("y", enableWhen=[{"question": "x", "operator": "exists", "answerBoolean": True}])
    )
    sub = f"{SDC}subQuestionnaire"
    raw = form(
        item(
            "a",
            "display",
            ext=[ext(sub, valueCanonical="http://example.org/part"), variable("linkIdPrefix", "'p.'")],
        ),
        item("b", "display", ext=[ext(sub, valueCanonical="http://example.org/none")]),
    )
    whole = read_form(raw, {"http://example.org/part": part})
    assert [one.link_id for one in whole.all] == ["p.x", "p.y", "b"]
    assert whole.all[1].conditions[0].question == "p.x"
    assert [note.code for note in whole.notes] == ["sub-questionnaire"]
    itself = form(item("a", "display", ext=[ext(sub, valueCanonical="http://example.org/me")]))
    assert len(read_form(itself, {"http://example.org/me": itself}).all) == 1


def test_links_lead_only_where_links_may() -> None:
    text = "<a href='javascript:x()'>a</a> <a href='https://ok.fi'>b</a> <a href='data:x'>c</a>"
    raw = form(item("d", "display", _text={"extension": [ext("rendering-xhtml", valueString=text)]}))
    runs = begin(raw).tree.roots[0].item.words.blocks(("fi",))[0].runs
    assert [run.link for run in runs if run.text.strip()] == ["", "https://ok.fi", ""]


def test_marks_that_turn_writing_around_and_endless_texts_are_cut() -> None:
    filling = begin(form(item("a", text="tilille \u202e54321\u202c" + "x" * 1_000_000)))
    words = filling.say(at(filling, "a"))
    assert words.startswith("tilille 54321x")
    assert len(words) <= 20_000


def deep(levels: int) -> Json:
    made = item("x")
    for level in range(levels):
        made = item(f"g{level}", "group", made)
    return form(made)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (deep(1000), "too-deep"),
        (form(*(item(str(n)) for n in range(20_000))), "too-many-items"),
        (form(), "no-items"),
        ({"resourceType": "Patient"}, "not-a-questionnaire"),
        ([], "not-a-questionnaire"),
    ],
)
def test_what_cannot_be_shown_says_why(raw: object, code: str) -> None:
    with pytest.raises(Unreadable) as problem:
        read_form(raw)
    assert problem.value.code == code


def test_anything_in_the_place_of_anything_is_read() -> None:
    raw = form(
        {
            "linkId": 5,
            "type": ["x"],
            "text": {},
            "item": "no",
            "answerOption": [1, {"valueCoding": 3}],
            "enableWhen": {},
        },
        {
            "linkId": "ok",
            "type": "string",
            "maxLength": "3",
            "extension": [None, {"url": 1}],
            "_text": [],
            "initial": [{}],
        },
    )
    filling = begin(raw)
    write(filling, "ok", "hei")
    assert answers_of(filling.response("x", "", ""))[-1] == ("ok", {"valueString": "hei"})


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        (r"^(a+)+$", "a" * 5_000 + "b", False),
        (r"(a|aa)*b", "a" * 2_000, False),
        (r"^\d{6}[-+A]\d{3}[0-9A-Z]$", "010190-123A", True),
        (r"(?=.*\d).{3,}", "ab1", True),
        (r"[^@\s]+@[^@\s]+\.[a-z]{2,}", "a@b.fi", True),
        (r"/^[A-ZÅÄÖ]+$/", "ÄÄ", True),
        (r"(abc)?d{2,3}", "dddd", False),
        (r"\bsana\b", "sana", True),
        ("[A-Z]{2}", "ab", False),
        ("(?i)[A-Z]{2}", "ab", True),
    ],
)
def test_patterns_of_strangers_run_in_linear_time(pattern: str, text: str, fits: bool) -> None:
    assert matches(pattern, text) == fits


@pytest.mark.parametrize("pattern", ["(a)\\1", "(", "((a{500}){500}){500}", "(?<=a)b"])
def test_patterns_that_cannot_be_run_safely_are_refused(pattern: str) -> None:
    with pytest.raises(Unsupported):
        matches(pattern, "a")


def test_a_draft_keeps_what_is_not_yet_a_value_and_opens_again_the_same() -> None:
    raw = form(
        item("n", "integer"),
        item("g", "group", item("x"), repeats=True),
        item("c", "choice", answerOption=choice("a")),
    )
    filling = begin(raw)
    write(filling, "n", "viisi")
    filling.repeat(at(filling, "g"))
    filling.write(filling.tree.by_link["x"][1], "toinen")
    again = begin(raw, filling.response("x", "", "", draft=True))
    assert at(again, "n").answers[0].raw == "viisi"
    assert [node.values for node in again.tree.by_link["x"]] == [[], [{"valueString": "toinen"}]]
