"""Several presses at the same moment, by one person and by two: never two charges for what is made once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.jobs.requests import Filled
from bot.model import Action, Entry, Kind
from tests.fakes import GRID

if TYPE_CHECKING:
    from bot.jobs.requests import Receipt
    from tests.jobs.conftest import House

OTHERS = (
    Action(index=8, action_id="MJ::JOB::reroll::0::u", kind=Kind.REROLL, label="", emoji="🔄", remixable=True),
    Action(index=9, action_id="MJ::JOB::upsample_v7_2x_subtle::1::u", kind=Kind.UPSCALE, label="Upscale", once=True),
    Action(index=10, action_id="MJ::JOB::high_variation::1::u", kind=Kind.VARIATION, label="Vary", remixable=True),
    Action(index=11, action_id="MJ::Outpaint::50::1::u", kind=Kind.ZOOM, label="Zoom Out 2x"),
    Action(index=12, action_id="MJ::JOB::pan_left::1::u", kind=Kind.PAN, label="", emoji="⬅️", remixable=True),
    Action(index=13, action_id="MJ::JOB::animate_high::1::u", kind=Kind.ANIMATE, label="Animate", remixable=True),
    Action(index=14, action_id="MJ::JOB::future_thing::1::u", kind=Kind.OTHER, label="Future thing"),
)
FORMS = (
    Action(index=15, action_id="MJ::CustomZoom::u", kind=Kind.ZOOM, label="Custom Zoom", needs_input=True),
    Action(index=16, action_id="MJ::Inpaint::1::u", kind=Kind.REGION, label="Vary (Region)", needs_input=True),
    Action(index=17, action_id="MJ::Job::PicReader::1", kind=Kind.IMAGINE, label="1", needs_input=True, quadrant=1),
)
EVERY = (*GRID, *OTHERS, *FORMS)


async def press_at_once(house: House, grid: str, action: Action, *user_ids: int) -> list[Receipt]:
    """Have these people press a button in the same moment, with the same words where it asks for some."""
    filled = Filled(prompt="a wolf") if action.needs_input else None
    return list(
        await asyncio.gather(*(house.press(grid, action.index, filled, user_id=user_id) for user_id in user_ids))
    )


@pytest.mark.parametrize("action", EVERY, ids=lambda action: action.action_id)
async def test_one_person_who_presses_five_times_at_once_has_one_job_and_one_charge(
    house: House, action: Action
) -> None:
    grid = await house.finished(actions=EVERY)
    paid = len(house.api.charges)
    receipts = await press_at_once(house, grid, action, *[1] * 5)
    await house.pass_time(3)
    assert len({receipt.job.id for receipt in receipts}) == 1
    assert [receipt.entry for receipt in receipts].count(Entry.NEW) == 1
    assert len(house.api.charges) == paid + 1


@pytest.mark.parametrize("action", EVERY, ids=lambda action: action.action_id)
async def test_two_people_share_what_is_made_once_and_each_have_the_rest(house: House, action: Action) -> None:
    grid = await house.finished(actions=EVERY)
    paid = len(house.api.charges)
    await press_at_once(house, grid, action, 1, 2, 1, 2)
    await house.pass_time(3)
    assert len(house.api.charges) == paid + (1 if action.once else 2)


async def test_the_same_button_with_other_words_is_another_wish_even_at_once(house: House) -> None:
    grid = await house.finished(actions=EVERY)
    receipts = await asyncio.gather(
        *(house.press(grid, 10, Filled(prompt=prompt)) for prompt in ("a wolf", "a bear", "a wolf"))
    )
    await house.settle()
    assert len({receipt.job.id for receipt in receipts}) == 2
    assert sorted(prompt for _, prompt in house.api.modals) == ["a bear", "a wolf"]


async def test_the_same_words_with_another_mask_are_another_wish(house: House) -> None:
    grid = await house.finished(actions=EVERY)
    masks = [await house.picture(color) for color in ("white", "gray")]
    receipts = [await house.press(grid, 16, Filled(prompt="a hat", mask=mask)) for mask in (*masks, masks[0])]
    assert [receipt.entry for receipt in receipts] == [Entry.NEW, Entry.NEW, Entry.REPEATED]
