"""The values that travel through Easel: jobs, actions, tasks, files, and the statuses a job may move between.

What people and servers prefer, keep, like and have used is here too, and what a page of their history holds. Everything
is frozen and knows nothing of Discord, HTTP or SQL.
"""

from bot.model.backups import Backup
from bot.model.batches import Batch
from bot.model.files import KeptFile
from bot.model.grids import is_grid
from bot.model.history import (
    HistoryFilter,
    HistoryPage,
)
from bot.model.jobs import (
    DeliveryRow,
    Job,
    NewJob,
)
from bot.model.orders import (
    Draft,
    Order,
)
from bot.model.privacy import (
    Export,
    Holdings,
    Tombstone,
)
from bot.model.settings import (
    Applied,
    Defaults,
    KeptPreset,
    Notify,
    Person,
    Preset,
    Server,
    SharedPreset,
    Source,
)
from bot.model.shares import Share
from bot.model.stars import Showcase
from bot.model.tasks import (
    Accepted,
    Action,
    Media,
    Task,
)
from bot.model.usage import Used
from bot.model.vocabulary import (
    SETTLED,
    TRANSITIONS,
    DeliveryStatus,
    Dimensions,
    Entry,
    Failure,
    Kind,
    Motion,
    Phase,
    Route,
    Speed,
    Status,
    Waiting,
)

__all__ = [
    "SETTLED",
    "TRANSITIONS",
    "Accepted",
    "Action",
    "Applied",
    "Backup",
    "Batch",
    "Defaults",
    "DeliveryRow",
    "DeliveryStatus",
    "Dimensions",
    "Draft",
    "Entry",
    "Export",
    "Failure",
    "HistoryFilter",
    "HistoryPage",
    "Holdings",
    "Job",
    "KeptFile",
    "KeptPreset",
    "Kind",
    "Media",
    "Motion",
    "NewJob",
    "Notify",
    "Order",
    "Person",
    "Phase",
    "Preset",
    "Route",
    "Server",
    "Share",
    "SharedPreset",
    "Showcase",
    "Source",
    "Speed",
    "Status",
    "Task",
    "Tombstone",
    "Used",
    "Waiting",
    "is_grid",
]
