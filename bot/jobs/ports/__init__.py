"""What the job engine needs from the world, as Protocols.

Implemented by `storage.memory.SqliteMemory`, `storage.backups.vault.SqliteVault`, `bot.cometapi.client.CometClient`,
`bot.jobs.clock.SystemClock`, `bot.imaging.darkroom.process.DarkroomProcess` and
`cogs.messages.delivery.DiscordDelivery`; by fakes with behavior in the tests. Imports only the model: never discord,
aiohttp or aiosqlite.
"""

from bot.jobs.ports.clock import Clock
from bot.jobs.ports.darkroom import Darkroom
from bot.jobs.ports.delivery import Delivery, ExportPart, Parcel, Posted
from bot.jobs.ports.files import FileStore
from bot.jobs.ports.history import HistoryStore
from bot.jobs.ports.jobstore import DeliveryChanges, Headway, JobChanges, JobStore, Outcome, Step
from bot.jobs.ports.memory import BatchStore, DraftStore, Memory, PeopleStore
from bot.jobs.ports.midjourney import Film, Midjourney
from bot.jobs.ports.presets import PresetStore
from bot.jobs.ports.privacy import ExportStore, PrivacyStore
from bot.jobs.ports.shares import ShareStore
from bot.jobs.ports.stars import StarStore
from bot.jobs.ports.takedowns import TakedownStore
from bot.jobs.ports.usage import UsageStore
from bot.jobs.ports.vault import Vault

__all__ = [
    "BatchStore",
    "Clock",
    "Darkroom",
    "Delivery",
    "DeliveryChanges",
    "DraftStore",
    "ExportPart",
    "ExportStore",
    "FileStore",
    "Film",
    "Headway",
    "HistoryStore",
    "JobChanges",
    "JobStore",
    "Memory",
    "Midjourney",
    "Outcome",
    "Parcel",
    "PeopleStore",
    "Posted",
    "PresetStore",
    "PrivacyStore",
    "ShareStore",
    "StarStore",
    "Step",
    "TakedownStore",
    "UsageStore",
    "Vault",
]
