"""What happens in the sandbox, told to all pages in the words of the protocol. Answers and changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from sandbox.discord.calls import AUTOCOMPLETE

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.discord import DiscordSandbox
    from sandbox.page.asks import Json
    from sandbox.page.posts import Posts


@final
class Pushes:
    """Listens to the local Discord.

    Parameters
    ----------
    push
        Tells every page.
    world
        Returns the world as `hello` tells it.
    """

    def __init__(
        self, discord: DiscordSandbox, posts: Posts, world: Callable[[], Json], push: Callable[[Json], None]
    ) -> None:
        self._discord = discord
        self._posts = posts
        self._world = world
        self._push = push
        self._completing: set[str] = set()
        """Autocompletions under way: only who types is told of them, as an answer."""
        self._handlers: dict[str, Callable[[Json], None]] = {
            "message_create": self._message,
            "message_update": self._message,
            "reaction": self._message,
            "message_delete": self._message_gone,
            "interaction": self._interaction,
            "interaction_answer": self._answered,
            "interaction_failed": self._failed,
            "typing": lambda told: self._push({"event": "typing", "channel_id": told["channel_id"]}),
            "commands": lambda _: self._push({"event": "commands"}),
            "world": lambda _: self._world_changed(),
            "channel_update": lambda _: self._world_changed(),
            "channel_delete": lambda _: self._world_changed(),
        }

    def start(self) -> Callable[[], None]:
        """Begin to tell; return what ends that."""
        return self._discord.subscribe(self._told)

    def _told(self, told: Json) -> None:
        handler = self._handlers.get(told["type"])
        if handler is not None:
            handler(told)

    def _message(self, told: Json) -> None:
        message = self._discord.message(int(told["message_id"]))
        if message is not None and not message.deleted:
            self._push({"event": "message", "message": self._posts.one(message)})

    def _message_gone(self, told: Json) -> None:
        self._push({"event": "message_gone", "channel_id": told["channel_id"], "message_id": told["message_id"]})

    def _interaction(self, told: Json) -> None:
        if told["kind"] == AUTOCOMPLETE:
            self._completing.add(told["interaction_id"])

    def _answered(self, told: Json) -> None:
        if told["interaction_id"] in self._completing:
            self._completing.discard(told["interaction_id"])
            return
        event = {"event": "answered", **{key: told[key] for key in ("interaction_id", "user_id", "callback")}}
        if told.get("modal"):
            event["modal"] = {key: told["modal"][key] for key in ("title", "custom_id", "components")}
        self._push(event)

    def _failed(self, told: Json) -> None:
        if told["interaction_id"] in self._completing:
            self._completing.discard(told["interaction_id"])
            return
        keys = ("interaction_id", "user_id", "channel_id", "text")
        self._push({"event": "failed", **{key: told[key] for key in keys}})

    def _world_changed(self) -> None:
        self._push({"event": "world", "world": self._world()})
