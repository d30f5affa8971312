"""Every fault of the API ends in a picture or in a sentence: one bot process, and all the faults at the same time.

What a prompt can ask for is asked for at once, before the first test; each test then looks at what became of one. The
faults that hit everybody strike one after another, in a process of their own.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import pytest
import pytest_asyncio

from sandbox.comet import Fault
from tests.crash.conftest import WITHIN
from tests.process.studio import Asked, open_studio

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.process.studio import Studio

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(60)]

AGAIN: Final = "Submit again (may be charged twice)"

#: A picture comes, whatever the API did.
PICTURE: Final = frozenset(
    {
        Fault.QUEUE_FULL,
        Fault.QUEUE_REJECTED,
        Fault.RATE_LIMITED,
        Fault.RATE_LIMITED_BARE,
        Fault.SLOW,
        Fault.INTEGER_RESULT,
        Fault.LIST_RESULT,
        Fault.COMMA_RESULT,
        Fault.QUEUED,
        Fault.PROGRESS_BACK,
        Fault.FUTURE_BUTTON,
        Fault.IMAGE_SLOW,
        Fault.IMAGE_MISLABELED,
        Fault.HOOK_DUPLICATE,
        Fault.HOOK_STALE,
        Fault.HOOK_MISSING,
        Fault.HOOK_REORDERED,
    }
)
#: Refused, or failed later: a sentence with the reason.
SENTENCE: Final = {
    Fault.BANNED: ("moderation", "“nude”", "Nothing was charged"),
    Fault.INVALID_REQUEST: ("could not make sense of this", "Nothing was charged"),
    Fault.ACCOUNT_DISABLED: ("Nothing was charged",),
    Fault.BANNED_LATER: ("moderation", "gives back"),
    Fault.INVALID_PARAMETER: ("Invalid parameter", "gives back"),
    Fault.FAILED: ("could not make this picture", "gives back"),
}
#: Of these, those where the same prompt may go well another time.
WORTH_ANOTHER_TRY: Final = frozenset({Fault.ACCOUNT_DISABLED, Fault.FAILED})
#: Perhaps accepted, perhaps charged: a sentence and a button, and never a second request.
UNKNOWN: Final = frozenset(
    {
        Fault.SERVER_ERROR,
        Fault.UNAVAILABLE,
        Fault.HTML_200,
        Fault.UNKNOWN_CODE,
        Fault.RESET_BEFORE,
        Fault.RESET_AFTER,
        Fault.HANG,
        Fault.TIMEOUT_524,
        Fault.HALF_BODY,
        Fault.NULL_BODY,
        Fault.EMPTY_BODY,
        Fault.INVALID_JSON,
        Fault.NO_RESULT,
        Fault.WRONG_TYPES,
    }
)
#: The API made no task of it, whatever its answer looks like.
UNCHARGED: Final = frozenset(
    {Fault.SERVER_ERROR, Fault.UNAVAILABLE, Fault.HTML_200, Fault.UNKNOWN_CODE, Fault.RESET_BEFORE}
)
#: The picture cannot be fetched: its link is shown at once.
LINK: Final = frozenset(
    {
        Fault.IMAGE_403,
        Fault.IMAGE_404,
        Fault.IMAGE_HTML,
        Fault.IMAGE_TRUNCATED,
        Fault.IMAGE_HUGE,
        Fault.IMAGE_REDIRECT_PRIVATE,
    }
)
#: Under way for longer than a test: told so, and not given up.
UNDER_WAY: Final = {
    Fault.STUCK_SUBMITTED: "Midjourney has it",
    Fault.STUCK_AT_100: "▰▰▰▰▰▰▰▰▰▰ 100 %",
    Fault.LOST: "Midjourney has it",
}
#: A button is refused, and works a moment later.
ACTION: Final = frozenset({Fault.CODE_3, Fault.CODE_4})
#: Only the owner can mend it: a sentence for whoever asked, and patience for everybody after them.
OWNER: Final = {
    Fault.UNAUTHORIZED: ("key", "key"),
    Fault.QUOTA: ("balance", "balance"),
    Fault.REDIRECT: ("not at the address that this bot has", "I keep trying"),
}
#: Everybody is hit, until it is over: pictures come late.
LOOKS: Final = frozenset({Fault.LIST_REFUSED, Fault.LIST_MALFORMED, Fault.LIST_MISSING_IDS})
#: With a test of their own.
ONE_BY_ONE: Final = frozenset({Fault.FETCH_OUTAGE, Fault.OUTAGE, Fault.NO_IMAGE})

#: For faults that last: shorter than their own time, which is meant for people who watch.
SECONDS: Final = {Fault.SLOW: ":0.5", Fault.IMAGE_SLOW: ":0.5", Fault.BANNED: ":nude"}

Jobs = dict[str, Asked]


async def test_no_fault_is_left_out() -> None:
    groups = (PICTURE, SENTENCE, UNKNOWN, LINK, UNDER_WAY, ACTION, OWNER, LOOKS, ONE_BY_ONE)
    covered = [fault for group in groups for fault in group]
    assert sorted(covered) == sorted(Fault)


def marked(fault: Fault) -> str:
    return f"a fox [[{fault}{SECONDS.get(fault, '')}]]"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def studio(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Studio]:
    async with open_studio(tmp_path_factory.mktemp("faults")) as studio:
        yield studio
        studio.check_promises()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def jobs(studio: Studio) -> Jobs:
    """Ask for all faults that a prompt can ask for, at once."""
    faults = [*PICTURE, *SENTENCE, *UNKNOWN, *LINK, *UNDER_WAY]
    prompts = {str(fault): marked(fault) for fault in faults}
    prompts |= {"disabled": "a fox [[action:account-disabled]]"}
    prompts |= {str(fault): f"a fox [[{fault}]]" for fault in ACTION}
    asked = await asyncio.gather(*(studio.ask(prompt) for prompt in prompts.values()))
    return dict(zip(prompts, asked, strict=True))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def calm(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Studio]:
    """A process for the faults that hit everybody; each test switches its own on and off."""
    async with open_studio(tmp_path_factory.mktemp("calm")) as studio:
        await studio.made("a first fox")  # from now on the bot knows that the API answers
        yield studio
        studio.check_promises()


@pytest.mark.parametrize("fault", sorted(PICTURE))
async def test_ends_in_a_picture(studio: Studio, jobs: Jobs, fault: Fault) -> None:
    post = await studio.picture(jobs[fault])
    assert post.button("U1")
    assert len(studio.charges(jobs[fault])) == 1


@pytest.mark.parametrize("fault", sorted(SENTENCE))
async def test_ends_in_a_sentence_with_the_reason(studio: Studio, jobs: Jobs, fault: Fault) -> None:
    said = await studio.says(jobs[fault].answer, *SENTENCE[fault])
    assert studio.world.member.mention in said
    way_on = ["Re-run", "Edit & re-run"] if fault in WORTH_ANOTHER_TRY else ["Edit & re-run"]
    assert [button.label for button in jobs[fault].answer.buttons()] == [*way_on, "Details"]
    assert studio.posts(jobs[fault].job_id) == []
    assert all(charge.refunded for charge in studio.charges(jobs[fault]))


@pytest.mark.parametrize("fault", sorted(UNKNOWN))
async def test_ends_in_doubt_which_is_said_and_never_sent_again_by_itself(
    studio: Studio, jobs: Jobs, fault: Fault
) -> None:
    await studio.says(jobs[fault].answer, "not known whether Midjourney took this request", "**not** sent again")
    assert jobs[fault].answer.button(AGAIN)
    assert len(studio.charges(jobs[fault])) == (0 if fault in UNCHARGED else 1)
    assert studio.posts(jobs[fault].job_id) == []


async def test_only_a_person_submits_again_what_is_in_doubt(studio: Studio, jobs: Jobs) -> None:
    doubtful = jobs[Fault.RESET_AFTER]
    await studio.says(doubtful.answer, "not known whether Midjourney took this request")
    assert "Only the person" in await studio.refused(await studio.click(doubtful.answer, AGAIN, by=studio.world.guest))
    again = await studio.press(doubtful.answer, AGAIN, by=studio.world.member)
    assert again.job_id != doubtful.job_id
    await studio.says(again.answer, "not known whether Midjourney took this request")  # it has the same marker
    assert [len(studio.charges(asked)) for asked in (doubtful, again)] == [1, 1]


@pytest.mark.parametrize("fault", sorted(LINK))
async def test_ends_in_a_link_where_the_picture_cannot_be_had(studio: Studio, jobs: Jobs, fault: Fault) -> None:
    post = await studio.post(jobs[fault])
    (charge,) = studio.charges(jobs[fault])
    assert f"could not be attached: [open it here]({studio.comet.url}/mj/image/{charge.task_id})" in post.text()
    assert post.mentions == [studio.world.member.id]
    assert post.button("U1")
    assert post.attachments == []


@pytest.mark.parametrize("fault", sorted(UNDER_WAY))
async def test_goes_on_for_longer_than_anybody_watches(studio: Studio, jobs: Jobs, fault: Fault) -> None:
    said = await studio.says(jobs[fault].answer, UNDER_WAY[fault], "started <t:")
    assert studio.world.member.mention in said
    assert len(studio.charges(jobs[fault])) == 1
    assert studio.posts(jobs[fault].job_id) == []


async def test_buttons_that_are_refused_at_first_work_a_moment_later(studio: Studio, jobs: Jobs) -> None:
    pressed = [await studio.press(await studio.picture(jobs[fault]), "U2") for fault in sorted(ACTION)]
    for asked in pressed:
        await studio.says(asked.answer, "try again in a moment")
    for asked in pressed:
        assert "Upscale of picture 2" in (await studio.picture(asked)).text()
    assert [len(studio.charges(asked)) for asked in pressed] == [1] * len(ACTION)


async def test_a_button_of_a_picture_whose_account_is_gone_says_so(studio: Studio, jobs: Jobs) -> None:
    pressed = await studio.press(await studio.picture(jobs["disabled"]), "V2")
    await studio.says(pressed.answer, "no longer known to Midjourney", "Nothing was charged")
    assert studio.charges(pressed) == []


async def test_a_success_without_a_picture_is_asked_for_again_before_it_counts(calm: Studio) -> None:
    calm.comet.hold()
    asked = await calm.ask("a fox [[no-image]]")
    task = calm.comet.tasks[await calm.task_of(asked)]
    calm.comet.release()
    async with asyncio.timeout(WITHIN):
        while task.status != "SUCCESS":  # noqa: ASYNC110 - the API's scripts have no event to wait for
            await asyncio.sleep(0.02)
    looks = calm.comet.requests.fetches
    async with asyncio.timeout(WITHIN):
        while calm.comet.requests.fetches < looks + 3:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.02)
    assert "started <t:" in asked.answer.text()
    assert calm.posts(asked.job_id) == []
    assert len(calm.charges(asked)) == 1


async def test_a_task_that_the_api_gives_up_after_an_hour_ends_in_a_sentence(calm: Studio) -> None:
    asked = await calm.ask("a fox [[stuck]]")
    await calm.task_of(asked)
    calm.comet.advance(3600)
    await calm.says(asked.answer, "took more than an hour and was given up")
    (charge,) = calm.charges(asked)
    assert charge.refunded


async def test_lists_that_are_no_use_delay_nothing_for_good(calm: Studio) -> None:
    calm.comet.hold()
    jobs = await asyncio.gather(*(calm.ask(f"{number} foxes") for number in ("two", "three", "four", "five")))
    for asked in jobs:
        await calm.task_of(asked)
    for fault in LOOKS:
        calm.comet.faults.set(fault, times=2)
    async with asyncio.timeout(WITHIN):
        while calm.comet.faults.active:  # noqa: ASYNC110 - the API's switches have no event to wait for
            await asyncio.sleep(0.02)
    calm.comet.release()
    for asked in jobs:
        await calm.picture(asked)
    assert [len(calm.charges(asked)) for asked in jobs] == [1] * 4


async def test_a_picture_comes_once_the_api_can_be_looked_at_again(calm: Studio) -> None:
    calm.comet.hold()
    asked = await calm.ask("a patient fox")
    await calm.task_of(asked)
    calm.comet.faults.set(Fault.FETCH_OUTAGE, times=2)
    calm.comet.release()
    await calm.picture(asked)
    assert Fault.FETCH_OUTAGE not in calm.comet.faults.active
    assert len(calm.charges(asked)) == 1


async def test_an_outage_loses_no_picture_and_leaves_doubt_only_about_what_was_sent_into_it(calm: Studio) -> None:
    calm.comet.hold()
    before = await calm.ask("a fox before the outage")
    await calm.task_of(before)
    calm.comet.faults.set(Fault.OUTAGE, times=None)
    within = await calm.ask("a fox in the outage")
    await calm.says(within.answer, "not known whether Midjourney took this request")
    assert within.answer.button(AGAIN)
    calm.comet.faults.clear()
    calm.comet.release()
    await calm.picture(before)
    assert [len(calm.charges(asked)) for asked in (before, within)] == [1, 0]


async def test_what_cannot_have_arrived_is_sent_again_by_itself(calm: Studio) -> None:
    await calm.comet.stop_listening()
    asked = await calm.ask("a fox at a closed door")
    await calm.says(asked.answer, "cannot be reached; I keep trying", "Canceling is free")
    await calm.comet.listen_again()
    await calm.picture(asked)
    assert len(calm.charges(asked)) == 1


async def test_nothing_is_sent_into_an_outage_that_was_there_first_and_cancelling_is_free(tmp_path: Path) -> None:
    async with open_studio(tmp_path) as studio:
        studio.comet.faults.set(Fault.OUTAGE, times=None)
        asked = await studio.ask("a fox")
        await studio.says(asked.answer, "cannot be reached; I keep trying", "Canceling is free")
        await (await studio.click(asked.answer, "Cancel", by=studio.world.member)).answer()
        await studio.says(asked.answer, "Canceled. Nothing was sent")
        assert studio.comet.requests.submits == 0
        studio.check_promises()


async def check_the_owners_turn(folder: Path, fault: Fault) -> None:
    why, meanwhile = OWNER[fault]
    async with open_studio(folder) as studio:
        studio.comet.faults.set(fault, times=None)
        refused = await studio.ask("a refused fox")
        await studio.says(refused.answer, why, "Nothing was charged", "owner")
        submits = studio.comet.requests.submits
        held = await studio.ask("a fox that waits")
        await studio.says(held.answer, meanwhile, "I keep trying", "Canceling is free")
        assert studio.comet.requests.submits == submits
        studio.comet.faults.clear()
        await studio.scenario.bot.terminate()
        await studio.scenario.start_bot(within=WITHIN)
        await studio.picture(held)
        assert [len(studio.charges(asked)) for asked in (refused, held)] == [0, 1]
        studio.check_promises()


async def test_what_only_the_owner_can_mend_fails_one_job_and_holds_the_others(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folders = [(tmp_path_factory.mktemp("owner"), fault) for fault in OWNER]
    await asyncio.gather(*(check_the_owners_turn(folder, fault) for folder, fault in folders))
