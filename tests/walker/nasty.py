"""What residents write, where they go and what goes wrong: the nasty kind."""

import random
from datetime import UTC, datetime, timedelta

MARK = "¤"
"""Begins what the walker has written, with whose words they are: ``¤aino¤``."""

WORDS = (
    "",
    " ",
    "Selkä on kipeä.",
    "👩‍👩‍👧‍👦🏳️‍🌈👍🏽",
    "مرحبا بالعالم \u202eעברית\u202c",
    "<script>alert(1)</script><b>lihava</b>",
    "**lihava** [linkki](javascript:alert(1)) # otsikko",
    "{name} {} {0} %s %(n)d $x",
    "a\x00b\x07c\x1b[31md\u200b\ufeffe",
    "rivi\r\nrivi\n\n\n\trivi\u2028loppu",
    "e\u0301" * 40 + "Z\u0351\u036b\u0343\u0301\u0309",
    "ääkköset ÅÄÖ åäö ß ﬁ ĳ",
    "' OR 1=1; --",
    "../../etc/passwd",
    "None null undefined NaN",
    "rintakipu, en saa henkeä",
    "en jaksa elää enää",
    "a" * 400,
    "sana " * 1200,
)
PLAIN = (
    "0",
    "-1",
    "1,5",
    "37,8",
    "120/80",
    "1 234,50",
    "1e309",
    "99999999999999999999",
    "½",
    "٣٫٥",
    "24.12.2026",
    "31.2.2026",
    "1.1.0001",
    "2026-11-29",
    "0.0.0",
    "31.12.9999",
    "25:61",
    "9.30",
    "0930",
    "010101-123N",
    "aino@example.org",
    "+358 40 123 4567",
    "2580",
    "1234",
)

ROUTES = (
    "/",
    "/services",
    "/services/{service}",
    "/feedback",
    "/calm",
    "/practice",
    "/first-run",
    "/accessibility",
    "/terms",
    "/settings",
    "/unlock",
    "/callback",
    "/callback?code=x&state=y",
    "/callback?error=access_denied&state=x",
    "/ombudsman",
    "/ombudsman/chat",
    "/ombudsman/letter",
    "/ombudsman/answer",
    "/ombudsman/helper",
    "/ombudsman/mine",
    "/pathways",
    "/pathways/{pathway}",
    "/pathways/{pathway}/about",
    "/pathways/{pathway}/step/{step}",
    "/messages",
    "/messages/new",
    "/messages/new?service={service}",
    "/messages/draft/{draft}",
    "/messages/thread/{Communication}",
    "/chat",
    "/chat/new/{service}",
    "/chat/continue/{Task}",
    "/chat/{Task}",
    "/outbox",
    "/appointments",
    "/appointments/find",
    "/appointments/find/{service}",
    "/appointments/confirm",
    "/appointments/needs",
    "/appointments/{Appointment}/move",
    "/appointments/{Appointment}/cancel",
    "/appointments/{Appointment}/video",
    "/appointments/{Appointment}",
    "/forms",
    "/forms/fill/{Questionnaire}",
    "/forms/answer/{QuestionnaireResponse}",
    "/record",
    "/record/{kind}",
    "/record/entry/{type}/{entry}",
    "/measurements",
    "/measurements/summary",
    "/measurements/{measure}",
    "/measurements/{measure}/add",
    "/measurements/{measure}/edit/{Observation}",
    "/me",
    "/me/change/{system}",
    "/me/needs",
    "/me/permissions",
    "/me/data",
    "/me/log",
    "/nowhere/at/all",
    "//",
    "/messages/",
    "/messages/thread/%00",
    "/services/../messages",
    "/record/entry/Binary/../../x",
)
BOGUS = (
    "nope",
    "0",
    "åäö",
    "a b",
    "%F0%9F%98%80",
    "None",
    "..",
    "x" * 300,
    "00000000-0000-4000-8000-000000000099",
)

FAULTS = (
    ("status", {"status": 500}),
    ("status", {"status": 429, "retry_after": 2}),
    ("status", {"status": 403}),
    ("status", {"status": 404}),
    ("status", {"status": 401}),
    ("status", {"status": 410}),
    ("status", {"status": 422}),
    ("malformed", {}),
    ("truncated", {}),
    ("captive-portal", {}),
    ("expired-token", {}),
    ("drop-before", {}),
    ("drop-after", {}),
    ("fail-after", {"status": 502}),
    ("duplicate", {}),
    ("outcome-200", {}),
)
PLACES = (
    ".*",
    "^/fhir",
    "^/auth",
    "^/ombudsman",
    "^/fhir/Communication",
    "^/fhir/Task",
    "^/fhir/Appointment",
    "^/fhir/Patient",
)

MOMENTS = (
    datetime(2026, 11, 23, 22, 0, tzinfo=UTC),  # midnight in Finland
    datetime(2026, 12, 31, 21, 59, 58, tzinfo=UTC),
    datetime(2027, 3, 28, 0, 59, tzinfo=UTC),  # the hour that is not there
    datetime(2027, 10, 31, 0, 30, tzinfo=UTC),  # the hour that is there twice
    datetime(2028, 2, 29, 10, 0, tzinfo=UTC),
    datetime(2026, 11, 22, 10, 0, tzinfo=UTC),
    datetime(2020, 1, 1, tzinfo=UTC),
)
SPANS = (
    timedelta(seconds=31),
    timedelta(minutes=4),
    timedelta(minutes=18),
    timedelta(minutes=25),
    timedelta(hours=7),
    timedelta(days=1),
    timedelta(days=40),
)
SKEWS = (timedelta(), timedelta(hours=-3), timedelta(days=-900), timedelta(days=400), timedelta(minutes=9))
CHOICES = {
    "language": ("fi", "sv", "en", "fi_selko"),
    "text_size": ("normal", "large", "larger", "largest"),
    "brightness": ("system", "light", "dark"),
    "high_contrast": ("yes", "no"),
}
WIDTHS = (320, 360, 400, 640, 900, 1280, 1920)


def words(rng: random.Random, who: str) -> str:
    """Something to write, marked as ``who``'s when it is words."""
    if rng.random() < 0.4:
        return rng.choice(PLAIN)
    written = rng.choice(WORDS)
    return f"{MARK}{who}{MARK}{rng.randrange(10**6)} {written}" if written.strip() else written
