"""What happens to every table and column when a person leaves, in one place: what `erasure` carries out.

A test compares it with the schema, so that a new table or column has to be thought about here first. Text only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final, final

if TYPE_CHECKING:
    from collections.abc import Mapping


@final
class Fate(StrEnum):
    """What happens to the rows of a person who leaves.

    `erased`: they go. `anonymized`: they stay without what is personal in them. `kept`: they stay as they are.
    """

    ERASED = "erased"
    ANONYMIZED = "anonymized"
    KEPT = "kept"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What happens to the rows of one table.

    Attributes
    ----------
    why
        What is in it; and why its rows stay, where they do.
    person
        The column that says whose row it is; empty where the row goes with its job or its preset.
    since
        The column with the time from which it is theirs, in milliseconds; empty where none is kept.
    personal
        The columns that hold something of a person.
    blank
        What some of these become, as SQL, in rows that have to stay for a while: those of jobs that the API still has.
    plain
        All other columns.
    """

    fate: Fate
    why: str
    person: str = ""
    since: str = ""
    personal: frozenset[str]
    blank: Mapping[str, str] = field(default_factory=dict[str, str])
    plain: frozenset[str]


#: An id of an interaction that never was: negative, and as good as never twice the same.
_NO_INTERACTION: Final = "-1 - (random() & 4611686018427387903)"

#: Whose the jobs of people are that have left.
NOBODY: Final = 0


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


JOBS: Final = Table(
    fate=Fate.ERASED,
    why="What people asked for. What the API is still at stays, blanked, until that is over, so that nothing paid is "
    "sent twice; then it goes too. `id` is a random number with a time in it.",
    person="user_id",
    since="created_at",
    personal=_words(
        "prompt user_id guild_id channel_id interaction_id parent_id action_label single_key retry_of preview_url "
        "final_prompt result_text media_url picture failure_detail sending batch_id seed more_urls model"
    ),
    blank={
        "prompt": "''",
        "user_id": str(NOBODY),
        "guild_id": "NULL",
        "channel_id": "0",
        "interaction_id": _NO_INTERACTION,
        "parent_id": "NULL",
        "action_label": "''",
        "single_key": "NULL",
        "retry_of": "NULL",
        "preview_url": "NULL",
        "final_prompt": "''",
        "result_text": "''",
        "media_url": "NULL",
        "picture": "NULL",
        "failure_detail": "''",
        "sending": "''",
        "batch_id": "NULL",
        "seed": "NULL",
        "more_urls": "''",
        "model": "''",
    },
    plain=_words(
        "id kind status speed created_at updated_at action_index quadrant answered_at due_at give_up_at waiting "
        "submitted_at task_id queue_ahead progress modal_sent_at finished_at media_type failure deleted_at is_private "
        "words_gone"
    ),
)

DELIVERIES: Final = Table(
    fate=Fate.ERASED,
    why="Where the answers and results of jobs stand. Goes with its job, and is blanked with it.",
    personal=_words("locale own_locale channel_id message_id answer_message_id interaction_token"),
    blank={
        "locale": "''",
        "own_locale": "''",
        "channel_id": "NULL",
        "message_id": "NULL",
        "answer_message_id": "NULL",
        "interaction_token": "NULL",
    },
    plain=_words("job_id status nonce attachment_size_limit attempts due_at application_id may_post look_first"),
)

BATCHES: Final = Table(
    fate=Fate.ERASED,
    why="Several jobs asked for at once. Blanked first, and gone when their jobs are.",
    person="user_id",
    since="created_at",
    personal=_words("user_id guild_id channel_id prompt locale interaction_token answer_message_id"),
    blank={"prompt": "''", "interaction_token": "NULL", "answer_message_id": "NULL"},
    plain=_words("id attachment_size_limit application_id created_at closed_at"),
)

