"""How a sandbox of the API is set up: one frozen record, no other module reads settings.

Imports nothing of this package.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

Profile = Literal["gateway", "ancestor"]
ButtonStyle = Literal["discord", "official"]
PictureFormat = Literal["png", "webp"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CometOptions:
    """Set up a :class:`~sandbox.comet.CometSandbox`; the defaults suit tests.

    Attributes
    ----------
    profile
        ``gateway`` speaks like CometAPI (a gateway that copies a proxy's state now and then), ``ancestor`` like the
        self-hosted proxy behind it (contract 11).
    host, port
        Where to listen; port 0 takes a free one.
    key
        The API key that is accepted.
    sync_seconds
        How often the gateway copies the proxy's state; 15 in the wild (contract 4.3). 0 copies at each look.
    pace
        Factor on the delays of the job scripts; 1 is a fast job of 20 s.
    job_seconds
        When set, each job lasts this long, whatever its speed, kind or `pace`.
    task_timeout_seconds
        A task that is not over by then is failed by the gateway (contract 4.3); in seconds of the job script.
    latency_seconds
        Waited before each answer to a submit.
    rate_limit
        Requests per second before 429 is answered; None for no limit.
    balance_usd
        Money on the account; None never runs out. Only the gateway has money.
    charge_upscale
        Whether U1-U4 cost anything; CometAPI does not say (contract 1).
    remix_account
        The Midjourney account is in remix mode: variation, pan, reroll and animate want a modal (contract 3.3).
    modal_rows
        Whether the gateway holds two rows with one id after a modal (contract 4.3).
    instant_upscale
        U1-U4 are done at once, as with official accounts (contract 4.3).
    strict_masks
        Refuse masks that are not a PNG of the picture's exact size, or that are without any white (contract 11).
    hooks
        Whether `notifyHook` is honored; None asks the profile (gateway no, ancestor yes).
    default_version
        What a prompt without ``--v`` and ``--niji`` is drawn with (contract 7).
    button_style
        ``discord``: the buttons of a Discord account, with custom emoji, bookmark and link; ``official``: the set that
        the proxy makes up for accounts of midjourney.com (contract 4.6).
    picture_size
        Longer side of a grid or single picture in pixels; an upscaled one has twice that.
    picture_format
        Of finished pictures; previews are always WebP.
    video_urls
        Whether a finished video is in `videoUrl` and `videoUrls`; else only in `imageUrl` (contract 10, 10).
    manual_video
        Whether single pictures carry the button that animates them by a prompt of one's own (contract 4.6 G).
    future_button
        Whether finished pictures carry a button that was invented today, ``MJ::JOB::future_thing::1::…``; the fault
        ``future-button`` gives it to some.
    missing_routes
        Kinds of submits, such as ``shorten``, whose paths do not exist here (contract 2.1).
    seeds
        Whether finished tasks tell their `seed`; only the ancestor's do (contract 4.1).
    quota_key
        The key that the query service takes, which tells the balance; empty for no such service. Only the gateway has
        one.
    refunds
        Whether the gateway gives the money of failed tasks back.
    knows_upscales
        Whether U1-U4 pressed again name the task of the first press (code 21) instead of making another; both charge
        (contract 3.1, 3.2).
    image_needs_key
        Whether ``/mj/image/{id}`` asks for the key.
    clock
        Seconds that only ever grow, from any beginning.
    keep_log
        Keep a line about each request in `CometSandbox.log` (the last 2,000).
    """

    profile: Profile = "gateway"
    host: str = "127.0.0.1"
    port: int = 0
    key: str = "sk-sandbox-key"
    sync_seconds: float = 0.05
    pace: float = 1.0
    job_seconds: float | None = None
    task_timeout_seconds: float = 3600.0
    latency_seconds: float = 0.0
    rate_limit: float | None = None
    balance_usd: float | None = None
    charge_upscale: bool = True
    remix_account: bool = False
    modal_rows: bool = True
    instant_upscale: bool = False
    strict_masks: bool = False
    hooks: bool | None = None
    default_version: str = "8.1"
    button_style: ButtonStyle = "discord"
    picture_size: int = 512
    picture_format: PictureFormat = "png"
    video_urls: bool = True
    manual_video: bool = False
    future_button: bool = False
    missing_routes: frozenset[str] = frozenset()
    seeds: bool = False
    quota_key: str = ""
    refunds: bool = True
    knows_upscales: bool = False
    image_needs_key: bool = False
    clock: Callable[[], float] = time.monotonic
    keep_log: bool = False

    @property
    def is_gateway(self) -> bool:
        """Whether the gateway stands in front of the proxy."""
        return self.profile == "gateway"

    @property
    def sends_hooks(self) -> bool:
        """Whether `notifyHook` is honored."""
        return not self.is_gateway if self.hooks is None else self.hooks
