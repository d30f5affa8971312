"""Every button of contract 4.6, pressed: the engine and the real client against the emulated API, in all its moods.

A press sends one action and, where a window opens, one modal; it is charged for once each; and its result is shown.
"""

from __future__ import annotations

import io
import re
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, final

import pytest
from PIL import Image
from typing_extensions import override

from bot.cometapi.client import CometClient
from bot.jobs.requests import Ask, Filled, Wish
from bot.model import DeliveryStatus, Kind, Motion, Order, Phase, Route, Speed, Status
from sandbox.comet import CometOptions, CometSandbox
from tests.jobs.conftest import House

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from bot.jobs.ports import Midjourney
    from bot.jobs.requests import Question
    from bot.model import Action, Job
    from sandbox.comet.options import ButtonStyle, Profile

UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: What is filled into the forms that do not begin with what to send.
TYPED: Final = {Ask.ZOOM: "a boat --zoom 1.5", Ask.REGION: "a hat", Ask.ANIMATE: "waves"}
#: Never sent to the API as they are (design 6; BOOKMARK is expected to fail there, contract 3.3).
OURS: Final = {Ask.FAVORITE: "MJ::BOOKMARK::U", Ask.EVERY_SUGGESTION: "MJ::Job::PicReader::all"}
#: What a press costs, as the API sees it; a window that always opens is paid with its modal (contract 1).
FREE: Final = frozenset({"DESCRIBE", "PROMPT_ANALYZER_EXTENDED"})


@final
@dataclass(frozen=True)
class Press:
    """A button, and what is filled into its form."""

    job: Job
    action: Action
    filled: Filled | None = None


@final
class Workshop(House):
    """A `House` with the real client and the emulated API, whose jobs end when they are told to."""

    def __init__(self, folder: Path, comet: CometSandbox, client: CometClient) -> None:
        super().__init__(folder)
        self.comet = comet
        self.client = client

    @property
    @override
    def midjourney(self) -> Midjourney:
        return self.client

    async def made(self, *wishes: Wish) -> list[Job]:
        """Return jobs that came from no button, delivered."""
        return await self.completed([await self.begin(wish) for wish in wishes])

    async def pressed(self, *presses: Press) -> list[Job]:
        """Return what buttons made, delivered."""
        receipts = [await self.press(press.job.id, press.action.index, press.filled) for press in presses]
        return await self.completed([receipt.job.id for receipt in receipts])

    async def completed(self, job_ids: list[str]) -> list[Job]:
        """Let jobs be sent, be looked at while they run, succeed and be delivered."""
        await self.until(job_ids, lambda job: job.status is Status.RUNNING)
        await self.pass_time(12, every=6)  # looks at them, also at the rows that modals leave behind
        for job in [await self.job(job_id) for job_id in job_ids]:
            assert (job.status, job.task_id is not None) == (Status.RUNNING, True)
            self.comet.finish(job.task_id or "")
        await self.until(job_ids, lambda job: job.delivery.status is DeliveryStatus.DELIVERED)
        jobs = [await self.job(job_id) for job_id in job_ids]
        assert {job.status for job in jobs} == {Status.SUCCEEDED}
        shown = [message.job.id for message in self.discord.messages]
        assert {shown.count(job.id) for job in jobs} == {1}
        return jobs

    async def until(self, job_ids: list[str], reached: Callable[[Job], bool]) -> None:
        """Let the engine work until all jobs have come so far."""
        missing = job_ids
        for _ in range(60):
            await self.pass_time(2, every=2)
            missing = [job_id for job_id in missing if not reached(await self.job(job_id))]
            if not missing:
                return
        raise AssertionError(f"not reached: {[await self.job(job_id) for job_id in missing]}")

    async def action(self, job: Job, start: str) -> Action:
        """Return the first button of a job whose customId begins so."""
        return next(action for action in await self.store.actions(job.id) if action.action_id.startswith(start))

    async def question(self, job: Job, action: Action) -> Question | None:
        """Return what a press asks for first."""
        return await self.engine.services.forms.question(self.origin(), job.id, action.index)

    def sent(self) -> tuple[int, int]:
        """Return how many actions and modals the API was sent."""
        routes = self.comet.requests.by_route
        return routes["POST /mj/submit/action"], routes["POST /mj/submit/modal"]

    def paid(self, job: Job) -> list[str]:
        """Return what a job was charged for."""
        return [charge.action for charge in self.comet.charges(job.id)]


async def open_workshop(stack: AsyncExitStack, folder: Path, options: CometOptions) -> Workshop:
    comet = await stack.enter_async_context(CometSandbox(options))
    comet.hold()
    client = await stack.enter_async_context(CometClient(base_url=comet.url, key=comet.key))
    workshop = Workshop(folder, comet, client)
    await workshop.start()
    stack.push_async_callback(workshop.end)
    return workshop


