"""A backup that was put back: nothing is paid twice, nothing is posted twice, and nobody who left comes back."""

from __future__ import annotations

import asyncio
import shutil
from argparse import Namespace
from typing import TYPE_CHECKING

from bot.config import ExitCode, Settings
from bot.jobs.housekeeping.backups import Backups
from bot.jobs.housekeeping.clearing import Clearing, Limits
from bot.jobs.housekeeping.steadiness import Steadiness
from bot.model import DeliveryStatus, Phase, Status
from bot.owner import backup, restore
from storage.backups.vault import SqliteVault
from storage.database import Database
from tests.jobs.test_leaving import CANARY, ME, YOU, files, live, traces

if TYPE_CHECKING:
    from pathlib import Path

    from tests.jobs.conftest import House


def settings(house: House) -> Settings:
    """Return settings that name the house's database."""
    database = f"sqlite:///{house.folder / 'easel.db'}"
    return Settings.load(None, {"DISCORD_TOKEN": "a.b.c", "COMETAPI_KEY": "sk-a-key", "DATABASE_URL": database})


async def back_up(house: House) -> Path:
    """Make a backup outside the data folder, as an owner does, while the bot runs."""
    target = house.folder.with_name(f"{house.folder.name}.backup")
    assert await asyncio.to_thread(backup.main, settings(house), Namespace(path=target)) is ExitCode.OK
    return target


async def put_back(house: House, file: Path) -> None:
    """Stop, restore, and start an hour later, when Discord has forgotten every nonce."""
    await house.end()
    assert await asyncio.to_thread(restore.main, settings(house), Namespace(file=file)) is ExitCode.OK
    house.clock.advance(3600)
    house.discord.nonces_remembered = False
    await house.start()


async def test_what_waited_in_the_backup_and_was_paid_for_since_is_not_paid_again(house: House) -> None:
    job_id = await house.imagine()
    file = await back_up(house)
    await house.settle()
    assert len(house.api.charges) == 1

    await put_back(house, file)
    await house.pass_time(60, every=5)

    assert len(house.api.charges) == 1
    job = await house.job(job_id)
    assert (job.status, job.delivery.status) == (Status.UNKNOWN, DeliveryStatus.DELIVERED)
    assert [parcel.job.status for parcel in house.discord.words[job_id]][-1] is Status.UNKNOWN


async def test_what_was_answered_in_that_very_moment_is_told_too(house: House) -> None:
    receipt = await house.engine.services.jobs.imagine(house.origin(), "a fox", settings(house).default_speed)
    file = await back_up(house)
    await put_back(house, file)
    await house.pass_time(30)
    assert (await house.job(receipt.job.id)).status is Status.UNKNOWN
    assert house.discord.words[receipt.job.id]
    assert house.api.charges == []


async def test_what_waited_and_was_delivered_since_is_not_told_to_be_unknown(house: House) -> None:
    job_id = await house.imagine()
    file = await back_up(house)
    await house.settle()
    house.api.finish(house.api.charges[0].task_id)
    await house.pass_time(12)
    assert len(house.discord.messages) == 1
    said = len(house.discord.words[job_id])

    await put_back(house, file)
    await house.pass_time(60, every=5)

    assert (len(house.api.charges), len(house.discord.messages), len(house.discord.words[job_id])) == (1, 1, said)
    delivery = (await house.job(job_id)).delivery
    assert (delivery.status, delivery.message_id) == (DeliveryStatus.DELIVERED, house.discord.messages[0].message_id)


async def test_what_ran_in_the_backup_and_was_posted_since_is_found_and_not_posted_again(house: House) -> None:
    job_id, task_id = await house.running()
    file = await back_up(house)
    house.api.finish(task_id)
    await house.pass_time(12)
    assert len(house.discord.messages) == 1

    await put_back(house, file)
    await house.pass_time(60, every=5)

    assert len(house.discord.messages) == 1
    job = await house.job(job_id)
    assert (job.status, job.delivery.message_id) == (Status.SUCCEEDED, house.discord.messages[0].message_id)
    assert await house.engine.pictures.obtain(job) is not None


