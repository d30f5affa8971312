"""Messages as the page sees them: Discord's own JSON, with addresses that this server answers, and whom it concerns.

Changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast, final

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.discord import Channel, DiscordSandbox, Message
    from sandbox.page.asks import Json

_PICTURES = frozenset({"image", "thumbnail", "video", "media", "file"})
"""Keys below which `url` is something to show; anywhere else it is a link, and stays what it is."""

_FOLDERS = ("/attachments/", "/ephemeral-attachments/", "/avatars/", "/embed/avatars/")


@final
class Posts:
    """Reads messages for the page.

    Parameters
    ----------
    media_origin
        Tells the address of the API's server, whose pictures the page gets by way of `/media/`.
    """

    def __init__(self, discord: DiscordSandbox, media_origin: Callable[[], str]) -> None:
        self._discord = discord
        self._media_origin = media_origin

    def one(self, message: Message) -> Json:
        """Return one message."""
        shown = cast("Json", self._shown(self._discord.message_json(message)))
        viewer = message.ephemeral_to
        if viewer is None and self._replies_to_a_secret(message):
            shown["referenced_message"] = None
        if "interaction_metadata" in shown:
            shown["interaction_metadata"] |= {"name_localizations": self._names(shown["interaction_metadata"])}
        return shown | {"ephemeral_to": None if viewer is None else str(viewer), "pings": self._pings(message)}

    def history(self, channel: Channel, before: int | None, limit: int) -> Json:
        """Return a page of what everybody sees in a channel, oldest first."""
        public = [message for message in self._discord.messages(channel) if message.ephemeral_to is None]
        older = [message for message in public if before is None or message.id < before]
        newest = older[-limit:]
        return {"messages": [self.one(message) for message in newest], "more": len(older) > len(newest)}

    def _names(self, used: Json) -> dict[str, str]:
        """Return what a command that was used is called in other languages, sub-commands included."""
        name = str(used.get("name") or "")
        offered = [one for one in self._discord.commands if one["type"] == used.get("command_type")]
        whole = next((one for one in offered if one["name"] == name), None)
        path = [whole] if whole else _steps(offered, name.split())
        texts = [cast("dict[str, str]", step.get("name_localizations") or {}) for step in path]
        locales = sorted({locale for text in texts for locale in text})
        return {
            locale: " ".join(text.get(locale, str(step["name"])) for text, step in zip(texts, path, strict=True))
            for locale in locales
        }

    def _replies_to_a_secret(self, message: Message) -> bool:
        reference = (message.reference or {}).get("message_id")
        found = self._discord.message(int(reference)) if reference else None
        return found is not None and found.ephemeral_to is not None

    def _pings(self, message: Message) -> list[str]:
        pinged = list(message.mentions)
        if message.mention_everyone:
            users = self._discord.world.users.values()
            seeing = [user for user in users if self._discord.person(user).rights(message.channel)]
            pinged += [user.id for user in seeing if user.id not in pinged]
        return [str(user_id) for user_id in pinged if user_id != message.author.id]

    def _shown(self, value: Any, key: str = "") -> Any:  # noqa: ANN401 - JSON of any depth
        if isinstance(value, list):
            return [self._shown(item, key) for item in cast("list[Any]", value)]
        if not isinstance(value, dict):
            return value
        node = cast("Json", value)
        shown = {name: self._shown(item, name) for name, item in node.items()}
        names = ["icon_url", "proxy_icon_url"]
        names += ["url", "proxy_url"] if key in _PICTURES or key == "attachments" else []
        for name in names:
            if isinstance(shown.get(name), str):
                shown[name] = self._relative(shown[name])
        return shown

    def _relative(self, url: str) -> str:
        """Return an address below this server for what lies in the sandbox; any other stays as it is."""
        own = url.removeprefix(self._discord.url)
        if own != url and own.startswith(_FOLDERS):
            return own
        origin = self._media_origin()
        return f"/media{url.removeprefix(origin)}" if url.startswith(f"{origin}/") else url


def _steps(offered: list[Json], words: list[str]) -> list[Json]:
    """Follow a command's words down to the sub-command; nothing, if it is not registered any more."""
    path: list[Json] = []
    for word in words:
        found = next((one for one in offered if one["name"] == word), None)
        if found is None:
            return []
        path.append(found)
        offered = cast("list[Json]", found.get("options") or [])
    return path
