"""Everything one sandbox Discord is made of, in one place that the routes, the gateway and the people share."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from .calls import CallBook
from .cdn import Cdn
from .changes import Changes
from .clock import Clock, Snowflakes
from .commands import CommandBook
from .faults import FaultBoard
from .fields import as_id
from .gateway import Hub
from .limits import Counters, RateLimits
from .messages import MessageStore
from .options import derive_token
from .permissions import NONE, Permission, in_channel
from .refusals import missing_access, missing_permissions, unknown_channel
from .world import World

if TYPE_CHECKING:
    from aiohttp import web

    from .messages import Message
    from .options import DiscordOptions
    from .refusals import Json
    from .sockets import Socket
    from .world import Channel

IDENTIFY_WINDOW = 86_400.0


@final
class State:
    """The parts, joined."""

    def __init__(self, options: DiscordOptions) -> None:
        self.options = options
        self.clock = Clock(options.clock)
        self.ids = Snowflakes(self.clock)
        self.world = World(options.attachment_size_limit)
        self.token = options.token or derive_token(self.world.bot.id)
        self.token_reset = False
        """Whether too many IDENTIFYs made the token worthless."""
        self.changes = Changes()
        self.faults = FaultBoard(self.changes)
        self.counters = Counters()
        self.limits = RateLimits(self.clock, enforced=options.rate_limits)
        self.messages = MessageStore()
        self.commands = CommandBook(self.ids, self.clock, self.world.application_id, options.command_creates)
        self.calls = CallBook()
        self.cdn = Cdn(self.clock, options.cdn_seconds)
        self.hub = Hub(self.clock, self.changes, self.faults, options.resume_seconds)
        self.sockets: set[Socket] = set()
        self.gateway_url = ""
        self._identifies: list[float] = []

    def may_identify(self) -> bool:
        """Count an IDENTIFY; False if it is one too many for a day."""
        since = self.clock.now() - IDENTIFY_WINDOW
        self._identifies = [*(at for at in self._identifies if at > since), self.clock.now()]
        return len(self._identifies) <= self.options.identify_limit

    def identifies_left(self) -> int:
        """Return how many IDENTIFYs this day still has."""
        since = self.clock.now() - IDENTIFY_WINDOW
        return max(0, self.options.identify_limit - sum(at > since for at in self._identifies))

    def identifies_again_in(self) -> float:
        """Return the seconds until this day's IDENTIFYs are counted anew."""
        first = self._identifies[0] if self._identifies else self.clock.now()
        return max(0.0, first + IDENTIFY_WINDOW - self.clock.now())

    def channel_for_bot(self, request: web.Request, needed: Permission = NONE) -> Channel:
        """Return the channel of a request, if the bot sees it and may do what is `needed`.

        Raises
        ------
        Refusal
            10003, 50001 or 50013.
        """
        channel = self.world.find_channel(as_id(request.match_info["channel_id"]))
        if channel is None:
            raise unknown_channel()
        allowed = in_channel(channel, self.world.bot)
        if not allowed & Permission.VIEW_CHANNEL:
            raise missing_access()
        if needed & ~allowed:
            raise missing_permissions()
        return channel

    def referred(self, message: Message) -> Message | None:
        """Return the message that this one replies to, if it is still there."""
        if message.reference is None:
            return None
        channel_id = as_id(message.reference.get("channel_id")) or message.channel.id
        return self.messages.find(channel_id, as_id(message.reference.get("message_id")) or 0)

    def tell(self, kind: str, message: Message, payload: Json, **more: object) -> None:
        """Tell people about a new or changed message; `more` goes into the event as it is."""
        viewer = None if message.ephemeral_to is None else str(message.ephemeral_to)
        place = {"channel_id": str(message.channel.id), "message_id": str(message.id), "ephemeral_to": viewer}
        self.changes.publish({"type": kind, "message": payload} | place | more)
