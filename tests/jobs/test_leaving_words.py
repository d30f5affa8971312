"""The words of whoever leaves go from what others made with them; pictures and words of the others' own stay theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest

from bot.errors import ActionUnavailable, CometUncertain
from bot.jobs.requests import Filled, Wish
from bot.model import Accepted, Failure, Kind, Order, Speed, Status
from tests.builders import new_job
from tests.fakes import GRID
from tests.jobs.test_leaving import CANARY, ME, YOU, finished, traces

if TYPE_CHECKING:
    from bot.model import Job
    from tests.jobs.conftest import House

UPSCALE: Final = 0
VARIATION: Final = 4


async def made(house: House, parent: str, index: int, user_id: int, prompt: str | None = None) -> Job:
    """Have somebody press a button, with a prompt of their own or none, and see what comes of it."""
    filled = None if prompt is None else Filled(prompt=prompt)
    job_id = (await house.press(parent, index, filled, user_id=user_id)).job.id
    await end(house, job_id)
    return await house.job(job_id)


async def end(house: House, job_id: str) -> None:
    """Have a job of somebody end well, with words in all that the API says of it."""
    await house.settle()
    job = await house.job(job_id)
    assert job.task_id is not None
    house.api.finish(job.task_id)
    house.api.tasks[job.task_id] = replace(
        house.api.tasks[job.task_id], final_prompt=f"{job.prompt} --v 7", actions=GRID
    )
    await house.pass_time(12)


async def found(house: House, words: str, user_id: int = YOU) -> list[str]:
    """Return what a person finds when they search."""
    rows = await house.database.read("SELECT job_id, folded FROM searches WHERE user_id = ?", (user_id,))
    return [row["job_id"] for row in rows if words in row["folded"]]


async def test_what_others_made_stays_theirs_without_the_words(house: House) -> None:
    mine = await finished(house, f"{CANARY} --ar 3:2", ME)
    theirs = await made(house, mine.id, VARIATION, YOU)
    further = await made(house, theirs.id, VARIATION, YOU + 1)
    again = (await house.engine.services.again.run(house.origin(YOU), mine.id)).job.id
    await house.engine.services.jobs.answered(again, 1)
    await end(house, again)
    await house.engine.services.forms.keep(YOU, "remix", {"job": theirs.id, "prompt": CANARY})
    assert (theirs.prompt, further.prompt) == (mine.prompt, mine.prompt)
    assert await found(house, CANARY) == [theirs.id, again]

    await house.engine.services.privacy.erase(ME)

    assert traces(house.folder, mine.id) == []
    for job_id, person in ((theirs.id, YOU), (further.id, YOU + 1), (again, YOU)):
        kept = await house.job(job_id)
        assert (kept.status, kept.user_id, kept.prompt, kept.final_prompt) == (Status.SUCCEEDED, person, "", "")
        assert await house.engine.pictures.obtain(kept) is not None
    assert await made(house, theirs.id, UPSCALE, YOU), "its buttons go on working"
    assert len(house.api.charges) == 5


async def test_what_somebody_wrote_themselves_is_theirs(house: House) -> None:
    mine = await finished(house, CANARY, ME)
    theirs = await made(house, mine.id, VARIATION, YOU, "a canarylike bird")
    back = await made(house, theirs.id, VARIATION, ME)
    further = await made(house, back.id, VARIATION, YOU + 1)

    await house.engine.services.privacy.erase(ME)

    assert traces(house.folder, mine.id, back.id) == []
    assert [(await house.job(job.id)).prompt for job in (theirs, further)] == ["a canarylike bird"] * 2


async def test_a_prompt_that_holds_the_whole_of_it_goes_and_one_that_only_has_its_letters_does_not(
    house: House,
) -> None:
    mine = await finished(house, "cat", ME)
    longer = await made(house, mine.id, VARIATION, YOU, "a cat, in oil")
    another = await made(house, mine.id, VARIATION + 1, YOU, "a cathedral")

    await house.engine.services.privacy.erase(ME)

    assert ((await house.job(longer.id)).prompt, (await house.job(another.id)).prompt) == ("", "a cathedral")


async def test_words_that_came_back_to_their_author_are_followed_all_the_way(house: House) -> None:
    mine = await finished(house, CANARY, ME)
    theirs = await made(house, mine.id, VARIATION, YOU)
    back = await made(house, theirs.id, VARIATION, ME)
    further = await made(house, back.id, VARIATION, YOU)

    await house.engine.services.privacy.erase(ME)

    assert traces(house.folder, mine.id, back.id) == []
    assert [(await house.job(job.id)).prompt for job in (theirs, further)] == ["", ""]


async def test_a_prompt_that_was_taken_away_is_never_sent_as_an_empty_one(house: House) -> None:
    name = await house.picture()
    wish = Wish(kind=Kind.IMAGINE, prompt=CANARY, speed=Speed.FAST, order=Order(images=(name,)))
    mine = await house.begin(wish, user_id=ME)
    await end(house, mine)
    again = (await house.engine.services.again.run(house.origin(YOU), mine)).job.id
    await house.engine.services.jobs.answered(again, 1)
    await end(house, again)
    theirs = await made(house, mine, VARIATION, YOU)
    await house.engine.services.privacy.erase(ME)
    charged = len(house.api.charges)

    with pytest.raises(ActionUnavailable, match="no prompt to run again"):
        await house.engine.services.again.run(house.origin(YOU), again)
    house.api.accept_as = [Accepted(task_id="", needs_input=True)]  # an account in remix mode asks for a prompt
    pressed = (await house.press(theirs.id, VARIATION + 1, user_id=YOU)).job.id
    await house.pass_time(30)

    assert (await house.job(pressed)).failure is Failure.WORDS_GONE
    assert house.api.modals == []
    assert len(house.api.charges) == charged + 1, "the press itself, and nothing without words"


async def test_what_is_made_of_words_that_are_on_their_way_loses_them_too(house: House) -> None:
    mine = await finished(house, CANARY, ME)
    waiting = (await house.engine.services.again.run(house.origin(YOU), mine.id)).job.id
    await house.engine.services.privacy.erase(ME)
    await house.engine.services.jobs.answered(waiting, 1)
    await house.settle()
    further = (await house.engine.services.again.run(house.origin(YOU + 1), waiting)).job.id
    await house.engine.services.jobs.answered(further, 2)
    for job_id in (waiting, further):
        await end(house, job_id)
        await house.engine.services.privacy.leaving.step()
        assert (await house.job(job_id)).prompt == ""
    assert traces(house.folder, mine.id) == []


async def test_what_was_asked_for_while_its_author_was_leaving_loses_their_words_too(house: House) -> None:
    """The press came first and was written down second, when what it is made from was nobody's already."""
    mine = await house.imagine(CANARY, user_id=ME)
    await house.settle()
    late = replace(new_job(7, user_id=YOU, prompt=CANARY, parent_id=mine), created_at=house.clock.now())
    await house.engine.services.privacy.erase(ME)
    _, job = await house.store.add(replace(late, give_up_at=late.created_at + timedelta(hours=1)))
    await house.store.answered(job.id, 8999, house.clock.now())
    await end(house, job.id)
    assert [charge.what for charge in house.api.charges] == [CANARY, CANARY]
    await end(house, mine)
    await house.engine.services.privacy.leaving.step()
    assert (await house.job(job.id)).prompt == ""
    assert traces(house.folder, mine) == []