def api(
    profile: Profile = "gateway",
    *,
    modal_rows: bool = True,
    style: ButtonStyle = "discord",
    remix_account: bool = False,
) -> CometOptions:
    return CometOptions(
        profile=profile,
        modal_rows=modal_rows,
        button_style=style,
        remix_account=remix_account,
        sync_seconds=0.0005,  # so that a MODAL is copied before its modal comes
        picture_size=64,
        strict_masks=True,
        manual_video=True,
        future_button=True,
        seeds=True,
    )


APIS: Final = {
    "gateway": api(),
    "gateway with one row, official account": api(modal_rows=False, style="official"),
    "ancestor": api("ancestor"),
}


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


def words(prompt: str) -> Wish:
    return Wish(kind=Kind.IMAGINE, prompt=prompt, speed=Speed.FAST)


async def beginnings(shop: Workshop) -> list[Job]:
    """Return finished jobs that came from no button, and one single picture of each version but the newest."""
    picture = await shop.picture()
    orders = (
        (Kind.IMAGINE, "a boat --v 7 --ar 3:2", Order()),
        (Kind.DESCRIBE, "", Order(route=Route.DESCRIBE, images=(picture,))),
        (Kind.SHORTEN, "one two three four five six", Order(route=Route.SHORTEN)),
        (Kind.ANIMATE, "waves", Order(route=Route.VIDEO, images=(picture,), motion=Motion.HIGH)),
    )
    wishes = [Wish(kind=kind, prompt=prompt, speed=Speed.FAST, order=order) for kind, prompt, order in orders]
    older = [words(f"a boat --v {version}") for version in ("4", "5.2", "6", "6.1")]
    jobs = await shop.made(*wishes, *older)
    grids = jobs[len(wishes) :]
    singles = await shop.pressed(*[Press(grid, await shop.action(grid, "MJ::JOB::upsample::2")) for grid in grids])
    return [*jobs[: len(wishes)], *singles]


