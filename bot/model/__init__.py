"""The values that travel through Easel: jobs, actions, tasks, files, and the statuses a job may move between.

Everything here is frozen and knows nothing of Discord, HTTP or SQL.
"""

from bot.model.jobs import (
    DeliveryRow,
    Job,
    NewJob,
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
    Entry,
    Failure,
    Kind,
    Phase,
    Speed,
    Status,
    Waiting,
)

__all__ = [
    "SETTLED",
    "TRANSITIONS",
    "Accepted",
    "Action",
    "DeliveryRow",
    "DeliveryStatus",
    "Entry",
    "Failure",
    "Job",
    "Kind",
    "Media",
    "NewJob",
    "Phase",
    "Speed",
    "Status",
    "Task",
    "Waiting",
]
