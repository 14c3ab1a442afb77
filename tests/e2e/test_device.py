"""What stays on the device and what leaves it: files, signing out, a reload (rows A7, A8, J4, M3)."""

import base64
import io
import re

from PIL import Image
from playwright.sync_api import expect

from tests.e2e.conftest import Places
from tests.e2e.driver import Person
from tests.e2e.journey import identify, sign_in, write

GPS, MAKE = 0x8825, 0x010F


def photograph() -> bytes:
    """A picture as a phone takes it: with its maker and its place hidden inside."""
    exif = Image.Exif()
    exif[MAKE] = "Tunnistettava kamera"
    exif.get_ifd(GPS)[1] = "N"
    picture = Image.effect_noise((2600, 1900), 60).convert("RGB")
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, quality=92)
    return out.getvalue()


def attach(person: Person, name: str, kind: str, data: bytes) -> None:
    """Choose a file as a person does."""
    with person.page.expect_file_chooser() as chooser:
        person.press("messages.attach")
    chooser.value.set_files({"name": name, "mimeType": kind, "buffer": data})


def test_a_photograph_loses_its_place_and_size_before_it_is_sent(person: Person, places: Places) -> None:
    """Shrunk on the device, nothing hidden inside, part of the draft across a reload, and at the clinic."""
    sign_in(person)
    write(person, "Terveysaseman hoitaja", "Ihottuma", "Liitän kuvan.")
    attach(person, "iho.jpg", "image/jpeg", photograph())
    person.reads(re.compile(r"iho\.jpe?g"))
    person.reload()
    person.reads(re.compile(r"iho\.jpe?g"))

    person.press("messages.send")
    person.sees("messages.state", re.compile("Lähetetty|Toimitettu"))

    (binary,) = [r for r in places.written_by_residents() if r["resourceType"] == "Binary"][:1]
    sent = base64.b64decode(binary["data"])
    assert len(sent) <= 1024 * 1024
    assert b"Tunnistettava" not in sent
    assert not dict(Image.open(io.BytesIO(sent)).getexif())


def test_one_bad_file_is_named_and_the_message_is_sent_without_it(person: Person, places: Places) -> None:
    """A file that is no picture is refused with its reason; the rest goes."""
    sign_in(person)
    write(person, "Terveysaseman hoitaja", "Polvi", "Polvi on turvonnut.")
    attach(person, "polvi.jpg", "image/jpeg", b"this is no picture")
    person.reads(re.compile("polvi.jpg"))
    person.page.get_by_role("button", name=re.compile("Poista.*polvi.jpg")).click()
    person.press("messages.send")

    person.sees("messages.state", re.compile("Lähetetty|Toimitettu"))


def test_signing_out_keeps_or_erases_as_the_resident_says(person: Person) -> None:
    """Two taps to the question; kept drafts wait for the same person; erasing them needs a word of its own."""
    sign_in(person, "tuomas")
    write(person, "Terveysaseman hoitaja", "Luonnos", "Kesken jäi.")
    person.sees("messages.saved")

    person.press("nav.settings")
    person.press("settings.sign-out")
    person.press("signout.keep")
    person.sees("welcome")

    sign_in(person, "tuomas")
    person.press("nav.messages")
    person.sees("messages.draft", "Luonnos")
    person.press("nav.settings")
    person.press("settings.sign-out")
    expect(person.control("signout.erase")).to_be_disabled()
    person.press("signout.sure")
    person.press("signout.erase")
    person.sees("welcome")

    sign_in(person, "tuomas")
    person.press("nav.messages")
    person.sees("messages.threads")
    person.misses("messages.draft")


def test_another_person_on_the_same_tab_sees_nothing_of_the_first(person: Person) -> None:
    """Signing in as somebody else shows only what is theirs."""
    sign_in(person, "aino")
    write(person, "Terveysaseman hoitaja", "Salainen asia", "Vain Ainolle.")
    person.sees("messages.saved")
    person.press("nav.settings")
    person.press("settings.sign-out")
    person.press("signout.keep")
    person.sees("welcome")

    person.press("welcome.sign-in")
    identify(person, "tuomas")
    person.press("nav.messages")
    person.sees("messages.threads")
    expect(person.page.locator("flt-semantics-host").get_by_text("Salainen asia")).to_have_count(0)
