"""What the API told: tasks, accepted submits, buttons, files. Imports only the vocabulary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, final

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from bot.model.vocabulary import Kind, Phase


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A button of a finished task, as stored with the job.

    Attributes
    ----------
    index
        Its number within the job, from 0; never renumbered. It is what our `custom_id` carries.
    action_id
        Midjourney's own `customId` (contract 4.6); at most a few hundred characters; only unique with the task.
    label, emoji
        At least one is not empty. `emoji` is a single Unicode emoji or empty; custom emoji names are dropped.
    style
        Discord's button style, 1–4; 1 means "was pressed" on some back ends.
    quadrant
        1–4 where the action is about one picture of a grid or one video of a batch; 1–9 for one suggestion of several.
    needs_input
        Whether a window has to be filled in before it can be sent (contract 3.3).
    once
        Whether one result serves everybody: U1–U4 and each upscale (design 6).
    remixable
        Whether the API can be told to ask for a prompt before it does this (contract 3.3).
    is_dead
        The API refuses it for good: shown, but not to be pressed.
    """

    index: int
    action_id: str
    kind: Kind
    label: str
    emoji: str = ""
    style: int = 2
    quadrant: int | None = None
    needs_input: bool = False
    once: bool = False
    remixable: bool = False
    is_dead: bool = False


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A fetched picture or video on our disk.

    Attributes
    ----------
    path
        The file; owned by whoever fetched it.
    media_type
        By magic bytes: `image/png`, `image/jpeg`, `image/webp`, `image/gif` or `video/mp4`.
    size
        In bytes.
    """

    path: Path
    media_type: str
    size: int


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One look at a task at the API, normalized by contract 12.

    Attributes
    ----------
    progress
        0–100 or None where the API said nothing readable.
    picture_url
        The final picture; only when `phase` is `succeeded`.
    preview_url
        A picture of the running task; its query changes with every look, so never compare it.
    video_urls
        One address for each video, in their order.
    text
        Describe and shorten: the suggestions, as sent.
    echo
        The `state` we gave at submit; empty for the first seconds.
    seed
        Digits, or empty; only some back ends tell it (contract 4.1).
    """

    task_id: str
    phase: Phase
    progress: int | None = None
    picture_url: str | None = None
    preview_url: str | None = None
    video_urls: tuple[str, ...] = ()
    prompt: str = ""
    final_prompt: str = ""
    text: str = ""
    fail_reason: str = ""
    echo: str = ""
    seed: str = ""
    actions: tuple[Action, ...] = ()
    submitted_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The API took a submit.

    Attributes
    ----------
    task_id
        Of the task to follow.
    other_task_ids
        Further ids of the same submit ("imagine all").
    needs_input
        The API waits for its modal step: code 21, or `properties.remix`.
    queue_ahead
        Tasks in front of it, where the API says so.
    final_prompt
        The prompt the API proposes for the modal step, or empty.
    """

    task_id: str
    other_task_ids: tuple[str, ...] = ()
    needs_input: bool = False
    queue_ahead: int | None = None
    final_prompt: str = ""
