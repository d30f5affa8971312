"""`Forgetful`: a Discord that takes all at once and keeps nothing but a number, so that only Easel is measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from typing_extensions import override

from bot.jobs.ports import Posted
from tests.fakes import FakeDelivery

if TYPE_CHECKING:
    from bot.jobs.ports import Parcel
    from bot.model import Job


@final
class Forgetful(FakeDelivery):
    """The way to people who look at nothing.

    Attributes
    ----------
    posted
        How many results came.
    """

    def __init__(self) -> None:
        super().__init__()
        self.posted = 0

    @override
    async def show_progress(self, job: Job, parent: Job | None = None) -> None:
        return

    @override
    async def post(self, parcel: Parcel) -> Posted:
        self.posted += 1
        return Posted(channel_id=parcel.job.channel_id, message_id=self.posted)

    @override
    async def edit_answer(self, parcel: Parcel) -> Posted:
        return Posted(channel_id=parcel.job.channel_id, message_id=parcel.job.delivery.answer_message_id or 1)

    @override
    async def remove_answer(self, job: Job) -> None:
        return