@pytest.mark.parametrize("gone", ["left", "deleted", "old"])
async def test_words_are_found_past_somebody_who_added_some(house: House, gone: str) -> None:
    mine = await finished(house, "red heron", ME)
    theirs = await made(house, mine.id, VARIATION, YOU, "a red heron, in oil")
    further = await made(house, theirs.id, VARIATION, YOU + 1, "a red heron at sea")
    if gone == "left":
        await house.engine.services.privacy.erase(YOU)
    elif gone == "deleted":
        await house.engine.services.deletions.delete(house.origin(YOU), theirs.id)
    else:
        retention = house.engine.services.privacy.retention
        retention.life = house.clock.now() - further.created_at
        await retention.step()

    await house.engine.services.privacy.erase(ME)

    assert (await house.job(further.id)).prompt == ""
    assert [trace for trace in traces(house.folder) if "heron" in trace] == []
    assert not any(b"red heron" in path.read_bytes() for path in house.folder.glob("easel.db*"))


async def test_words_are_found_past_somebody_who_left_before(house: House) -> None:
    mine = await finished(house, CANARY, ME)
    theirs = await made(house, mine.id, VARIATION, YOU)
    further = await made(house, theirs.id, VARIATION, YOU + 1)
    last = await made(house, further.id, VARIATION, YOU + 2)

    await house.engine.services.privacy.erase(YOU)
    assert (await house.job(further.id)).prompt == CANARY, "they are not the words of whoever left"
    await house.engine.services.privacy.erase(YOU + 1)
    await house.engine.services.privacy.erase(ME)

    assert (await house.job(last.id)).prompt == ""
    assert traces(house.folder, mine.id, theirs.id, further.id) == []


