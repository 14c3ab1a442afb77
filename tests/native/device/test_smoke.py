"""On a real device: the app comes up with its compiled packages, in the resident's language, without a platform."""

from typing import Any


async def past_first_run(tester: Any) -> None:
    """A device that has not seen them begins with the first screens; they can be skipped."""
    await tester.pump_and_settle()
    skip = await tester.find_by_semantics_identifier("firstrun.skip")
    if skip.count:
        await tester.tap(skip)
        await tester.pump_and_settle()


async def test_the_first_screen_comes_up_with_the_emergency_numbers(flet_app: Any) -> None:
    """Drawing it has read the region (pydantic), opened an encrypted store (cryptography, SQLite) and the texts."""
    tester = flet_app.tester
    await past_first_run(tester)

    for identifier in ("welcome", "welcome.sign-in", "welcome.services"):
        assert (await tester.find_by_semantics_identifier(identifier)).count == 1, identifier
    assert (await tester.find_by_text_containing("112")).count >= 1


async def test_language_changes_at_once(flet_app: Any) -> None:
    tester = flet_app.tester
    await past_first_run(tester)

    await tester.tap(await tester.find_by_text("Svenska"))
    await tester.pump_and_settle()

    assert (await tester.find_by_text_containing("Logga in")).count >= 1


async def test_services_are_reached_without_signing_in_and_say_that_there_is_no_connection(
    flet_app: Any,
) -> None:
    tester = flet_app.tester
    await past_first_run(tester)

    await tester.tap(await tester.find_by_semantics_identifier("welcome.services"))
    await tester.pump_and_settle()

    assert (await tester.find_by_semantics_identifier("services")).count == 1