async def filled(shop: Workshop, question: Question) -> Filled:
    """Return what a person fills into a form: for a region also a mask, of exactly the picture's size."""
    prompt = TYPED.get(question.ask, question.prompt)
    if question.ask is not Ask.REGION:
        return Filled(prompt=prompt)
    size = shop.comet.tasks[question.job.task_id or ""].order.picture.size(shop.comet.options.picture_size)
    drawn = io.BytesIO()
    mask = Image.new("L", size)
    mask.paste(255, (0, 0, size[0] // 2, size[1]))
    mask.save(drawn, "PNG")
    return Filled(prompt=prompt, mask=(await shop.engine.inputs.keep(drawn.getvalue())).name)


@pytest.mark.timeout(30)
@pytest.mark.parametrize("name", APIS)
async def test_every_button_works_and_is_sent_and_paid_once(stack: AsyncExitStack, tmp_path: Path, name: str) -> None:
    shop = await open_workshop(stack, tmp_path, APIS[name])
    jobs, seen = await beginnings(shop), set[str]()
    made: set[Kind] = set()
    while jobs:
        presses = await unseen(shop, jobs, seen)
        before = shop.sent()
        jobs = await shop.pressed(*presses) if presses else []
        actions, modals = (after - earlier for after, earlier in zip(shop.sent(), before, strict=True))
        assert (actions, modals) == (len(presses), sum(press.action.needs_input for press in presses))
        for press, child in zip(presses, jobs, strict=True):
            check_result(shop, press, child)
            made.add(child.kind)
    assert made >= set(Kind) - {Kind.BLEND, Kind.EDIT, Kind.DESCRIBE, Kind.BOOKMARK}


async def unseen(shop: Workshop, jobs: list[Job], seen: set[str]) -> list[Press]:
    """Return the presses of all buttons whose like was not there before, and write them down as seen."""
    found: list[Press] = []
    for job in jobs:
        for action in await shop.store.actions(job.id):
            custom_id = UUID.sub("U", action.action_id)
            press = None if custom_id in seen else await press_of(shop, job, action)
            seen.add(custom_id)
            found += [press] if press is not None else []
    return found


async def press_of(shop: Workshop, job: Job, action: Action) -> Press | None:
    """Return the press of a button with its form filled in; None for one that is ours to do."""
    question = await shop.question(job, action)
    if question is None:
        assert not action.needs_input
        return Press(job, action)
    if question.ask in OURS:
        assert UUID.sub("U", action.action_id) == OURS[question.ask]
        return None
    assert action.needs_input
    return Press(job, action, await filled(shop, question))


def check_result(shop: Workshop, press: Press, child: Job) -> None:
    """Check what the API was sent, what it was paid for, and what came of it."""
    action, form = press.action, press.filled
    task = shop.comet.tasks[child.task_id or ""]
    paid = [] if task.action in FREE else ["MODAL"] if form is not None else [task.action]
    if action.kind is Kind.ANIMATE and form is not None:
        paid.insert(0, task.action)
    assert (task.custom_id, shop.paid(child)) == (action.action_id, paid)
    assert task.order.given.modal_prompt == (form and form.prompt)
    assert bool(task.mask) is (action.kind is Kind.REGION)
    assert child.kind is action.kind
    if child.kind in {Kind.DESCRIBE, Kind.SHORTEN}:
        assert child.result_text
    elif child.kind is Kind.ANIMATE:
        assert (child.media_type, len(child.more_urls)) == ("video/mp4", 3)
    else:
        assert child.picture is not None
    assert (child.seed is not None) is not shop.comet.options.is_gateway


@pytest.mark.parametrize("name", APIS)
async def test_a_stale_window_is_not_answered_twice(stack: AsyncExitStack, tmp_path: Path, name: str) -> None:
    shop = await open_workshop(stack, tmp_path, APIS[name])
    (grid,) = await shop.made(words("a boat --v 7"))
    (single,) = await shop.pressed(Press(grid, await shop.action(grid, "MJ::JOB::upsample::1")))
    zoom = await shop.action(single, "MJ::CustomZoom")
    job_id = (await shop.press(single.id, zoom.index, Filled(prompt="a boat --zoom 1.5"))).job.id
    await shop.settle()
    task_id = (await shop.job(job_id)).task_id or ""
    seen = await shop.client.fetch(task_id)
    has_two_rows = shop.comet.options.is_gateway and shop.comet.options.modal_rows
    assert seen is not None
    assert (seen.phase is Phase.NEEDS_INPUT) is has_two_rows
    await shop.pass_time(60, every=6)
    assert (await shop.job(job_id)).status is Status.RUNNING
    shop.comet.finish(task_id)
    await shop.pass_time(12, every=6)
    assert (await shop.job(job_id)).status is Status.SUCCEEDED
    assert (shop.sent()[1], shop.paid(await shop.job(job_id))) == (1, ["MODAL"])


@pytest.mark.timeout(30)
@pytest.mark.parametrize("remix_account", [False, True], ids=["ordinary account", "account in remix mode"])
@pytest.mark.parametrize("profile", ["gateway", "ancestor"])
async def test_what_can_be_remixed_takes_a_prompt_and_asks_for_none_that_was_not_given(
    stack: AsyncExitStack, tmp_path: Path, profile: Profile, *, remix_account: bool
) -> None:
    shop = await open_workshop(stack, tmp_path, api(profile, style="official", remix_account=remix_account))
    (grid,) = await shop.made(words("a boat --v 7"))
    (single,) = await shop.pressed(Press(grid, await shop.action(grid, "MJ::JOB::upsample::1")))
    remixable = [Press(job, action) for job in (grid, single) for action in await shop.store.actions(job.id)]
    remixable = [press for press in remixable if press.action.remixable]
    # V1-V4 and 🔄; subtle and strong, four ways to pan, two to animate and 🔄.
    assert len(remixable) == 4 + 1 + 2 + 4 + 2 + 1
    before = shop.sent()
    for plain in await shop.pressed(*remixable) if remix_account else []:
        given = shop.comet.tasks[plain.task_id or ""].order.given
        assert (given.enable_remix, given.modal_prompt) == (False, "a boat --v 7")
    # The same button, pressed by the same person, is another press: more than three seconds have passed.
    for remixed in await shop.pressed(*[replace(press, filled=Filled(prompt="a red boat")) for press in remixable]):
        given = shop.comet.tasks[remixed.task_id or ""].order.given
        assert (given.enable_remix, given.modal_prompt) == (True, "a red boat")
        assert len(set(shop.paid(remixed))) == len(shop.paid(remixed)) == 2  # the action and its modal (contract 1)
    windows = (2 if remix_account else 1) * len(remixable)
    assert shop.sent() == (before[0] + windows, before[1] + windows)


async def test_a_button_from_the_future_is_drawn_and_sent_and_its_result_can_be_gone_on_from(
    stack: AsyncExitStack, tmp_path: Path
) -> None:
    shop = await open_workshop(stack, tmp_path, api())
    (grid,) = await shop.made(words("a boat --v 7"))
    future = await shop.action(grid, "MJ::JOB::future_thing::1::")
    assert (future.kind, future.label, future.needs_input) == (Kind.OTHER, "Future Thing", False)
    (child,) = await shop.pressed(Press(grid, future))
    assert (child.action_label, shop.paid(child)) == ("Future Thing", ["FUTURE_THING"])
    (again,) = await shop.pressed(Press(child, await shop.action(child, "MJ::JOB::upsample::3")))
    assert again.kind is Kind.UPSCALE
