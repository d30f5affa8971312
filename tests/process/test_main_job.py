"""The main job, end to end: one bot process between both sandboxes, and people who ask, press and look."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from sandbox.comet import Fault
from tests.process.studio import COMET, job_of, open_studio

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from sandbox.discord import Message
    from sandbox.discord.refusals import Json
    from tests.process.studio import Studio

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(60)]

NINE = {"U1", "U2", "U3", "U4", "🔄", "V1", "V2", "V3", "V4"}
GRID = sorted({*NINE, "Details"})


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def studio(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Studio]:
    async with open_studio(tmp_path_factory.mktemp("main")) as studio:
        yield studio
        studio.check_promises()


def faces(message: Message) -> list[str]:
    """Return what stands on the buttons, sorted: the order is for the tests of the layout."""
    return sorted(button.label or button.emoji or "" for button in message.buttons())


async def test_a_prompt_becomes_a_picture_with_its_buttons_and_the_progress_message_goes(studio: Studio) -> None:
    asked = await studio.ask("a fox in deep snow", {"model": "Midjourney 7"})
    member = studio.world.member
    assert asked.answer.ephemeral_to is None
    assert asked.call.acknowledged_after is not None
    assert asked.call.acknowledged_after < 3
    post = await studio.picture(asked)
    assert faces(post) == GRID
    assert (post.author, post.channel) == (studio.world.bot, studio.world.general)
    assert post.mentions == [member.id]
    for part in ("a fox in deep snow --v 7", member.mention, "fast", " s"):
        assert part in post.text()
    (file,) = post.attachments
    assert file.filename == f"easel-{asked.job_id.lower()}.png"
    assert file.content_type == "image/png"
    assert file.description == "Imagine: a fox in deep snow --v 7"
    assert asked.answer.deleted
    (charge,) = studio.charges(asked)
    assert (charge.action, charge.speed, charge.prompt) == ("IMAGINE", "fast", "a fox in deep snow --v 7")


async def test_the_progress_message_shows_percent_bar_and_preview_and_never_repeats_itself(studio: Studio) -> None:
    edits: list[str] = []
    studio.comet.hold()
    asked = await studio.ask("a slow fox")

    def note(event: Json) -> None:
        if event["type"] == "message_update" and event["message"]["id"] == str(asked.answer.id):
            edits.append(asked.answer.text())

    unsubscribe = studio.discord.subscribe(note)
    task_id = await studio.task_of(asked)
    for percent, boxes in ((31, "▰▰▰▱▱▱▱▱▱▱"), (78, "▰▰▰▰▰▰▰▱▱▱")):
        studio.comet.set_progress(task_id, percent)
        await studio.says(asked.answer, f"{boxes} {percent} %", "fast", "started <t:")
    (embed,) = asked.answer.embeds
    assert task_id in embed["image"]["url"]
    assert embed["image"]["url"].startswith(studio.comet.url)
    studio.comet.finish(task_id)
    await studio.picture(asked)
    studio.comet.release()
    unsubscribe()
    assert [percent for text in edits for percent in re.findall(r"(\d+) %", text)] == ["31", "78"]
    assert len(edits) == len(set(edits))


async def test_nobody_but_the_one_who_asked_is_pinged_whatever_the_prompt_says(studio: Studio) -> None:
    world = studio.world
    role = next(iter(world.guild.roles))
    asked = await studio.ask(f"a fox @everyone @here {world.owner.mention} <@&{role}>")
    post = await studio.picture(asked)
    single = await studio.picture(await studio.press(post, "U1"))
    assert post.mentions == [world.member.id]
    assert single.mentions == [world.owner.id]
    for message in (asked.answer, post, single):
        assert not message.mention_everyone
    assert asked.answer.mentions == []
    assert [m for m in studio.discord.messages(world.general) if m.mention_everyone] == []


async def check_the_family(studio: Studio, prompt: str) -> None:
    """Grid → U2 → everything that the single offers without a question; each is charged once."""
    grid = await studio.made(prompt)
    up = await studio.press(grid, "U2")
    single = await studio.picture(up)
    assert "Upscale of picture 2 of" in single.text()
    assert f"/{grid.id}>" in single.text()
    assert len(single.buttons()) > len(NINE)
    children = [up]
    for label, emoji in (("Upscale (Subtle)", ""), ("Zoom Out 2x", ""), ("Vary (Strong)", ""), ("", "⬅️")):
        children.append(await studio.press(single, label, emoji=emoji, by=studio.world.member))
    posts = [await studio.picture(child) for child in children[1:]]
    assert "Vary (Subtle)" in faces(posts[0])
    assert all(set(faces(post)) >= NINE for post in posts[1:])
    for post, origin in zip(posts, ("Upscale (Subtle)", "Zoom Out 2x", "Vary (Strong)", "Pan left"), strict=True):
        assert f"{origin} of" in post.text().replace("\\", "")
        assert f"/{single.id}>" in post.text()
        assert post.mentions == [studio.world.member.id]
    assert all(len(studio.charges(child)) == 1 for child in children)
    assert len(studio.comet.charges()) == len({charge.echo for charge in studio.comet.ledger})


async def test_upscale_zoom_vary_and_pan_follow_from_a_grid_and_each_is_charged_once(studio: Studio) -> None:
    await check_the_family(studio, "a family of foxes")


async def test_against_the_self_hosted_proxy_the_same_works(tmp_path: Path) -> None:
    async with open_studio(tmp_path, comet=replace(COMET, profile="ancestor")) as studio:
        await check_the_family(studio, "a family of foxes")
        post = await studio.made("a fox to vary")
        varied = await studio.press(post, "V3")
        assert faces(await studio.picture(varied)) == GRID
        assert len(studio.charges(varied)) == 1
        studio.check_promises()


async def test_a_pressed_u_shows_the_same_picture_again_to_anybody_without_a_charge(studio: Studio) -> None:
    grid = await studio.made("a shared fox")
    up = await studio.press(grid, "U2")
    single = await studio.picture(up)
    before = len(studio.comet.ledger)
    again = await studio.accepted(await studio.click(grid, "U2", by=studio.world.guest))
    await studio.until(lambda: bool(again.answer.attachments))
    assert again.job_id == up.job_id
    assert f"shown again for {studio.world.guest.mention}, free of charge" in again.answer.text()
    assert faces(again.answer) == faces(single)
    assert again.answer.attachments[0].data == single.attachments[0].data
    assert len(studio.comet.ledger) == before


async def test_two_people_who_press_u3_at_once_make_one_job(studio: Studio) -> None:
    grid = await studio.made("a wanted fox")
    before = len(studio.comet.ledger)
    people = (studio.world.owner, studio.world.member)
    calls = await asyncio.gather(*(studio.click(grid, "U3", by=person) for person in people))
    answers = [await call.answer() for call in calls]
    assert sorted(answer.ephemeral for answer in answers) == [False, True]
    first, second = calls if answers[1].ephemeral else reversed(calls)
    assert "on its way already" in await studio.refused(second)
    await studio.picture(await studio.accepted(first))
    assert len(studio.comet.ledger) == before + 1


async def test_a_double_click_on_v1_makes_one_job_and_two_people_two(studio: Studio) -> None:
    grid = await studio.made("a doubled fox")
    before = len(studio.comet.ledger)
    first, second = [await studio.click(grid, "V1", by=studio.world.member) for _ in range(2)]
    asked = await studio.accepted(first)
    assert "on its way already" in await studio.refused(second)
    other = await studio.press(grid, "V1", by=studio.world.owner)
    assert other.job_id != asked.job_id
    for variation in (asked, other):
        assert "Variation 1 of" in (await studio.picture(variation)).text()
    assert len(studio.comet.ledger) == before + 2


async def test_buttons_that_need_input_ask_for_it_and_only_then_send(studio: Studio) -> None:
    grid = await studio.made("a fox with more to ask --v 7")
    single = await studio.picture(await studio.press(grid, "U4"))
    before = studio.comet.requests.submits
    form = (await (await studio.click(single, "Custom Zoom")).answer()).modal
    assert form is not None
    (field,) = form.fields()
    assert (form.title, field.value) == ("Custom Zoom", "a fox with more to ask --v 7 --zoom 2")
    assert studio.comet.requests.submits == before
    person = studio.discord.person(studio.world.owner)
    prompt = "a fox from far away --v 7 --zoom 1.7"
    asked = await studio.accepted(await person.submit_modal(form, {field.custom_id: prompt}))
    assert "Custom Zoom" in (await studio.picture(asked)).text()
    (task,) = {charge.task_id for charge in studio.charges(asked)}
    assert studio.comet.tasks[task].order.given.modal_prompt == prompt


async def test_several_pictures_are_confirmed_first_and_told_together(studio: Studio) -> None:
    before = studio.comet.requests.submits
    question = await studio.private(await studio.slash("imagine", {"prompt": "a {tame, wild} fox"}))
    assert "2 pictures" in question.text()
    assert studio.comet.requests.submits == before
    await studio.click(question, "Make 2 pictures (about $0.12)", by=studio.world.member)
    batch = await studio.discord.wait_message(lambda message: "of 2 done" in message.content)
    await studio.says(batch, "2 of 2 done")
    await studio.until(lambda: bool(batch.attachments))
    assert [charge.prompt for charge in studio.comet.ledger].count("a wild fox") == 1


async def test_options_reach_the_api(studio: Studio) -> None:
    choices = {
        "a fox of choice --ar 16:9 --niji 7": {"aspect": "16:9", "model": "Niji 7", "speed": "relax"},
        "a fox of choice": {"speed": "turbo"},
        "a fox of choice --ar 3:7": {"aspect": "3:7"},
    }
    jobs = [await studio.ask("a fox of choice", options) for options in choices.values()]
    for asked, sent, options in zip(jobs, choices, choices.values(), strict=True):
        speed = options.get("speed", "fast")
        assert speed in (await studio.picture(asked)).text()
        (charge,) = studio.charges(asked)
        assert (charge.prompt, charge.speed) == (sent, speed)
        assert f"POST /mj-{speed}/mj/submit/imagine" in studio.comet.log


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"prompt": "a fox --ar wide"}, r"--ar"),
        ({"prompt": "a fox -ar 16:9"}, r"needs two dashes: .*--ar 16:9"),
        ({"prompt": "a fox --stylise 200"}, r"--stylize"),
        ({"prompt": "a fox --turbo"}, r"option `speed`"),
        ({"prompt": "a {red,blue fox"}, r"`a \{"),
        ({"prompt": "a fox --video"}, r"press \*Animate\*"),
        ({"prompt": "--v 7"}, r"(?i)before|what the picture should show"),
        ({"prompt": "a fox --ar 2:3", "aspect": "16:9"}, r"set twice"),
        ({"prompt": "a fox", "aspect": "wide"}, r"wide"),
    ],
)
async def test_a_prompt_that_cannot_be_sent_is_refused_in_private_with_the_reason(
    studio: Studio, typed: dict[str, str], reason: str
) -> None:
    before = studio.comet.requests.submits
    call = await studio.slash("imagine", typed)
    sentence = await studio.refused(call)
    assert re.search(reason, sentence), sentence
    assert studio.comet.requests.submits == before


async def test_history_lists_ones_own_and_opens_one_with_its_picture_and_live_buttons(studio: Studio) -> None:
    world = studio.world
    asked = await studio.ask("a remembered fox", by=world.owner)
    post = await studio.picture(asked)
    await studio.made("a fox of somebody else")
    panel = await studio.private(await studio.slash("history", by=world.owner))
    assert "a remembered fox" in panel.text()
    assert f"/{post.id}>" in panel.text()
    assert len(panel.attachments) >= 1  # others may have been made before
    assert "a fox of somebody else" not in panel.text()
    call = await studio.click(panel, "Open", by=world.owner)
    opened = await studio.private(call)
    await studio.until(lambda: bool(opened.attachments))
    assert faces(opened) == GRID
    up = await studio.picture(await studio.press(opened, "U1", by=world.owner))
    assert "Upscale of picture 1 of" in up.text()


async def test_show_brings_a_picture_by_its_id_or_file_name_and_not_somebody_elses_from_elsewhere(
    studio: Studio,
) -> None:
    world = studio.world
    asked = await studio.ask("a fox to find")
    post = await studio.picture(asked)
    for named in (asked.job_id, post.attachments[0].filename):
        shown = await studio.private(await studio.slash("show", {"job": named}, channel=world.gallery))
        await studio.until(lambda shown=shown: bool(shown.attachments))
        assert faces(shown) == GRID
        assert "a fox to find" in shown.text()
    call = await studio.slash("show", {"job": asked.job_id}, by=world.owner, channel=world.gallery)
    assert "no such job" in await studio.refused(call)


async def test_a_job_that_waits_for_a_place_can_be_cancelled_for_free(studio: Studio) -> None:
    studio.comet.faults.set(Fault.QUEUE_FULL, times=None)
    asked = await studio.ask("a fox in the queue")
    await studio.says(asked.answer, "queue is full; I keep trying")
    assert "Only the person" in await studio.refused(await studio.click(asked.answer, "Cancel", by=studio.world.guest))
    call = await studio.click(asked.answer, "Cancel", by=studio.world.member)
    await call.answer()
    assert "Canceled. Nothing was sent" in await studio.says(asked.answer, "nothing was charged")
    assert faces(asked.answer) == ["Details"]
    studio.comet.faults.clear()
    assert studio.charges(asked) == []
    assert studio.posts(asked.job_id) == []


async def test_details_tell_one_person_everything_about_a_job(studio: Studio) -> None:
    asked = await studio.ask("a documented fox")
    post = await studio.picture(asked)
    details = await studio.private(await studio.click(post, "Details"))
    for fact in ("a documented fox", asked.job_id, "done", "fast", "$0.056"):
        assert fact in details.text()
    assert job_of(details) is None
