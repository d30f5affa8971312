"""Forms: opened from what is stored, sent on only when they come back, after a restart too; no text is ever lost."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.errors import StorageError
from bot.model import Accepted, Action, Kind
from cogs.custom_ids import FormName, Verb, draft_form, job_button, job_form, suggestion_slot

if TYPE_CHECKING:
    import pytest

    from sandbox.discord import Answer, Call, Message, Modal
    from tests.discord.conftest import Bot

ZOOM = Action(index=0, action_id="MJ::CustomZoom::u", kind=Kind.ZOOM, label="Custom Zoom", needs_input=True)
SUGGESTED = Action(
    index=1, action_id="MJ::Job::PicReader::2", kind=Kind.IMAGINE, label="2️⃣", quadrant=2, needs_input=True
)
VARY = Action(index=2, action_id="MJ::JOB::variation::1::u", kind=Kind.VARIATION, label="V1", quadrant=1)
GONE = "01KA0000000000000000000000"
SUGGESTIONS = "1️⃣ a red cat --ar 5:4\n\n2️⃣ a blue cat --ar 5:4"


async def offered(bot: Bot, *actions: Action) -> Message:
    """Have somebody's picture made, with these buttons under it."""
    await bot.imagine("a fox")
    await bot.submitted()
    finish(bot, actions=actions)
    return await bot.picture("a fox")


async def suggested(bot: Bot, *actions: Action) -> Message:
    """Have somebody's prompt looked at, with suggestions and these buttons as what comes of it."""
    person = bot.discord.person(bot.discord.world.member)
    await person.slash("shorten", {"prompt": "a long cat"}, channel=bot.discord.world.general)
    await bot.submitted()
    finish(bot, actions=actions, text=SUGGESTIONS)
    return await bot.discord.wait_message(lambda message: "a red cat" in message.content)


def finish(bot: Bot, **changes: Any) -> None:  # noqa: ANN401 - any field of a task
    """End the one task there is well, in one step that nobody can look into."""
    task_id = bot.api.charges[0].task_id
    bot.api.finish(task_id)
    bot.api.tasks[task_id] = replace(bot.api.tasks[task_id], **changes)


async def opened(bot: Bot, message: Message, label: str = "", *, slot: str = "", guest: bool = False) -> Modal:
    """Have somebody press a button, one of the message's or one put into it, and return the form that it opens."""
    answer = await (await pressed(bot, message, label, slot=slot, guest=guest)).answer()
    assert answer.modal is not None
    return answer.modal


async def pressed(bot: Bot, message: Message, label: str = "", *, slot: str = "", guest: bool = False) -> Call:
    """Have somebody press a button."""
    person = bot.discord.person(bot.discord.world.guest if guest else bot.discord.world.member)
    if not slot:
        return await person.click(message, label=label)
    custom_id = job_button((await bot.job_of(message)).id, slot)
    message.components[0]["components"][0]["custom_id"] = custom_id
    return await person.click(message, custom_id=custom_id)


async def submitted(bot: Bot, modal: Modal, prompt: str | None = None, *, guest: bool = False) -> Answer:
    """Have somebody send a form, changed or as it is, and return the answer."""
    person = bot.discord.person(bot.discord.world.guest if guest else bot.discord.world.member)
    return await (await person.submit_modal(modal, {} if prompt is None else {"prompt": prompt})).answer()


def said(answer: Answer) -> str:
    """Return the words of a private answer."""
    assert answer.ephemeral
    assert answer.message is not None
    return answer.message.content