TABLES: Final[Mapping[str, Table]] = {
    "jobs": JOBS,
    "deliveries": DELIVERIES,
    "batches": BATCHES,
    "actions": Table(
        fate=Fate.ERASED,
        why="The buttons of a job. Goes with it.",
        personal=_words("action_id label"),
        plain=_words("job_id idx kind emoji style quadrant needs_input once remixable is_dead"),
    ),
    "attempts": Table(
        fate=Fate.ERASED,
        why="When a job was sent, and how that ended. Goes with it.",
        personal=frozenset(),
        plain=_words("id job_id step started_at ended_at outcome"),
    ),
    "drafts": Table(
        fate=Fate.ERASED,
        why="What somebody filled in and has not sent.",
        person="user_id",
        since="created_at",
        personal=_words("user_id fields"),
        plain=_words("id form created_at"),
    ),
    "favorites": Table(
        fate=Fate.ERASED,
        why="What somebody likes; those of others go with the job.",
        person="user_id",
        since="created_at",
        personal=_words("user_id job_id"),
        plain=_words("created_at kind model guild_id"),
    ),
    "searches": Table(
        fate=Fate.ERASED,
        why="The prompts and descriptions as they are searched. Goes with the job, slice by slice.",
        person="user_id",
        personal=_words("user_id folded"),
        plain=_words("job_id"),
    ),
    "people": Table(
        fate=Fate.ERASED,
        why="What somebody has set for themselves.",
        person="user_id",
        personal=_words("user_id settings"),
        plain=frozenset(),
    ),
    "servers": Table(
        fate=Fate.KEPT,
        why="What moderators have set for a server. Says nothing of who they were.",
        personal=frozenset(),
        plain=_words("guild_id settings"),
    ),
    "presets": Table(
        fate=Fate.ERASED,
        why="Texts under a name; where they are shared goes with them.",
        person="user_id",
        since="created_at",
        personal=_words("user_id name text"),
        plain=_words("created_at"),
    ),
    "preset_shares": Table(
        fate=Fate.ERASED,
        why="In which servers a preset can be used, and under whose name. Goes with it.",
        person="user_id",
        personal=_words("guild_id user_id name owner_name"),
        plain=frozenset(),
    ),
    "stars": Table(
        fate=Fate.ERASED,
        why="Who starred what; those of others go with the job.",
        person="user_id",
        since="created_at",
        personal=_words("job_id user_id"),
        plain=_words("created_at"),
    ),
    "showcases": Table(
        fate=Fate.ERASED,
        why="Where a job stands in a star channel. Goes with it.",
        personal=_words("message_id"),
        plain=_words("job_id guild_id channel_id begun_at"),
    ),
    "shares": Table(
        fate=Fate.ERASED,
        why="What somebody showed to others, and where. Goes with whoever showed it, and with each job.",
        person="user_id",
        since="created_at",
        personal=_words("message_id job_id channel_id guild_id user_id"),
        plain=_words("created_at"),
    ),
    "files": Table(
        fate=Fate.ERASED,
        why="Which files are kept for a job. Goes with it; the files go first, unless another job has the same.",
        personal=_words("name"),
        plain=_words("job_id part media_type size kept_at"),
    ),
    "exports": Table(
        fate=Fate.ERASED,
        why="What is being put together for somebody.",
        person="user_id",
        since="created_at",
        personal=_words("user_id guild_id channel_id locale"),
        plain=_words("id application_id created_at parts_sent"),
    ),
    "authors": Table(
        fate=Fate.ERASED,
        why="Whose words a job of somebody else has, where what they came from has gone. Goes with them, or that job.",
        person="user_id",
        personal=_words("user_id words"),
        plain=_words("job_id"),
    ),
    "borrowings": Table(
        fate=Fate.ERASED,
        why="Jobs of somebody else that still need the words of a person who left. Goes with that job.",
        personal=frozenset(),
        plain=_words("job_id"),
    ),
    "takedowns": Table(
        fate=Fate.ERASED,
        why="Deleted jobs whose message may still be there. Goes with its job.",
        personal=frozenset(),
        plain=_words("job_id begun_at"),
    ),
    "usage": Table(
        fate=Fate.ERASED,
        # Without `since`: a day began before whoever came back on it left.
        why="How much somebody used of what was removed for its age, as long as that month lasts.",
        person="user_id",
        personal=_words("user_id"),
        plain=_words("day kind speed count"),
    ),
    "tombstones": Table(
        fate=Fate.KEPT,
        why="Who has left, as a keyed hash that only recognizes them: so that a backup does not bring them back.",
        personal=frozenset(),
        plain=_words("mark erased_at finished_at"),
    ),
}

#: Those that are emptied at once when somebody leaves; the others hold jobs, or go with them.
AT_ONCE: Final = tuple(
    (name, table) for name, table in TABLES.items() if table.person and name not in {"jobs", "batches", "searches"}
)


def blanks(table: Table) -> str:
    """Return the assignments that blank a row, as SQL."""
    return ", ".join(f"{column} = {value}" for column, value in table.blank.items())
