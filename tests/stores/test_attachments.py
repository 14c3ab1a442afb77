"""Files of messages: from this device, else from the platform, never another than the one that was named (row A7)."""

from typing import Any

import pytest

from app.api.messages import attachment_of, binary
from app.domain.attachments import Attachment
from app.errors import BadData
from app.offline.intents import Intent
from app.offline.outbox import Outbox
from app.stores.attachments import KEPT, Attachments
from tests.stores.examples import AINO, Desk

RASH = attachment_of("rash", "iho.jpg", "image/jpeg", b"picture")


class Platform:
    """Has some Binaries and counts who asks."""

    def __init__(self, **files: bytes) -> None:
        self.files, self.asked = files, 0

    async def read(self, type: str, id: str) -> dict[str, Any]:
        self.asked += 1
        return binary(binary_id=id, content_type="image/jpeg", data=self.files[id], person_id=AINO)


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_a_file_that_waits_to_be_sent_is_here(desk: Desk) -> None:
    """The platform is not asked."""
    platform = Platform()
    made = binary(binary_id="rash", content_type="image/jpeg", data=b"picture", person_id=AINO)
    Outbox(desk.store).put(Intent("create", "Binary", "rash", made, f"Patient/{AINO}", key="rash"))

    file = Attachments(desk.store, platform.read).file(RASH)

    assert file.value == b"picture"
    assert platform.asked == 0


async def test_a_file_is_fetched_when_it_is_asked_for_and_then_kept(desk: Desk) -> None:
    """Once for many looks."""
    platform = Platform(rash=b"picture")
    attachments = Attachments(desk.store, platform.read)
    file = attachments.file(RASH)
    assert (file.value, platform.asked) == (None, 0)

    await file.load()

    assert file.value == b"picture"
    assert attachments.file(RASH).value == b"picture"
    assert platform.asked == 1


async def test_only_a_few_are_kept_in_memory(desk: Desk) -> None:
    """A long evening of looking at pictures does not fill the device."""
    files = {f"f{n}": bytes([n + 1]) for n in range(KEPT + 3)}
    attachments = Attachments(desk.store, Platform(**files).read)
    named = [attachment_of(id, id, "image/jpeg", data) for id, data in files.items()]

    for one in named:
        await attachments.file(one).load()

    assert sum(attachments.file(one).value is not None for one in named) == KEPT


@pytest.mark.parametrize("data", [b"", b"another picture"])
async def test_another_file_than_the_one_named_is_never_shown(desk: Desk, data: bytes) -> None:
    """Its digest tells."""
    file = Attachments(desk.store, Platform(rash=data).read).file(RASH)

    await file.load()

    assert file.value is None
    assert isinstance(file.problem, BadData)


async def test_a_file_without_a_digest_is_shown(desk: Desk) -> None:
    """Not every server tells one."""
    file = Attachments(desk.store, Platform(rash=b"picture").read).file(Attachment(id="rash"))

    await file.load()

    assert file.value == b"picture"
