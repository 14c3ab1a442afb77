"""The ombudsman: anonymous talks and letters, which leave nothing here, and letters of who is signed in (B1 to B5).

Nothing of the anonymous ways is kept: no store, no draft, no preference is within reach of this room. A talk's key
and a letter's code live in memory until the matter is left. Each has a connection of its own, shared with nothing.
"""

from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any, NamedTuple

from app.api.ombudsman import OmbudsmanClient
from app.domain.ombudsman import About, Left, Matter, Said, Standing, new_code, read_code
from app.errors import AppError, Conflict, Refused
from app.stores.base import Action, Status, observable
from app.stores.helper import Helper

POLL = 2.0  # seconds between looks while a talk is on the screen
MAX_TEXT = 4000
Make = Callable[[], OmbudsmanClient]
Spawn = Callable[[Coroutine[Any, Any, None]], Any]


class _Attempt(NamedTuple):
    """A try of which nobody knows yet whether it arrived: the message's id, the code or id of its letter, the text."""

    id: str = ""
    code: str = ""
    text: str = ""


@observable
class Talk:
    """An anonymous talk. ``waiting``: what was written and has not arrived. ``asks``: whether leaving its screen asks
    first; not after a quick exit, for the question itself would tell where one was. ``tried``: to send nothing."""

    def __init__(self, client: OmbudsmanClient, about: About, language: str) -> None:
        self._client, self._language = client, language
        self.about, self.text = about, ""
        self.key, self.matter = "", Matter(about=about)
        self.waiting: tuple[Said, ...] = ()
        self.problem: AppError | None = None
        self.over, self.asks, self.tried = False, True, False
        self.left: tuple[Left, ...] = ()

    @property
    def messages(self) -> tuple[Said, ...]:
        """Everything that was said, and what waits last."""
        known = {said.id for said in self.matter.messages}
        return (*self.matter.messages, *(said for said in self.waiting if said.id not in known))

    def write(self, text: str) -> None:
        """The resident writes; it is kept nowhere."""
        self.text = text

    async def begin(self) -> None:
        """Ask for the talk. Raises ``AppError``."""
        self.key = await self._client.begin_talk(self.about, self._language)
        self.left = self._client.left

    async def send(self, id: str) -> None:
        """What was written goes at the end, once, also when the connection breaks meanwhile."""
        text = self.text.strip()
        self.tried = not text
        if text:
            self.waiting, self.text = (*self.waiting, Said(id=id, mine=True, text=text)), ""
        await self.look()

    async def look(self) -> None:
        """Send what waits, in order, and see what has been said; nothing any more once it is over."""
        if self.over:
            return
        try:
            with suppress(Conflict):  # it has ended: what waits stays here, and is said not to have been sent
                for said in self.waiting:
                    self._take(await self._client.say(self.key, said.id, said.text))
            self._take(await self._client.look(self.key))
            self.problem = None
        except Refused as gone:
            self.problem, self.over = gone, True
        except AppError as problem:
            self.problem = problem
        self.left = self._client.left

    async def leave(self) -> None:
        """Over: erased there as far as it can be reached, forgotten here in any case."""
        self.over = True
        try:
            if self.key:
                await self._client.leave(self.key)
        except AppError:
            pass  # it is erased there by itself later
        finally:
            await self._client.close()

    def _take(self, matter: Matter) -> None:
        if matter != self.matter:
            self.matter = matter
        known = {said.id for said in matter.messages}
        if any(said.id in known for said in self.waiting):
            self.waiting = tuple(said for said in self.waiting if said.id not in known)
        self.over = matter.standing is Standing.ENDED


@observable
class Letter:
    """An anonymous letter being written, sent or collected. ``code`` is known once it has been received."""

    def __init__(self, make: Make) -> None:
        self._make, self._client = make, list[OmbudsmanClient]()
        self.about: About | None = None
        self.text, self.asked, self.code = "", "", ""
        self.matter: Matter | None = None
        self.tried = False
        self.left: tuple[Left, ...] = ()
        self._attempt = _Attempt()

    def write(self, name: str, value: str) -> None:
        """The resident changed ``text`` or ``asked`` (the code); kept nowhere."""
        setattr(self, name, value)

    def choose(self, about: str) -> None:
        """What it is about."""
        self.about = About(about)

    def _way(self) -> OmbudsmanClient:
        """Its own connection, made when it is first needed."""
        if not self._client:
            self._client.append(self._make())
        return self._client[0]

    async def close(self) -> None:
        """End its connection."""
        for client in self._client:
            await client.close()

    async def send(self, new_id: Callable[[], str], chance: Callable[[int], int], language: str) -> Status:
        """Send it; the code is shown only when the platform has it. A repeat is the same letter; what was changed
        since a try of which nobody knows whether it arrived is one more message of it."""
        text = self.text.strip()
        tried = self._attempt
        self._attempt = _Attempt(
            tried.id if tried.text == text else new_id(), tried.code or new_code(chance), text
        )
        id, code = self._attempt.id, self._attempt.code
        self.matter = await self._way().write(id, code, self.about or About.UNKNOWN, language, text)
        self.code, self.text, self._attempt = code, "", _Attempt()
        self.left = self._way().left
        return Status.DONE

    async def collect(self) -> Status:
        """See the answer. Refused with 404 for a code that leads nowhere, also one that cannot be a code."""
        code = read_code(self.asked)
        if code is None:
            raise Refused(404)
        self.matter = await self._way().collect(code)
        self.code, self.left = code, self._way().left
        return Status.DONE

    async def erase(self) -> Status:
        """Erase it there and forget it here."""
        await self._way().erase(self.code)
        self.matter, self.code, self.asked, self.left = None, "", "", ()
        return Status.DONE