async def test_nothing_is_sent_before_the_form_comes_back(bot: Bot) -> None:
    picture = await offered(bot, ZOOM)
    modal = await opened(bot, picture, "Custom Zoom")
    assert modal.title == "Custom Zoom"
    field = modal.field("prompt")
    assert field.value == "a fox --zoom 2"
    assert "costs about $0.056" in (field.description or "")
    assert len(bot.api.charges) == 1
    bot.api.accept_as.append(Accepted(task_id="", needs_input=True))
    answer = await submitted(bot, modal, "a fox on ice --zoom 1.5")
    assert answer.message is not None
    assert not answer.ephemeral
    task_id = await bot.submitted(2)
    await bot.discord.wait_until(lambda: bot.api.modals == [(task_id, "a fox on ice --zoom 1.5")])
    bot.api.finish(task_id)
    await bot.picture("a fox on ice")
    assert bot.api.charges[1].what.endswith("MJ::CustomZoom::u")


async def test_a_form_opened_before_a_restart_works_after_it_and_is_not_kept_in_memory(bot: Bot) -> None:
    modal = await opened(bot, await offered(bot, ZOOM), "Custom Zoom")
    store = bot.client._connection._view_store  # pyright: ignore[reportPrivateUsage] - there is no other way to look
    assert store._modals == {}  # pyright: ignore[reportPrivateUsage] - as above
    await bot.restart()
    assert not (await submitted(bot, modal)).ephemeral
    await bot.submitted(2)


async def test_a_refused_text_comes_back_as_often_as_it_is_wrong_and_then_goes_on(bot: Bot) -> None:
    modal = await opened(bot, await offered(bot, ZOOM), "Custom Zoom")
    refused = await submitted(bot, modal, "a fox --zoom 9")
    assert "--zoom" in said(refused)
    assert "```\na fox --zoom 9\n```" in said(refused)
    assert len(bot.api.charges) == 1
    await bot.restart()
    assert refused.message is not None
    again = await opened(bot, refused.message, "Edit it")
    assert again.title == "Custom Zoom"
    assert again.field("prompt").value == "a fox --zoom 9"
    refused = await submitted(bot, again, "a fox --zoom 8")
    assert refused.message is not None
    again = await opened(bot, refused.message, "Edit it")
    assert again.field("prompt").value == "a fox --zoom 8"
    assert not (await submitted(bot, again, "a fox --zoom 1.9")).ephemeral
    await bot.submitted(2)
    job = (await bot.jobs())[0]
    assert (job.prompt, job.kind) == ("a fox --zoom 1.9", Kind.ZOOM)


async def test_a_corrected_form_makes_one_job_however_often_it_was_opened(bot: Bot) -> None:
    modal = await opened(bot, await offered(bot, ZOOM), "Custom Zoom")
    refused = await submitted(bot, modal, "a fox --zoom 9")
    assert refused.message is not None
    forms = [await opened(bot, refused.message, "Edit it") for _ in range(2)]
    texts = ("a fox --zoom 1.2", "a fox --zoom 1.3")
    answers = await asyncio.gather(*map(submitted, (bot, bot), forms, texts))
    late = next(answer for answer in answers if answer.ephemeral)
    assert "has been used already" in said(late)
    assert "a fox --zoom 1." in said(late)
    assert len(await bot.jobs()) == 2


async def test_a_draft_is_its_persons_alone(bot: Bot) -> None:
    modal = await opened(bot, await offered(bot, ZOOM), "Custom Zoom")
    refused = await submitted(bot, modal, "a fox --zoom 9")
    assert refused.message is not None
    draft_id = (refused.message.buttons()[0].custom_id or "").split(":")[1]
    stolen = replace(modal, custom_id=draft_form(FormName.DRAFT, draft_id))
    stolen.call.user = bot.discord.world.guest
    answer = await submitted(bot, stolen, "mine now --zoom 2", guest=True)
    assert "mine now --zoom 2" in said(answer)
    assert len(bot.api.charges) == 1


