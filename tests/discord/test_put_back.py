"""After a backup was put back: a picture that was posted since is found, however late its job is seen to end."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.jobs.ports import Parcel
from bot.model import Media, Status
from tests.fakes import GRID, PNG
from tests.unit.render_builders import job

if TYPE_CHECKING:
    from pathlib import Path

    from tests.discord.conftest import Bot


async def test_what_was_posted_since_is_found_though_its_job_ends_later_by_the_backup(bot: Bot, tmp_path: Path) -> None:
    path, now, world = tmp_path / "picture.png", datetime.now(UTC), bot.discord.world
    path.write_bytes(PNG)
    made = job(
        status=Status.SUCCEEDED,
        user_id=world.member.id,
        guild_id=world.guild.id,
        channel_id=world.general.id,
        created_at=now,
        finished_at=now,
    )
    media = Media(path=path, media_type="image/png", size=len(PNG))
    posted = await bot.delivery.post(Parcel(job=made, actions=GRID, media=media))

    late = replace(made, finished_at=now + timedelta(hours=1))
    assert await bot.delivery.find_post(late) is None
    put_back = replace(late, delivery=replace(late.delivery, look_first=True))
    assert await bot.delivery.find_post(put_back) == posted
