"""Task objects as they go over the wire, in both profiles (contract 4.1, 4.3, 11).

Here lives the gateway's lag: a row shows the state of the last copy, and of two rows with one id the older one lags
behind.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, final

from sandbox.comet.answers import INSTANCE
from sandbox.comet.families import Makes
from sandbox.comet.parameters import without_markers
from sandbox.comet.script import ENDS, FAILURE, IN_PROGRESS, MODAL, SUCCESS, Step
from sandbox.comet.suggestions import suggestions

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.comet.options import CometOptions
    from sandbox.comet.tasks import Row, Task
    from sandbox.comet.timeline import Timeline

Payload = dict[str, object]

_TEXTS: Final = frozenset({Makes.DESCRIBE, Makes.SHORTEN})
_VIDEOS: Final = frozenset({Makes.VIDEO, Makes.VIDEO_BATCH})


@final
class Wire:
    """Write tasks as the profile's clients see them.

    Parameters
    ----------
    base_url
        Tells where this sandbox listens; addresses of pictures begin with it.
    """

    def __init__(self, options: CometOptions, timeline: Timeline, base_url: Callable[[], str]) -> None:
        self._options = options
        self._timeline = timeline
        self._base_url = base_url

    def one(self, task: Task) -> Payload | None:
        """Return what fetch shows: the oldest row; None if the task is gone."""
        rows = self.every(task)
        return rows[0] if rows else None

    def every(self, task: Task) -> list[Payload]:
        """Return what a list shows: all rows, oldest first; empty if the task is gone."""
        now = self._timeline.now()
        if not task.knows_itself(now):
            return []
        if not self._options.is_gateway:
            return [self.live(task)]
        return [self._gateway(task, row, self.seen_at(task, number)) for number, row in enumerate(task.rows)]

    def seen_at(self, task: Task, number: int) -> float | None:
        """Return which moment's state a row shows, or None if it has not been copied yet."""
        now = self._timeline.now()
        if not self._options.is_gateway:
            return now
        row = task.rows[number]
        copied = max(self._timeline.last_sync(now), task.published)
        if number < len(task.rows) - 1 and not self._older_follows(task, now):
            copied = self._timeline.last_sync(task.rows[number + 1].added)
        return copied if copied >= row.added else None

    def _older_follows(self, task: Task, now: float) -> bool:
        """Whether the older of two rows has been copied too: one copy after the newer was over (contract 4.3)."""
        ended = task.ended_at()
        if ended is None:
            return False
        seen = self._timeline.next_sync(ended)
        if task.published >= ended:
            seen = min(seen, task.published)
        return self._timeline.last_sync(now) >= self._timeline.next_sync(seen, strictly=True)

    def has_failed(self, task: Task) -> bool | None:
        """Return whether the gateway has seen a FAILURE; None while the task is not over."""
        seen = self.seen_at(task, len(task.rows) - 1)
        status = "" if seen is None else task.step_at(seen).status
        return status == FAILURE and self._options.is_gateway if status in ENDS else None

    def live(self, task: Task) -> Payload:
        """Return the task as the proxy itself shows it, and as hooks carry it: without lag, with everything."""
        now, order = self._timeline.now(), task.order
        step = task.step_at(now)
        payload = self._base(task, task.rows[-1], now, step)
        payload |= {
            "action": order.proxy_action,
            "customId": order.custom_id,
            "botType": order.bot_type,
            "promptEn": self._english(task, step),
            "description": f"/imagine {order.prompt}" if order.action == "IMAGINE" else task.rows[-1].description,
            "startTime": payload["startTime"] or None,
            "finishTime": payload["finishTime"] or None,
            "progress": "" if step.status in {FAILURE, MODAL} else f"{step.percent or 0}%",
            "failReason": step.reason or None,
            "imageUrl": self._direct_image(task, step) or None,
            "parentId": order.parent_id or None,
            "mode": order.speed.upper(),
            "properties": {
                "notifyHook": order.notify_hook,
                "botType": order.bot_type,
                "finalPrompt": self._final_prompt(task, step),
                "discordInstanceId": INSTANCE,
                "discordChannelId": INSTANCE,
                "messageHash": order.uuid,
            },
        }
        if self._options.seeds and step.status == SUCCESS:
            payload["seed"] = order.reading.seed or str(int(order.uuid[:8], 16))
        return payload

    def _gateway(self, task: Task, row: Row, seen: float | None) -> Payload:
        if seen is None:
            return self._fresh(task, row)
        step = task.step_at(seen)
        payload = self._base(task, row, seen, step)
        progress = "100%" if step.status in ENDS else "" if step.status == MODAL else f"{step.percent or 0}%"
        payload |= {
            "action": row.action,
            "promptEn": self._english(task, step),
            "progress": progress,
            "failReason": step.reason,
            "imageUrl": self._gateway_image(task, step),
            "properties": {"finalPrompt": self._final_prompt(task, step), "finalZhPrompt": ""},
        }
        return payload

    def _fresh(self, task: Task, row: Row) -> Payload:
        """Return a row that was never copied (contract 10, 4)."""
        payload = self._base(task, row, row.added, Step(0.0, "", 0))
        return payload | {"state": "", "startTime": 0, "finishTime": 0, "buttons": None}

    def _base(self, task: Task, row: Row, seen: float, step: Step) -> Payload:
        started = task.started_at(seen) if step.status else None
        ended = task.ended_at() if step.status in ENDS else None
        videos = self._videos(task, step)
        return {
            "id": task.id,
            "action": row.action,
            "customId": "",
            "botType": "",
            "prompt": row.prompt,
            "promptEn": "",
            "description": row.description,
            "state": task.order.echo,
            "submitTime": self._timeline.epoch_ms(row.added),
            "startTime": self._timeline.epoch_ms(started) if started is not None else 0,
            "finishTime": self._timeline.epoch_ms(ended) if ended is not None else 0,
            "imageUrl": "",
            "videoUrl": videos[0] if videos else "",
            "videoUrls": [{"url": url} for url in videos] or None,
            "status": step.status,
            "progress": "0%",
            "failReason": "",
            "buttons": self._buttons(task, seen, step),
            "maskBase64": "",
            "properties": None,
        }

    @staticmethod
    def _buttons(task: Task, seen: float, step: Step) -> list[dict[str, str | int | None]] | None:
        if step.status == SUCCESS:
            return task.buttons_at(seen)
        return [] if step.status == FAILURE else None

    def _videos(self, task: Task, step: Step) -> list[str]:
        """Return the addresses for `videoUrls`; one that was made larger is only in `imageUrl` (contract 4.4)."""
        if step.status != SUCCESS or task.order.makes is not Makes.VIDEO_BATCH or not self._options.video_urls:
            return []
        return [f"{self._base_url()}/cdn/video/{task.id}/0_{number}.mp4" for number in range(task.order.choices)]

    def _gateway_image(self, task: Task, step: Step) -> str:
        if not shows_picture(task, step):
            return ""
        if task.order.makes in _VIDEOS and step.status == SUCCESS:
            return self._direct_image(task, step)
        url = f"{self._base_url()}/mj/image/{task.id}"
        return url if step.status == SUCCESS else f"{url}?rand={time.time_ns()}"

    def _direct_image(self, task: Task, step: Step) -> str:
        if not shows_picture(task, step):
            return ""
        if task.order.makes in _VIDEOS and step.status == SUCCESS:
            return f"{self._base_url()}/cdn/video/{task.id}/0_{task.order.picture.number}.mp4"
        if step.status != SUCCESS:
            return f"{self._base_url()}/cdn/attachments/{task.id}/{task.order.uuid}_grid_0.webp"
        return f"{self._base_url()}/cdn/attachments/{task.id}/{task.order.uuid}.{self._options.picture_format}"

    def _english(self, task: Task, step: Step) -> str:
        if task.order.makes in _TEXTS:
            return suggestions(task.order) if step.status == SUCCESS else ""
        return task.order.prompt

    def _final_prompt(self, task: Task, step: Step) -> str:
        if step.status != SUCCESS:
            return ""
        return suggestions(task.order) if task.order.makes in _TEXTS else without_markers(task.order.prompt)


def shows_picture(task: Task, step: Step) -> bool:
    """Whether there is anything to look at: a preview once there is progress, or the result."""
    if not task.order.has_picture or step.status not in {IN_PROGRESS, SUCCESS}:
        return False
    return bool(step.percent) and task.order.makes is not Makes.SHORTEN