async def test_a_text_that_could_not_be_written_down_comes_back(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    modal = await opened(bot, await offered(bot, ZOOM), "Custom Zoom")
    with monkeypatch.context() as broken:
        broken.setattr(bot.store, "add", fail)
        refused = await submitted(bot, modal, "a fox --zoom 1.7")
    assert "could not write your request down" in said(refused)
    assert "a fox --zoom 1.7" in said(refused)
    assert refused.message is not None
    again = await opened(bot, refused.message, "Edit it")
    assert not (await submitted(bot, again)).ephemeral
    await bot.submitted(2)


async def test_without_a_database_the_whole_text_is_in_the_answer(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    modal = await opened(bot, await offered(bot, ZOOM), "Custom Zoom")
    monkeypatch.setattr(bot.store, "add", fail)
    monkeypatch.setattr(bot.memory.drafts, "put", fail)
    text = "a fox " + "x" * 3900 + " --zoom 1.7"
    person = bot.discord.person(bot.discord.world.member)
    call = await person.submit_modal(modal, {"prompt": text})
    first = said(await call.answer())
    await bot.discord.wait_until(lambda: len(call.followups) > 1)
    shown = [first, *(message.content for message in call.followups)]
    assert "".join(part.split("```")[1].strip("\n") for part in shown) == text
    assert {message.ephemeral_to for message in call.followups} == {bot.discord.world.member.id}


async def test_a_text_that_comes_while_easel_is_about_to_stop_comes_back(bot: Bot) -> None:
    modal = await opened(bot, await offered(bot, ZOOM), "Custom Zoom")
    bot.client.services.jobs.close()
    refused = await submitted(bot, modal, "a fox --zoom 1.7")
    assert "restarting" in said(refused)
    await bot.restart()
    assert refused.message is not None
    assert not (await submitted(bot, await opened(bot, refused.message, "Edit it"))).ephemeral


async def test_a_slow_look_up_asks_to_press_again(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = await offered(bot, ZOOM, VARY)
    monkeypatch.setattr("cogs.messages.replies.FORM_PATIENCE_S", 0.05)
    with monkeypatch.context() as slow:
        slow.setattr(bot.store, "actions", hang)
        for label in ("Custom Zoom", "V1"):
            assert "press the button once more" in said(await (await pressed(bot, picture, label)).answer())
    assert len(bot.api.charges) == 1


async def test_a_slow_submit_is_told_to_wait_and_then_answered(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    modal = await opened(bot, await offered(bot, ZOOM), "Custom Zoom")
    monkeypatch.setattr("cogs.messages.replies.PATIENCE_S", 0.0)
    person = bot.discord.person(bot.discord.world.member)
    call = await person.submit_modal(modal, {"prompt": "a fox --zoom 1.7"})
    assert (await call.answer()).type == 5
    await bot.submitted(2)
    await bot.discord.wait_until(lambda: call.message is not None and "a fox --zoom 1.7" in call.message.content)


async def test_a_suggestion_opens_as_it_was_suggested(bot: Bot) -> None:
    picture = await suggested(bot, SUGGESTED)
    modal = await opened(bot, picture, picture.buttons()[0].label or "")
    assert modal.title == "Imagine suggestion 2"
    assert modal.field("prompt").value == "a blue cat --ar 5:4"
    await submitted(bot, modal, "a green cat --ar 5:4")
    await bot.submitted(2)
    assert (await bot.jobs())[0].prompt == "a green cat --ar 5:4"


async def test_a_suggestion_without_a_button_of_midjourneys_is_imagined_by_us(bot: Bot) -> None:
    picture = await suggested(bot)
    assert "no such suggestion" in said(await (await pressed(bot, picture, slot=suggestion_slot(3))).answer())
    modal = await opened(bot, picture, slot=suggestion_slot(1))
    assert modal.title == "Imagine suggestion 1"
    assert modal.field("prompt").value == "a red cat --ar 5:4"
    await bot.restart()
    assert not (await submitted(bot, modal)).ephemeral
    await bot.submitted(2)
    assert bot.api.charges[1].what == "a red cat --ar 5:4"
    job = (await bot.jobs())[0]
    assert (job.parent_id, job.action_label) == ((await bot.job_of(picture)).id, "Suggestion 1")


async def test_a_whole_prompt_is_edited_and_run_again(bot: Bot) -> None:
    picture = await offered(bot, ZOOM)
    modal = await opened(bot, picture, slot=Verb.EDIT)
    assert modal.title == "Edit and run again"
    assert modal.field("prompt").value == "a fox"
    refused = await submitted(bot, modal, "a fox --repeat 3")
    assert "a fox --repeat 3" in said(refused)
    assert refused.message is not None
    again = await opened(bot, refused.message, "Edit it")
    assert again.title == "Edit and run again"
    assert not (await submitted(bot, again, "a wolf")).ephemeral
    await bot.submitted(2)
    assert bot.api.charges[1].what == "a wolf"


async def test_two_people_fill_in_the_same_form_each_for_themselves(bot: Bot) -> None:
    picture = await offered(bot, ZOOM)
    forms = [await opened(bot, picture, "Custom Zoom", guest=guest) for guest in (False, True)]
    answers = [await submitted(bot, form, guest=guest) for form, guest in zip(forms, (False, True), strict=True)]
    assert [answer.ephemeral for answer in answers] == [False, False]
    await bot.submitted(3)


async def test_the_same_form_sent_twice_at_once_is_one_job(bot: Bot) -> None:
    picture = await offered(bot, ZOOM)
    forms = [await opened(bot, picture, "Custom Zoom") for _ in range(2)]
    answers = await asyncio.gather(*(submitted(bot, form) for form in forms))
    assert sorted(answer.ephemeral for answer in answers) == [False, True]
    await bot.submitted(2)
    assert len(await bot.jobs()) == 2


async def test_a_form_that_leads_nowhere_brings_its_text_back(bot: Bot) -> None:
    picture = await offered(bot, ZOOM, VARY)
    modal = await opened(bot, picture, "Custom Zoom")
    ways = {
        job_form(FormName.ACTION, GONE, 0): "no such job",
        job_form(FormName.EDIT, GONE): "no such job",
        job_form(FormName.ACTION, (await bot.job_of(picture)).id, VARY.index): "takes no prompt",
        draft_form(FormName.DRAFT, GONE): "used already",
    }
    for custom_id, sentence in ways.items():
        answer = await submitted(bot, replace(modal, custom_id=custom_id), "a fox --zoom 1.8")
        assert sentence in said(answer)
        assert "a fox --zoom 1.8" in said(answer)
        assert answer.message is not None
        assert answer.message.buttons() == []
    assert len(await bot.jobs()) == 1


async def test_a_forged_field_says_neither_which_job_nor_which_button_is_meant(bot: Bot) -> None:
    modal = await opened(bot, await offered(bot, ZOOM, VARY), "Custom Zoom")
    (label,) = modal.components
    for name, value in (("job", GONE), ("number", "many")):
        modal.components.append(label | {"component": label["component"] | {"custom_id": name, "value": value}})
    assert not (await submitted(bot, modal)).ephemeral
    await bot.submitted(2)
    assert bot.api.charges[1].what.endswith("MJ::CustomZoom::u")


async def test_forms_and_options_that_nobody_knows_are_answered(bot: Bot) -> None:
    picture = await offered(bot, ZOOM)
    modal = await opened(bot, picture, "Custom Zoom")
    for custom_id in ("mjf1:act:short.0", "mjf0:old", job_form(FormName.ACTION, GONE, 9999)):
        assert "do not know this form" in said(await submitted(bot, replace(modal, custom_id=custom_id)))
    select = next(row["components"][0] for row in picture.components if row["components"][0]["type"] == 3)
    select["options"][0]["value"] = "juggle"
    person = bot.discord.person(bot.discord.world.member)
    assert "do not know what that does" in said(await (await person.choose(picture, "juggle")).answer())


async def fail(*_: object, **__: object) -> None:
    """Be a database whose disk is full."""
    raise StorageError("disk full")


async def hang(*_: object, **__: object) -> None:
    """Be a database that takes its time."""
    await asyncio.Event().wait()
