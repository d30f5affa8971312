"""The values that travel through Easel: jobs, actions, tasks, files, and the statuses a job may move between.

Everything here is frozen and knows nothing of Discord, HTTP or SQL.
"""

from bot.model.batches import Batch
from bot.model.grids import is_grid
from bot.model.jobs import (
    DeliveryRow,
    Job,
    NewJob,
)
from bot.model.orders import (
    Draft,
    Order,
)
from bot.model.settings import (
    Defaults,
    Notify,
    Person,
    Preset,
    Server,
)
from bot.model.tasks import (
    Accepted,
    Action,
    Media,
    Task,
)
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
    "Batch",
    "Defaults",
    "DeliveryRow",
    "DeliveryStatus",
    "Dimensions",
    "Draft",
    "Entry",
    "Failure",
    "Job",
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
    "Speed",
    "Status",
    "Task",
    "Waiting",
    "is_grid",
]