async def test_what_ran_in_the_backup_and_was_not_posted_is_posted_once(house: House) -> None:
    job_id, task_id = await house.running()
    file = await back_up(house)
    await put_back(house, file)
    house.api.finish(task_id)
    await house.pass_time(60, every=5)
    assert house.discord.searches == 1
    assert [message.job.id for message in house.discord.messages] == [job_id]
    assert not (await house.job(job_id)).delivery.look_first


async def test_a_modal_step_that_may_have_been_sent_since_is_left_to_its_task(house: House) -> None:
    job_id, task_id = await house.running()
    await house.store.transition(job_id, Status.RUNNING, Status.NEEDS_INPUT, at=house.clock.now())
    file = await back_up(house)

    await put_back(house, file)
    house.api.change(task_id, phase=Phase.NEEDS_INPUT)
    await house.pass_time(60, every=5)
    assert house.api.modals == []

    house.api.finish(task_id)
    await house.pass_time(60, every=5)
    assert (await house.job(job_id)).status is Status.SUCCEEDED
    assert len(house.discord.messages) == 1


async def test_a_backup_that_somebody_copied_into_place_is_recognized(house: House) -> None:
    job_id = await house.imagine()
    file = await back_up(house)
    await house.settle()
    await house.end()
    shutil.copy(file, house.folder / "easel.db")
    await house.start()
    await house.pass_time(30)
    assert len(house.api.charges) == 1
    assert (await house.job(job_id)).status is Status.UNKNOWN
    waiting = await house.imagine("another fox")
    await house.restart()
    await house.settle()
    assert (await house.job(waiting)).status is Status.RUNNING, "recognized once only"


async def test_any_other_copy_is_taken_for_one_where_the_owner_says_so(house: House) -> None:
    job_id = await house.imagine()
    await house.end()
    async with await Database.open(house.folder / "easel.db", is_put_back=True):
        pass
    await house.start()
    assert (await house.job(job_id)).status is Status.UNKNOWN


async def test_whoever_left_after_the_backup_was_made_does_not_come_back_with_it(house: House) -> None:
    names = await live(house)
    waiting = await house.imagine(f"{CANARY} waits", user_id=ME)
    file = await back_up(house)
    assert CANARY.encode() in file.read_bytes()
    await house.engine.services.privacy.erase(ME)
    await house.engine.services.privacy.leaving.step()
    # Killed before their leaving was in the file beside the database: the database alone knows.
    (house.folder / "tombstones.txt").unlink()
    charged = len(house.api.charges)

    await put_back(house, file)
    await house.pass_time(5)
    await house.engine.services.privacy.leaving.step()

    assert traces(house.folder, waiting, *names) == []
    assert len(house.api.charges) == charged
    assert [job.user_id for job in await house.memory.privacy.jobs(YOU, "~", 10)] == [YOU]


async def test_pictures_that_only_the_former_database_knows_stay_as_long_as_it_does(house: House) -> None:
    file = await back_up(house)
    picture = (await house.job(await house.finished())).picture
    assert picture is not None
    await put_back(house, file)
    path = house.folder / "pictures" / picture[:2] / picture
    backups = Backups(
        vault=SqliteVault(house.folder / "easel.db"), clock=house.clock, steadiness=Steadiness(house.clock), every=None
    )
    clearing = Clearing(
        memory=house.memory,
        keeper=house.engine.pictures.keeper,
        clock=house.clock,
        limits=Limits(),
        backups=backups,
    )
    house.clock.advance(2 * 3600)
    await clearing.step()
    assert await asyncio.to_thread(path.is_file)

    [aside] = [path for path in files(house.folder / "backups") if "before-restore" in path.name]
    await asyncio.to_thread(aside.unlink)
    await clearing.step()
    assert not await asyncio.to_thread(path.is_file)
