"""Twenty everyday words in each language, as people write them: the right service is among the first three, without a
network. The catalogue is the county's own one of the stub."""

from datetime import UTC, datetime
from functools import cache

import pytest

from app.api.services import to_services
from app.config import load_region
from app.domain.finding import search
from app.domain.services import Service
from backend_stub.seed.directory import directory

WORDS = {
    "fi": {
        "hampaaseen sattuu": "suun-terveydenhuolto",
        "selkä jumissa": "fysioterapia",
        "olen raskaana": "aitiysneuvola",
        "kuumetta ja yskää": "terveysasema",
        "en jaksa enää": "mielenterveys-ja-paihteet",
        "rahat ei riitä": "talousneuvonta",
        "vuokra maksamatta": "aikuissosiaalityo",
        "äiti kaatuilee kotona": "ikaneuvo",
        "palovaroitin piippaa": "kodin-turvallisuus",
        "tarvitsen rollaattorin": "apuvalineet",
        "influenssarokote": "rokotukset",
        "lapsi ei nuku": "lastenneuvola",
        "ehkäisy": "nuorten-vastaanotto",
        "juon liikaa": "mielenterveys-ja-paihteet",
        "verensokerit heittelee": "diabeteshoitaja",
        "kuorsaan": "unihoitaja",
        "tuleva leikkaus": "leikkausyksikko",
        "huono kohtelu": "potilasasiavastaava",
        "en pääse kirjautumaan": "digituki",
        "taksimatkat vammaiselle": "vammaispalvelut",
    },
    "sv": {
        "ont i tanden": "suun-terveydenhuolto",
        "ryggen är stel": "fysioterapia",
        "jag är gravid": "aitiysneuvola",
        "feber och hosta": "terveysasema",
        "jag orkar inte mer": "mielenterveys-ja-paihteet",
        "pengarna räcker inte": "talousneuvonta",
        "obetald hyra": "aikuissosiaalityo",
        "mamma faller hemma": "ikaneuvo",
        "brandvarnaren piper": "kodin-turvallisuus",
        "behöver en rollator": "apuvalineet",
        "influensavaccin": "rokotukset",
        "barnet sover inte": "lastenneuvola",
        "p-piller": "nuorten-vastaanotto",
        "dricker för mycket": "mielenterveys-ja-paihteet",
        "blodsockret": "diabeteshoitaja",
        "jag snarkar": "unihoitaja",
        "ska opereras": "leikkausyksikko",
        "dåligt bemötande": "potilasasiavastaava",
        "kan inte logga in": "digituki",
        "färdtjänst": "vammaispalvelut",
    },
    "en": {
        "toothache": "suun-terveydenhuolto",
        "my back is stiff": "fysioterapia",
        "I am pregnant": "aitiysneuvola",
        "fever and cough": "terveysasema",
        "I can't cope": "mielenterveys-ja-paihteet",
        "money is not enough": "talousneuvonta",
        "can't pay the rent": "aikuissosiaalityo",
        "my mother keeps falling": "ikaneuvo",
        "smoke alarm beeps": "kodin-turvallisuus",
        "need a wheelchair": "apuvalineet",
        "flu shot": "rokotukset",
        "toddler does not sleep": "lastenneuvola",
        "birth control": "nuorten-vastaanotto",
        "drinking too much": "mielenterveys-ja-paihteet",
        "blood sugar": "diabeteshoitaja",
        "snoring": "unihoitaja",
        "before my operation": "leikkausyksikko",
        "treated badly": "potilasasiavastaava",
        "cannot log in": "digituki",
        "disabled transport": "vammaispalvelut",
    },
    "fi_selko": {
        "hammas on kipeä": "suun-terveydenhuolto",
        "selkä on kipeä": "fysioterapia",
        "odotan vauvaa": "aitiysneuvola",
        "olen kipeä ja minulla on kuume": "terveysasema",
        "olen surullinen": "mielenterveys-ja-paihteet",
        "en osaa maksaa laskuja": "talousneuvonta",
        "minulla ei ole asuntoa": "aikuissosiaalityo",
        "vanha isä tarvitsee apua": "ikaneuvo",
        "pelkään tulipaloa": "kodin-turvallisuus",
        "pyörätuoli on rikki": "apuvalineet",
        "haluan piikin": "rokotukset",
        "vauva itkee": "lastenneuvola",
        "minua kiusataan koulussa": "nuorten-vastaanotto",
        "minulla on paha olo mielessä": "mielenterveys-ja-paihteet",
        "sokeritauti": "diabeteshoitaja",
        "nukun huonosti ja kuorsaan": "unihoitaja",
        "minut leikataan": "leikkausyksikko",
        "haluan valittaa": "potilasasiavastaava",
        "puhelin ei toimi": "digituki",
        "tarvitsen avustajan": "vammaispalvelut",
    },
}


@cache
def catalogue(language: str) -> tuple[Service, ...]:
    """The county's services in a language."""
    known = list(directory(datetime(2026, 11, 23, tzinfo=UTC)))
    by_type = [
        [one for one in known if one["resourceType"] == type] for type in ("HealthcareService", "Location")
    ]
    return to_services(*by_type, language=language).services


@pytest.mark.parametrize("language", WORDS)
def test_everyday_words_find_the_right_service(language: str) -> None:
    missed = {}
    for words, wanted in WORDS[language].items():
        found = [service.id for service in search(catalogue(language), words)][:3]
        if wanted not in found:
            missed[words] = (wanted, found)
    assert len(WORDS[language]) == 20
    assert missed == {}


MIND = ["mielenterveys-ja-paihteet"]
IN_HASTE = {
    "fi": {
        "rintakipu": [],
        "kova rintakipua": [],
        "rintakipua ja särkyä kädessä": [],
        "kipua rinnassa": [],
        "hengenahdistus": [],
        "itsemurha-ajatuksia": MIND,
        "en halua elää": MIND,
        "rintakipu ja verenpaine": ["terveysasema"],
    },
    "sv": {"ont i bröstet": [], "bröstsmärta": [], "självmord": MIND, "jag vill inte leva": MIND},
    "en": {"chest pain": [], "short of breath": [], "I want to kill myself": MIND},
}


@pytest.mark.parametrize("language", IN_HASTE)
def test_words_of_haste_suggest_no_unrelated_clinic(language: str) -> None:
    """Who searches for chest pain is shown the numbers to call, and not the breast nurse for a half of the word."""
    flags = load_region("paijat-hame").red_flags(language)
    found = {
        words: [service.id for service in search(catalogue(language), words, flags)]
        for words in IN_HASTE[language]
    }
    assert found == IN_HASTE[language]
