"""Controls and forms of drafts under made-up custom_ids: a sentence for whoever does that, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from bot.model import Action, Kind
from cogs.custom_ids import DraftVerb, FormName, draft_button, draft_form, region_item

if TYPE_CHECKING:
    from sandbox.discord import Message, Modal
    from tests.discord.conftest import Bot

ZOOM: Final = Action(index=0, action_id="MJ::CustomZoom::u", kind=Kind.ZOOM, label="Custom Zoom", needs_input=True)
#: Drafts as each form keeps them.
DRAFTS: Final = {
    "/imagine": {"prompt": "a fox"},
    "job.act": {"job": "01KA0000000000000000000000", "number": "0", "prompt": "a fox"},
    "region.words": {"draft": "01KA0000000000000000000000", "prompt": "a fox"},
    "region": {"job": "01KA0000000000000000000000", "index": "0", "cells": "", "mask": "", "drawn": ""},
    "batch": {"typed": "", "prompts": '["a fox"]', "speed": "fast", "images": "[]", "parent_id": "", "label": ""},
    "describe": {"picture0": "https://example.com/fox.png"},
}
FORMS: Final = (FormName.REGION, FormName.MASK, FormName.REFERENCE, FormName.DRAFT)


async def zoomable(bot: Bot) -> tuple[Message, Modal]:
    """Return a picture and the form that it opens, to put other custom_ids into."""
    await bot.imagine("a fox")
    task_id = await bot.submitted()
    bot.api.finish(task_id)
    bot.api.tasks[task_id] = replace(bot.api.tasks[task_id], actions=(ZOOM,))
    picture = await bot.picture("a fox")
    world = bot.discord.world
    modal = (await (await bot.discord.person(world.guest).click(picture, label="Custom Zoom")).answer()).modal
    assert modal is not None
    return picture, modal


def pressed(picture: Message, custom_id: str) -> str:
    """Put a made-up custom_id on the picture's first button, and return it."""
    picture.components[0]["components"][0]["custom_id"] = custom_id
    return custom_id


@pytest.mark.parametrize("form", DRAFTS)
async def test_a_draft_under_a_custom_id_of_another_form_is_answered_with_a_sentence(bot: Bot, form: str) -> None:
    picture, modal = await zoomable(bot)
    guest = bot.discord.person(bot.discord.world.guest)
    said: list[str] = []
    for name in FORMS:
        draft_id = (await bot.client.services.forms.keep(guest.user.id, form, DRAFTS[form])).id
        call = await guest.submit_modal(replace(modal, custom_id=draft_form(name, draft_id)), {"prompt": "a fox --v"})
        answer = await call.answer()
        said += [message.content for message in (answer.message, *call.followups) if message is not None]
    for verb in ("look", "go", "clear"):
        draft_id = (await bot.client.services.forms.keep(guest.user.id, form, DRAFTS[form])).id
        call = await guest.click(picture, custom_id=pressed(picture, region_item(draft_id, verb)))
        await call.answer()
        said += [message.content for message in call.followups]
    assert [words for words in said if "Something went wrong" in words] == []
    assert len(bot.api.charges) == 1


async def test_somebody_elses_drafts_do_nothing_and_stay(bot: Bot) -> None:
    picture, modal = await zoomable(bot)
    world, forms = bot.discord.world, bot.client.services.forms
    guest = bot.discord.person(world.guest)
    drafts = [await forms.keep(world.member.id, form, fields) for form, fields in DRAFTS.items()]
    for draft in drafts:
        ids = [draft_button(draft.id, verb) for verb in (DraftVerb.FIX, DraftVerb.GO)]
        ids += [region_item(draft.id, verb) for verb in ("go", "look", "clear")]
        for custom_id in ids:
            answer = await (await guest.click(picture, custom_id=pressed(picture, custom_id))).answer()
            assert answer.modal is None
        for name in FORMS:
            call = await guest.submit_modal(replace(modal, custom_id=draft_form(name, draft.id)))
            await call.answer()
    kept = [await bot.memory.drafts.get(draft.id) for draft in drafts]
    assert [draft and draft.fields for draft in kept] == list(DRAFTS.values())
    assert len(bot.api.charges) == 1
    assert len(await bot.jobs()) == 1