@observable
class Ombudsman:
    """Everything of this room for one session. ``token``: of who is signed in, for signed letters only."""

    def __init__(
        self,
        make: Make,
        language: Callable[[], str],
        new_key: Callable[[], str],
        chance: Callable[[int], int],
        sleep: Callable[[float], Awaitable[None]],
        spawn: Spawn,
        token: Callable[[], Awaitable[str | None]],
    ) -> None:
        self._make, self._language, self._new_key, self._chance = make, language, new_key, chance
        self._sleep, self._spawn, self._token = sleep, spawn, token
        self.talk: Talk | None = None
        self.letter, self.answer = Letter(make), Letter(make)
        self.helper = Helper()
        self.signed: tuple[Matter, ...] | None = None
        self.signed_text, self.signed_about = "", About.UNKNOWN
        self.begin = Action(self._begin)
        self.send = Action(self._send)
        self.collect = Action(self._collect)
        self.erase = Action(self._erase)
        self.fetch_signed = Action(self._fetch_signed)
        self.send_signed = Action(self._send_signed)
        self._signed, self._persons = _Attempt(), 0

    async def say(self) -> None:
        """Send what was written in the talk."""
        if self.talk is not None:
            await self.talk.send(self._new_key())

    async def watch(self) -> None:
        """Look while the talk lasts; started when it begins."""
        talk = self.talk
        while talk is not None and talk is self.talk and not talk.over:
            await self._sleep(POLL)
            await talk.look()

    def exit_quickly(self, clean: bool) -> None:
        """Away at once and without a question; ``clean``: the talk ends and nothing of it stays here."""
        if self.talk is not None:
            self.talk.asks = False
        if clean:
            self._spawn(self.leave_talk())

    async def leave_talk(self) -> None:
        """The talk is over and forgotten."""
        talk, self.talk = self.talk, None
        if talk is not None:
            await talk.leave()

    async def forget_letter(self) -> None:
        """Nothing of the letter, its code or an answer stays in memory."""
        old = (self.letter, self.answer)
        self.letter, self.answer = Letter(self._make), Letter(self._make)
        for letter in old:
            await letter.close()
        self.send.reset()
        self.collect.reset()
        self.erase.reset()

    def forget_person(self) -> None:
        """Whoever was signed in is gone, and the next may sit at the same screen: nothing of theirs is left, nor comes
        with an answer that is still on its way; nor what they wrote here without a name."""
        self.helper.forget()
        self._spawn(self.forget_letter())
        self._persons += 1
        self.signed, self.signed_text, self._signed = None, "", _Attempt()
        self.signed_about = About.UNKNOWN
        self.fetch_signed.reset()
        self.send_signed.reset()

    async def _begin(self, about: About) -> Status:
        talk = Talk(self._make(), about, self._short())
        await talk.begin()
        self.talk = talk
        self._spawn(self.watch())
        return Status.DONE

    async def _send(self) -> Status:
        return await self.letter.send(self._new_key, self._chance, self._short())

    async def _collect(self) -> Status:
        return await self.answer.collect()

    async def _erase(self, letter: Letter) -> Status:
        return await letter.erase()

    async def _fetch_signed(self) -> Status:
        token, client, person = await self._token(), self._make(), self._persons
        try:
            found = await client.mine(token) if token else ()
        finally:
            await client.close()
        if person == self._persons:
            self.signed = found
        return Status.DONE

    async def _send_signed(self) -> Status:
        token = await self._token()
        if not token or not self.signed_text.strip():
            return Status.IDLE
        text, tried = self.signed_text.strip(), self._signed
        id = tried.id if tried.text == text else self._new_key()
        self._signed = _Attempt(id, tried.code or id, text)
        client, person = self._make(), self._persons
        try:
            letter = self._signed.code
            await client.write_signed(token, letter, f"{id}-1", self.signed_about, self._short(), text)
        finally:
            await client.close()
        if person != self._persons:
            return Status.IDLE
        self.signed_text, self._signed = "", _Attempt()
        return await self._fetch_signed()

    def _short(self) -> str:
        return self._language().partition("_")[0]
