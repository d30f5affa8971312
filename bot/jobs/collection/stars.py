"""`Stars`: counts the stars under pictures, and shows a picture with enough of them once in its server's star channel.

Whoever put a star there while Easel was away is not known; so where ours are too few, Discord is asked how many it
shows.

Before a message is sent it is written down that it will be, so a picture is never shown twice; what a dying process
leaves open is looked for later, and sent if it is not there. Knows the ports; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Final, final

from bot.errors import DeliveryError, DiscordUnavailable, MediaError, TooLarge
from bot.jobs.collection.recount import Recount
from bot.jobs.ports import Parcel, Posted
from bot.model import Showcase, Status

if TYPE_CHECKING:
    from bot.jobs.collection.sight import Sight
    from bot.jobs.keeping.pictures import Pictures
    from bot.jobs.people.preferences import Preferences
    from bot.jobs.ports import Clock, Delivery, Memory
    from bot.jobs.requests import Origin
    from bot.model import Job

_log = logging.getLogger(__name__)

#: A send that took longer than this is under way no more.
_OVER: Final = timedelta(minutes=2)
#: What every channel takes, whatever its server has paid for (discord-platform 3), with room for the form.
_FILE_LIMIT: Final = 10 * 1024 * 1024 - 64 * 1024


@final
class Stars:
    """Counts stars."""

    def __init__(
        self,
        *,
        memory: Memory,
        sight: Sight,
        preferences: Preferences,
        pictures: Pictures,
        delivery: Delivery,
        clock: Clock,
    ) -> None:
        self._stars = memory.stars
        self._jobs = memory.jobs
        self._sight = sight
        self._preferences = preferences
        self._pictures = pictures
        self._delivery = delivery
        self._clock = clock
        self._recount = Recount(delivery, clock)

    async def star(self, origin: Origin, job_id: str, *, on: bool) -> None:
        """Put somebody's star under a job in a server, or take it away. Enough of them show it in the star channel.

        Raises
        ------
        JobUnknown
            No such job, or not one that this person may see.
        """
        job = await self._sight.visible(origin, job_id)
        count = await self._stars.set_star(job.id, origin.user_id, self._clock.now(), on=on)
        guild_id = origin.guild_id
        if not on or guild_id is None or job.is_private or job.status is not Status.SUCCEEDED:
            return
        server = await self._preferences.server(guild_id)
        channel_id = server.star_channel_id
        if channel_id is None or channel_id in {job.channel_id, job.delivery.channel_id}:
            return
        if count < server.stars and not await self._shows_enough(job, server.stars):
            return
        showcase = Showcase(job_id=job.id, guild_id=guild_id, channel_id=channel_id)
        if await self._stars.begin_showcase(showcase, self._clock.now()):
            await self._show(job, showcase)

    def close(self) -> None:
        """Wait for nothing any more."""
        self._recount.close()

    async def _shows_enough(self, job: Job, enough: int) -> bool:
        """Whether a job that is not shown again yet has enough stars in Discord's own count."""
        if await self._stars.showcase(job.id) is not None:
            return False
        return await self._recount.stars(job) >= enough

    async def finish(self) -> None:
        """See to the messages of which it is not known whether they were sent, or whose job was deleted since."""
        for showcase in await self._stars.open_showcases(self._clock.now() - _OVER):
            job = await self._jobs.get(showcase.job_id)
            if job is None or job.deleted_at is not None:
                await self.take_down(showcase.job_id)
                continue
            try:
                posted = await self._delivery.find_showcase(job, showcase.channel_id)
            except DiscordUnavailable:
                continue
            except DeliveryError as error:
                await self._give_up(showcase, error)
                continue
            if posted is not None:
                await self._stars.shown(job.id, posted.message_id)
            else:
                await self._show(job, showcase)

    async def take_down(self, job_id: str) -> None:
        """Take a deleted job out of the star channel."""
        showcase = await self._stars.showcase(job_id)
        if showcase is None:
            return
        job = await self._jobs.get(job_id)
        try:
            posted = await self._posted(job, showcase) if job is not None else None
            if posted is not None:
                await self._delivery.remove_post(posted)
        except DiscordUnavailable as error:
            _log.info("It stays in the star channel for now: %s", error, extra={"job": job_id})
            return
        except DeliveryError as error:
            _log.info("It stays in the star channel: %s", error, extra={"job": job_id})
        await self._stars.withdraw_showcase(job_id)

    async def _posted(self, job: Job, showcase: Showcase) -> Posted | None:
        """Return the message in the star channel; where the end of its send was not seen, if it can be found."""
        if showcase.message_id is None:
            return await self._delivery.find_showcase(job, showcase.channel_id)
        return Posted(channel_id=showcase.channel_id, message_id=showcase.message_id)

    async def _show(self, job: Job, showcase: Showcase) -> None:
        try:
            posted = await self._delivery.show_star(await self._parcel(job), showcase.channel_id)
        except DiscordUnavailable as error:
            _log.info("Not shown in the star channel yet (%s)", error, extra={"job": job.id})
        except DeliveryError as error:
            await self._give_up(showcase, error)
        else:
            await self._stars.shown(job.id, posted.message_id)
            _log.info("Shown in the star channel", extra={"job": job.id, "action": "star"})
            await self._take_back_if_deleted(job.id, posted)

    async def _take_back_if_deleted(self, job_id: str, posted: Posted) -> None:
        """Take away what came too late for its job: nobody who deleted it meanwhile could have found the message."""
        current = await self._jobs.get(job_id)
        if current is not None and current.deleted_at is None:
            return
        try:
            await self._delivery.remove_post(posted)
        except DeliveryError as error:
            _log.warning("It stays in the star channel: %s", error, extra={"job": job_id})
            return
        await self._stars.withdraw_showcase(job_id)

    async def _give_up(self, showcase: Showcase, error: DeliveryError) -> None:
        """Forget it, so that the next star tries again: somebody may have mended the channel by then."""
        _log.warning(
            "Cannot post in star channel %d: %s. Let me see it, send messages and attach files there, or choose "
            "another with /server.",
            showcase.channel_id,
            error,
            extra={"job": showcase.job_id},
        )
        await self._stars.withdraw_showcase(showcase.job_id)

    async def _parcel(self, job: Job) -> Parcel:
        """Return what the message is made of; where the file cannot be had, its link."""
        try:
            media = await self._pictures.obtain(job)
            fitting = await self._pictures.fit(media, _FILE_LIMIT) if media is not None else None
        except (MediaError, TooLarge) as error:
            _log.info("Shown without its file: %s", error, extra={"job": job.id})
            return Parcel(job=job, actions=await self._jobs.actions(job.id))
        return Parcel(
            job=job,
            actions=await self._jobs.actions(job.id),
            media=fitting,
            original_url=None if fitting is media else job.media_url,
        )
