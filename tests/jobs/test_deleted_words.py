"""The words of a job that was deleted go with it, and are found in what others made all the same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.jobs.requests import Wish
from bot.model import Applied, Kind, Order, Source, Speed, Status
from tests.builders import new_job
from tests.jobs.test_exports import exported, records
from tests.jobs.test_leaving import CANARY, ME, YOU, traces
from tests.jobs.test_leaving_words import UPSCALE, VARIATION, end, made

if TYPE_CHECKING:
    from bot.model import Job
    from tests.jobs.conftest import House

#: All columns in which people's words or ways to their pictures stand.
WORDY: Final = (
    "prompt",
    "final_prompt",
    "result_text",
    "failure_detail",
    "preview_url",
    "media_url",
    "more_urls",
    "seed",
    "picture",
)


async def delete(house: House, job_id: str, user_id: int = ME) -> None:
    await house.engine.services.deletions.delete(house.origin(user_id), job_id)


async def words(house: House, job_id: str) -> set[str]:
    """Return which of these columns still hold something."""
    [row] = await house.database.read("SELECT * FROM jobs WHERE id = ?", (job_id,))
    return {column for column in WORDY if row[column]}


async def begun(house: House, user_id: int = ME) -> Job:
    """Return a grid with words in all that the API says of it."""
    job_id = await house.imagine(f"{CANARY} --ar 3:2", user_id=user_id)
    await end(house, job_id)
    await house.store.note(job_id, {"seed": "1", "preview_url": "https://a.b/c"}, house.clock.now())
    return await house.job(job_id)


async def test_a_job_from_which_nothing_was_made_keeps_no_word(house: House) -> None:
    job = await begun(house)
    assert await words(house, job.id) >= {"prompt", "final_prompt", "media_url", "seed", "preview_url", "picture"}
    await delete(house, job.id)
    assert await words(house, job.id) == set()
    await house.database.scrub()
    assert [trace for trace in traces(house.folder) if CANARY in trace] == []


async def test_what_was_used_is_counted_as_before(house: House) -> None:
    job = await begun(house)
    before = (await house.engine.services.usage.account(ME)).month
    await delete(house, job.id)
    assert (await house.engine.services.usage.account(ME)).month == before
    assert before.jobs == 1


async def test_what_is_heard_of_it_late_is_not_written_down(house: House) -> None:
    job_id, task_id = await house.running()
    await house.pass_time(76 * 60, every=20)
    assert (await house.job(job_id)).status is Status.EXPIRED
    await delete(house, job_id, user_id=1)
    changes = {"final_prompt": CANARY, "media_url": "https://a.b/fox.png", "result_text": CANARY, "seed": "1"}
    await house.store.note(job_id, changes, house.clock.now())  # pyright: ignore[reportArgumentType] - a TypedDict
    house.api.finish(task_id)
    await house.pass_time(60, every=5)
    assert await words(house, job_id) == set()


async def test_words_out_of_settings_go_too_and_the_rest_of_how_it_was_sent_stays(house: House) -> None:
    name = await house.picture()
    order = Order(images=(name,), applied=(Applied(words=CANARY, source=Source.PERSON),))
    job_id = await house.begin(
        Wish(kind=Kind.IMAGINE, prompt=f"a fox {CANARY}", speed=Speed.FAST, order=order), user_id=ME
    )
    await end(house, job_id)
    await delete(house, job_id)
    assert (await house.job(job_id)).order == replace(order, applied=())


async def test_what_was_made_from_it_keeps_its_own_words(house: House) -> None:
    grid = await begun(house)
    variation = await made(house, grid.id, VARIATION, ME)
    upscale = await made(house, variation.id, UPSCALE, YOU)

    await delete(house, grid.id)
    await delete(house, variation.id)

    assert await words(house, grid.id) == await words(house, variation.id) == set()
    assert (await house.job(upscale.id)).prompt == grid.prompt


async def test_whoever_leaves_takes_their_words_along_also_out_of_what_was_made_from_deleted_jobs(house: House) -> None:
    grid = await begun(house)
    variation = await made(house, grid.id, VARIATION, ME)
    theirs = await made(house, variation.id, VARIATION, YOU)
    further = await made(house, theirs.id, UPSCALE, YOU + 1)
    for job in (variation, grid):
        await delete(house, job.id)
    await delete(house, theirs.id, user_id=YOU)
    assert CANARY in (await house.job(further.id)).prompt, "deleting one job takes nothing from anybody else"

    await house.engine.services.privacy.erase(ME)

    left = await house.job(further.id)
    assert (left.prompt, left.final_prompt, left.user_id) == ("", "", YOU + 1)
    assert traces(house.folder) == []


async def test_a_job_that_was_asked_for_while_the_other_was_deleted_loses_the_words_with_their_author(
    house: House,
) -> None:
    """The press came first and was written down second: nobody could tell later whose words it has."""
    grid = await begun(house)
    pressed_at = house.clock.now()
    late = new_job(7, user_id=YOU, prompt=grid.prompt, parent_id=grid.id, action_index=VARIATION)
    late = replace(late, created_at=pressed_at, give_up_at=pressed_at.replace(year=2099))
    house.clock.advance(1)
    await delete(house, grid.id)
    _, job = await house.store.add(late)
    await house.store.answered(job.id, 8999, house.clock.now())
    await end(house, job.id)
    assert (await house.job(job.id)).prompt == grid.prompt

    await house.engine.services.privacy.erase(ME)

    assert await words(house, job.id) == {"media_url", "picture"}
    assert traces(house.folder) == []


async def test_family_history_and_rerun_of_what_is_left_work_as_before(house: House) -> None:
    grid = await begun(house)
    kept = await made(house, grid.id, VARIATION, ME)
    await delete(house, grid.id)
    services = house.engine.services

    family = await services.families.of(house.origin(ME), kept.id)
    assert [(member.job.id, member.is_gap) for member in family.members] == [(grid.id, True), (kept.id, False)]
    page = await services.library.history(ME)
    assert [job.id for job in page.jobs] == [kept.id]
    again = await services.again.run(house.origin(ME), kept.id)
    assert again.job.prompt == kept.prompt


async def test_a_batch_keeps_what_was_typed_while_one_of_its_jobs_is_left(house: House) -> None:
    jobs = [replace(new_job(number), user_id=ME, batch_id="batch") for number in (1, 2)]
    sql = (
        "INSERT INTO batches (id, user_id, channel_id, prompt, locale, attachment_size_limit, application_id, "
        "created_at) VALUES ('batch', ?, 1, '{a, b}', 'en-US', 1, 1, 1)"
    )
    await house.database.write(lambda connection: connection.execute(sql, (ME,)) and None)
    for new in jobs:
        await house.store.add(new)
        await house.store.transition(new.id, Status.QUEUED, Status.CANCELLED, at=house.clock.now())
    for new, left in zip(jobs, ("{a, b}", ""), strict=True):
        await delete(house, new.id)
        [batch] = await house.memory.exports.batches(ME)
        assert batch.prompt == left


async def test_an_export_says_of_a_deleted_job_what_is_kept_and_no_more(house: House) -> None:
    job = await begun(house)
    await delete(house, job.id)
    [archive] = await exported(house)
    [record] = records(archive)
    assert (record["id"], record["prompt"], record["kind"]) == (job.id, "", "imagine")
