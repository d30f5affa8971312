"""Which message in Discord is about a job: the newest one whose buttons carry the text that the job was sent with.

Listens to what happens in Discord instead of searching all messages again and again. Knows no format of any bot's
custom_ids: that the job's text is somewhere in them is enough.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, final

from sandbox.discord.fields import objects
from sandbox.discord.messages import walk

if TYPE_CHECKING:
    from sandbox.discord import DiscordSandbox

Json = dict[str, Any]


@final
class Traces:
    """The messages that everybody may see, by what their components are called."""

    def __init__(self, discord: DiscordSandbox) -> None:
        self._marks: dict[int, tuple[str, str]] = {}
        """By message id: its channel, and all its custom_ids in one text."""
        self._found: dict[str, set[int]] = {}
        """By job: the messages about it. Begun when somebody asks for the job, kept up to date from then on."""
        for channel in list(discord.world.channels.values()):
            for message in discord.messages(channel):
                self._note(message.id, str(channel.id), message.components, is_public=message.ephemeral_to is None)
        discord.subscribe(self._on_event)

    def about(self, job: str) -> Json | None:
        """Return where the newest message about a job is."""
        if not job:
            return None
        if job not in self._found:
            self._found[job] = {message_id for message_id, (_, marks) in self._marks.items() if job in marks}
        found = self._found[job]
        if not found:
            return None
        newest = max(found)
        return {"channel_id": self._marks[newest][0], "message_id": str(newest)}

    def _on_event(self, event: Json) -> None:
        match event["type"]:
            case "message_create" | "message_update":
                message: Json = event["message"]
                is_public = event["ephemeral_to"] is None
                components = objects(message.get("components"))
                self._note(int(message["id"]), event["channel_id"], components, is_public=is_public)
            case "message_delete":
                self._forget(int(event["message_id"]))
            case "channel_delete":
                gone = [id_ for id_, (channel_id, _) in self._marks.items() if channel_id == event["channel_id"]]
                for message_id in gone:
                    self._forget(message_id)
            case _:
                pass

    def _note(self, message_id: int, channel_id: str, components: list[Json], *, is_public: bool) -> None:
        marks = "\n".join(str(node["custom_id"]) for node in walk(components) if node.get("custom_id"))
        if not is_public or not marks:
            self._forget(message_id)
            return
        self._marks[message_id] = (channel_id, marks)
        for job, found in self._found.items():
            if job in marks:
                found.add(message_id)
            else:
                found.discard(message_id)

    def _forget(self, message_id: int) -> None:
        if self._marks.pop(message_id, None) is not None:
            for found in self._found.values():
                found.discard(message_id)
