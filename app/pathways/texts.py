"""The words of a pathway in one language: ``fi.json``, ``sv.json`` … beside ``pathway.json``.

A ``Prose`` is a list of paragraphs; one that begins with ``## `` is a heading, with ``- `` an item of a list.
"""

from typing import Annotated

from pydantic import ConfigDict, Field

from app.pathways.model import Id, Strict

__all__ = ["AnchorText", "ContactText", "PictureText", "Prose", "StageText", "StepText", "Texts"]

Prose = tuple[Annotated[str, Field(min_length=1)], ...]
Line = Annotated[str, Field(min_length=1)]


class AnchorText(Strict):
    """What the date is called, and where the resident finds it."""

    label: Line
    hint: str = ""


class ContactText(Strict):
    """Who it is, when they can be reached, and when they answer messages. Any of them but the name may wait."""

    name: Line
    hours: str = ""
    promise: str = ""


class PictureText(Strict):
    """What a picture says to those who do not see it; ``labels`` and ``title`` belong to charts."""

    alt: Line
    title: str = ""
    labels: tuple[str, ...] = ()


class StageText(Strict):
    """A phase or theme by name, and in a sentence."""

    title: Line
    summary: Line


class StepText(Strict):
    """One step. ``outcome``: what has been gained when it is done.

    ``checklist``: things to tick (do); ``questions``: to ask the team (ask); ``message``: a draft's first words;
    ``transcript``: of a video or audio; ``limits`` and ``confirm``: by the ids of the structure.
    """

    title: Line
    text: Prose
    outcome: Line
    checklist: tuple[Line, ...] = ()
    questions: tuple[Line, ...] = ()
    message: str = ""
    transcript: Prose = ()
    limits: dict[Id, Line] = Field(default_factory=dict)
    confirm: dict[Id, Line] = Field(default_factory=dict)
    pictures: dict[Id, PictureText] = Field(default_factory=dict)


class Texts(Strict):
    """All words of a pathway in one language.

    ``who_sees``: who reads the entries; ``leaving``: what happens to them on pausing or leaving;
    ``goal``: what it is for, in a sentence; ``goals``: what one may aim at on it, in the resident's own voice;
    ``how_to_get_in``: for pathways that are not open; ``search_words``: everyday words people look for.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, populate_by_name=True)

    schema_address: str = Field(default="", alias="$schema")
    title: Line
    summary: Line
    for_whom: Line
    goal: Line
    who_sees: Line
    leaving: Line
    how_to_get_in: str = ""
    search_words: tuple[Line, ...] = ()
    contacts: dict[Id, ContactText]
    urgent: dict[Id, Line]
    anchors: dict[Id, AnchorText] = Field(default_factory=dict)
    goals: dict[Id, Line] = Field(default_factory=dict)
    pictures: dict[Id, PictureText] = Field(default_factory=dict)
    stages: dict[Id, StageText]
    steps: dict[Id, StepText]
