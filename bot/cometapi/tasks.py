"""The API's task object into `model.Task` (contract 4 and 12.3-8), and two looks at one task into one.

Pure; imports only the model.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from bot.cometapi.buttons import gives_suggestions, read_actions
from bot.cometapi.jsontext import digits, items, mapping, text, whole
from bot.cometapi.refusals import in_english
from bot.errors import CometUncertain
from bot.model import Phase, Task

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.cometapi.jsontext import Json
    from bot.model import Action

ECHO_LIMIT: Final = 255
URL_LIMIT: Final = 4096
#: Of a list: what is more than anybody asked for is not gone through, so that it holds nothing up (reliability D5). Of
#: one id there are two rows at most (contract 4.3).
_MOST_ROWS: Final = 5000
_MOST_ROWS_OF_ONE: Final = 4

#: Status words in upper case. A word that is not here means that the task still runs (contract 4.3).
_PHASES: Final[Mapping[str, Phase]] = {
    "": Phase.QUEUED,
    "NOT_START": Phase.QUEUED,
    "SUBMITTED": Phase.QUEUED,
    "MODAL": Phase.NEEDS_INPUT,
    "IN_PROGRESS": Phase.RUNNING,
    "SUCCESS": Phase.SUCCEEDED,
    "FAILURE": Phase.FAILED,
    "CANCEL": Phase.FAILED,
}
_SUGGESTING: Final = frozenset({"DESCRIBE", "SHORTEN"})
_PERCENT: Final = re.compile(r"\s*([0-9]{1,6})(?:[.,][0-9]*)?\s*%?\s*", re.ASCII)
_LINK: Final = re.compile(r"https?://[^\s\x00-\x20\x7f\"<>\\^`{|}]+", re.IGNORECASE)
_VIDEO: Final = re.compile(r"\.(?:mp4|webm|mov|m4v)(?:[?#]|$)", re.IGNORECASE)
_SEED: Final = re.compile(r"[0-9]{1,20}", re.ASCII)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DONE: Final = 100


def read_task(payload: Json, task_id: str) -> Task:
    """Normalize one task object.

    Parameters
    ----------
    task_id
        The task that was asked for; it names the result, as some back ends send ids as numbers that lost digits.

    Raises
    ------
    CometUncertain
        Not a task object, or one of another task.
    """
    fields = mapping(payload)
    if not fields.keys() & {"id", "status"}:
        msg = "the answer is not a task"
        raise CometUncertain(msg)
    other = fields.get("id")
    if isinstance(other, str) and other not in {"", task_id}:
        msg = "the answer is about another task"
        raise CometUncertain(msg)
    return _build(fields, task_id)


def read_tasks(payload: Json, task_ids: Iterable[str]) -> dict[str, Task]:
    """Normalize the answer of list-by-condition: matched by id, never by place; of two rows the most advanced.

    Raises
    ------
    CometUncertain
        Neither a list nor null, which is how an empty one may be written.
    """
    if payload is not None and not isinstance(payload, list):
        msg = "the answer is not a list of tasks"
        raise CometUncertain(msg)
    wanted = frozenset(task_ids)
    rows: dict[str, list[Task]] = {}
    for entry in items(payload)[:_MOST_ROWS]:
        fields = mapping(entry)
        task_id = _id(fields.get("id"))
        if task_id in wanted and len(rows.get(task_id, ())) < _MOST_ROWS_OF_ONE:
            rows.setdefault(task_id, []).append(_build(fields, task_id))
    # Two rows of one id exist only since our modal step was sent (contract 4.3).
    return {task_id: tasks[0] if len(tasks) == 1 else merge(tasks, modal_sent=True) for task_id, tasks in rows.items()}


def merge(tasks: Iterable[Task], *, modal_sent: bool) -> Task:
    """Return the most advanced of several looks at one task (contract 12.3).

    Parameters
    ----------
    modal_sent
        Whether our modal step was sent. If so, MODAL is the stalest of all; if not, only an end is newer.

    Raises
    ------
    ValueError
        There is none.
    """
    order = [Phase.QUEUED, Phase.RUNNING, Phase.FAILED, Phase.SUCCEEDED]
    order.insert(0 if modal_sent else 2, Phase.NEEDS_INPUT)
    return max(
        tasks,
        key=lambda task: (
            order.index(task.phase),
            -1 if task.progress is None else task.progress,
            task.started_at is not None,
            len(task.actions),
        ),
    )


def _build(fields: Mapping[str, object], task_id: str) -> Task:
    progress = _progress(fields.get("progress"))
    phase = _phase(fields, progress)
    actions = read_actions(fields.get("buttons"))
    properties = mapping(fields.get("properties"))
    link = _link(fields.get("imageUrl"))
    return Task(
        task_id=task_id,
        phase=phase,
        progress={Phase.SUCCEEDED: _DONE, Phase.FAILED: None}.get(phase, progress),
        picture_url=_picture(fields, link) if phase is Phase.SUCCEEDED else None,
        preview_url=link if phase is Phase.RUNNING else None,
        video_urls=_videos(fields, link) if phase is Phase.SUCCEEDED else (),
        prompt=text(fields.get("prompt")),
        final_prompt=text(properties.get("finalPrompt")),
        text=_suggestions(fields, properties, actions) if phase is Phase.SUCCEEDED else "",
        fail_reason=in_english(_text_of(fields.get("failReason"))) if phase is Phase.FAILED else "",
        echo=text(fields.get("state"), ECHO_LIMIT),
        seed=_seed(fields.get("seed")),
        actions=actions,
        submitted_at=_time(fields.get("submitTime")),
        started_at=_time(fields.get("startTime")),
        finished_at=_time(fields.get("finishTime")),
    )


def _phase(fields: Mapping[str, object], progress: int | None) -> Phase:
    phase = _PHASES.get(_text_of(fields.get("status")).strip().upper(), Phase.RUNNING)
    frozen = progress == _DONE and bool(_text_of(fields.get("failReason")).strip())
    return Phase.FAILED if frozen and phase is not Phase.SUCCEEDED else phase


def _text_of(value: object) -> str:
    """Return text, and numbers as text: an unknown status is unknown in any type."""
    return text(value) if isinstance(value, str) else "" if value is None else text(str(whole(value)))


def _id(value: object) -> str:
    return value if isinstance(value, str) else digits(value) if isinstance(value, int) else ""


def _progress(value: object) -> int | None:
    if isinstance(value, str):
        found = _PERCENT.fullmatch(value[:40])
        percent = int(found[1]) if found else None
    elif isinstance(value, float):
        percent = whole(float(round(value))) if 0 <= value <= _DONE else None
    else:
        percent = whole(value)
    return None if percent is None or percent < 0 else min(percent, _DONE)


def _link(value: object) -> str | None:
    if not isinstance(value, str) or len(value) > URL_LIMIT:
        return None
    link = text(value.strip(), URL_LIMIT)
    return link if _LINK.fullmatch(link) else None


def _picture(fields: Mapping[str, object], link: str | None) -> str | None:
    """Choose the final picture. `image_urls` holds single pictures, so it replaces `imageUrl` only where it is one."""
    if link is not None:
        return None if _VIDEO.search(link) else link
    singles = _links(fields.get("image_urls")) or _links(fields.get("imageUrls"))
    return singles[0] if len(singles) == 1 else None


def _videos(fields: Mapping[str, object], link: str | None) -> tuple[str, ...]:
    """Return one address for each video.

    A list of several is a batch, and `videoUrl` and `imageUrl` then repeat one of them, perhaps at another address
    (contract 4.4). Else all that there is leads to one video; taken is the first by contract 12.8.
    """
    several = fields.get("videoUrls")
    if isinstance(several, str):  # some forks send the list as JSON in a string
        try:
            several = json.loads(several)
        except (ValueError, RecursionError):
            several = [several]
    batch = tuple(dict.fromkeys(_links(several)))
    if len(batch) > 1:
        return batch
    film = link if link is not None and _VIDEO.search(link) else None
    return tuple(filter(None, [_link(fields.get("videoUrl")), *batch, film]))[:1]


def _links(value: object) -> list[str]:
    """Read a list of links, bare or as objects with `url`."""
    found = (_link(entry if isinstance(entry, str) else mapping(entry).get("url")) for entry in items(value)[:20])
    return [link for link in found if link is not None]


def _suggestions(fields: Mapping[str, object], properties: Mapping[str, object], actions: tuple[Action, ...]) -> str:
    """Return the text of a describe or shorten; told by the buttons, as `action` is loose (contract 4.2)."""
    if _text_of(fields.get("action")).strip().upper() not in _SUGGESTING and not gives_suggestions(actions):
        return ""
    for candidate in (fields.get("promptEn"), properties.get("finalPrompt")):
        if found := text(candidate).strip():
            return found
    description = text(fields.get("description")).strip()
    return description if "shortened prompts" in description.casefold() else ""


def _seed(value: object) -> str:
    """Return the digits of a seed; none for 0, which is how some back ends write what is not set (contract 4.1)."""
    seed = value if isinstance(value, str) else digits(value) if isinstance(value, int) else ""
    return seed if _SEED.fullmatch(seed) and seed.strip("0") else ""


def _time(value: object) -> datetime | None:
    milliseconds = whole(value)
    if not milliseconds or milliseconds < 0:
        return None
    try:
        return _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None
