"""The pages' own texts, in three languages side by side."""

import json
from collections.abc import Callable, Mapping
from importlib.resources import files

LANGUAGES = {"fi": "Suomi", "sv": "Svenska", "en": "English"}
Say = Callable[..., str]


class Texts:
    """``texts.json`` of some packages: ``{key: {language: text}}``."""

    def __init__(self, *packages: str, name: str = "texts.json") -> None:
        self.table: dict[str, Mapping[str, str]] = {}
        for package in packages:
            self.table |= json.loads(files(package).joinpath(name).read_text("utf-8"))

    def of(self, language: str) -> Say:
        """``say(key, **values)`` in one language; Finnish where a text has no such language."""

        def say(key: str, **values: object) -> str:
            told = self.table[key]
            return told.get(language, told["fi"]).format(**values)

        return say