async def test_words_are_found_past_what_has_grown_too_old(house: House) -> None:
    mine = await finished(house, CANARY, ME)
    theirs = await made(house, mine.id, VARIATION, YOU)
    further = await made(house, theirs.id, VARIATION, YOU + 1)
    retention = house.engine.services.privacy.retention
    retention.life = house.clock.now() - further.created_at
    await retention.step()
    assert await house.store.get(theirs.id) is None

    await house.engine.services.privacy.erase(ME)

    assert (await house.job(further.id)).prompt == ""
    assert traces(house.folder, mine.id) == []


async def test_what_is_under_way_is_sent_and_shown_with_its_words_which_go_afterwards(house: House) -> None:
    mine = await finished(house, CANARY, ME)
    waiting = await house.engine.services.again.run(house.origin(YOU), mine.id)

    await house.engine.services.privacy.erase(ME)
    assert (await house.job(waiting.job.id)).prompt == CANARY
    await house.engine.services.jobs.answered(waiting.job.id, 1)
    await end(house, waiting.job.id)

    assert [charge.what for charge in house.api.charges] == [CANARY, CANARY]
    assert house.discord.messages[-1].job.prompt == CANARY
    await house.engine.services.privacy.leaving.step()
    kept = await house.job(waiting.job.id)
    assert (kept.status, kept.prompt, kept.final_prompt) == (Status.SUCCEEDED, "", "")
    assert traces(house.folder, mine.id) == []
    assert await house.database.read("SELECT * FROM borrowings") == []


async def test_an_outcome_in_doubt_loses_its_words_whatever_comes_of_it(house: House) -> None:
    mine = await finished(house, CANARY, ME)
    house.api.lost_answers = [CometUncertain("cut")]
    unsure = (await house.engine.services.again.run(house.origin(YOU), mine.id)).job.id
    await house.engine.services.jobs.answered(unsure, 1)
    await house.pass_time(12)
    assert (await house.job(unsure)).status is Status.UNKNOWN

    await house.engine.services.privacy.erase(ME)
    await house.engine.services.privacy.leaving.step()

    assert traces(house.folder, mine.id) == []
    with pytest.raises(ActionUnavailable, match="no prompt to run again"):
        await house.engine.services.again.submit(house.origin(YOU), unsure)
    assert len(house.api.charges) == 2
    assert await house.database.read("SELECT * FROM borrowings") != [], "it may still turn out well"


async def test_what_grows_too_old_takes_no_words_from_anybody(house: House) -> None:
    mine = await finished(house, CANARY, ME)
    theirs = await made(house, mine.id, VARIATION, YOU)
    retention = house.engine.services.privacy.retention
    retention.life = house.clock.now() - theirs.created_at
    await retention.step()
    assert await house.store.get(mine.id) is None
    assert (await house.job(theirs.id)).prompt == CANARY


async def test_with_a_clock_that_was_set_back_everything_goes_all_the_same(house: House) -> None:
    later = await finished(house, CANARY, ME)
    await house.engine.services.forms.keep(ME, "imagine", {"prompt": CANARY})
    house.clock.jump(-timedelta(days=3).total_seconds())
    earlier = await finished(house, f"{CANARY} too", ME)

    assert await house.engine.services.privacy.erase(ME) == 2

    assert traces(house.folder, later.id, earlier.id) == []
    back = await finished(house, "a fox", ME)
    await house.restart()
    assert (await house.job(back.id)).prompt == "a fox", "who comes back stays"
