"""What the job engine needs from the world, as Protocols.

Implemented by `storage.memory.SqliteMemory`, `bot.cometapi.client.CometClient`, `bot.jobs.clock.SystemClock` and
`cogs.messages.delivery.DiscordDelivery`; by fakes with behavior in the tests. Imports only the model: never discord,
aiohttp or aiosqlite.
"""

from bot.jobs.ports.clock import Clock
from bot.jobs.ports.delivery import Delivery, Parcel, Posted
from bot.jobs.ports.jobstore import DeliveryChanges, JobChanges, JobStore, Outcome, Step
from bot.jobs.ports.memory import BatchStore, DraftStore, Memory, PeopleStore
from bot.jobs.ports.midjourney import Film, Midjourney

__all__ = [
    "BatchStore",
    "Clock",
    "Delivery",
    "DeliveryChanges",
    "DraftStore",
    "Film",
    "JobChanges",
    "JobStore",
    "Memory",
    "Midjourney",
    "Outcome",
    "Parcel",
    "PeopleStore",
    "Posted",
    "Step",
]
