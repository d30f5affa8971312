"""What Discord says when it says no: one exception, and a constructor for every code the bot may meet.

Codes and texts are Discord's own (docs, opcodes and status codes). Imports nothing of the package.
"""

from __future__ import annotations

from typing import Any, final

Json = dict[str, Any]


@final
class Refusal(Exception):
    """An HTTP error in Discord's shape."""

    def __init__(
        self, status: int, code: int, message: str, errors: Json | None = None, *, retry_after: float | None = None
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors
        self.retry_after = retry_after

    def body(self) -> Json:
        """Return the JSON object that Discord sends."""
        body: Json = {"message": self.message, "code": self.code}
        if self.errors:
            body["errors"] = self.errors
        if self.retry_after is not None:
            body |= {"retry_after": self.retry_after, "global": False}
        return body


@final
class InteractionFailed(Exception):
    """What a person sees when the bot did not answer in time: `This interaction failed`."""

    def __init__(self, message: str = "This interaction failed") -> None:
        super().__init__(message)


@final
class ClientRefused(Exception):
    """The person's own client would not send this: no such button, a missing option, a forbidden place."""


def unauthorized() -> Refusal:
    """Refuse a missing or wrong bot token."""
    return Refusal(401, 0, "401: Unauthorized")


def not_found() -> Refusal:
    """Refuse an address that does not exist."""
    return Refusal(404, 0, "404: Not Found")


def unknown_channel() -> Refusal:
    """Refuse a channel that does not exist (any more)."""
    return Refusal(404, 10003, "Unknown Channel")


def unknown_guild() -> Refusal:
    """Refuse a guild that the bot cannot see."""
    return Refusal(404, 10004, "Unknown Guild")


def unknown_member() -> Refusal:
    """Refuse a person who is not in the guild."""
    return Refusal(404, 10007, "Unknown Member")


def unknown_message() -> Refusal:
    """Refuse a message that is gone, or that is ephemeral and asked for with the bot token."""
    return Refusal(404, 10008, "Unknown Message")


def unknown_user() -> Refusal:
    """Refuse a user id that nobody has."""
    return Refusal(404, 10013, "Unknown User")


def unknown_webhook() -> Refusal:
    """Refuse an interaction token whose interaction was never answered."""
    return Refusal(404, 10015, "Unknown Webhook")


def unknown_interaction() -> Refusal:
    """Refuse a first answer that comes too late, or for nothing."""
    return Refusal(404, 10062, "Unknown interaction")


def unknown_command() -> Refusal:
    """Refuse a command id that is not registered."""
    return Refusal(404, 10063, "Unknown application command")


def unknown_emoji() -> Refusal:
    """Refuse a reaction that is no emoji."""
    return Refusal(400, 10014, "Unknown Emoji")


def too_many_reactions() -> Refusal:
    """Refuse a 21st emoji on one message."""
    return Refusal(400, 30010, "Maximum number of reactions reached (20)")


def too_many_command_creates() -> Refusal:
    """Refuse more than 200 new commands a day."""
    return Refusal(400, 30034, "Max number of daily application command creates has been reached (200)")


def too_large() -> Refusal:
    """Refuse a file above the place's limit, or a request above 25 MiB."""
    return Refusal(413, 40005, "Request entity too large")


def already_acknowledged() -> Refusal:
    """Refuse a second first answer."""
    return Refusal(400, 40060, "Interaction has already been acknowledged.")


def too_many_followups() -> Refusal:
    """Refuse a sixth follow-up where the application is installed for the user only."""
    return Refusal(400, 40094, "This interaction has reached the maximum number of follow-up messages")


def missing_access() -> Refusal:
    """Refuse what the bot cannot even see."""
    return Refusal(403, 50001, "Missing Access")


def not_the_author() -> Refusal:
    """Refuse to edit somebody else's message."""
    return Refusal(403, 50005, "Cannot edit a message authored by another user")


def empty_message() -> Refusal:
    """Refuse a message without anything to show."""
    return Refusal(400, 50006, "Cannot send an empty message")


def closed_dms() -> Refusal:
    """Refuse a direct message to somebody who does not take them."""
    return Refusal(403, 50007, "Cannot send messages to this user")


def no_mutual_guilds() -> Refusal:
    """Refuse a direct message to somebody who shares no server with the bot and has not installed it."""
    return Refusal(403, 50278, "Cannot send messages to this user due to having no mutual guilds")


def missing_permissions() -> Refusal:
    """Refuse what the bot sees but may not do."""
    return Refusal(403, 50013, "Missing Permissions")


def invalid_webhook_token() -> Refusal:
    """Refuse an interaction token after its 15 minutes."""
    return Refusal(401, 50027, "Invalid Webhook Token")


def invalid_form(errors: Json | None = None) -> Refusal:
    """Refuse a body; `errors` is the tree that names each wrong field."""
    return Refusal(400, 50035, "Invalid Form Body", errors)


def invalid_json() -> Refusal:
    """Refuse a body that is no JSON object."""
    return Refusal(400, 50109, "The request body contains invalid JSON.")


def archived_thread() -> Refusal:
    """Refuse to touch a thread that is put away."""
    return Refusal(400, 50083, "Thread is archived")


def no_history_to_reply() -> Refusal:
    """Refuse a reply where the bot may not read what it replies to."""
    return Refusal(400, 160002, "Cannot reply without permission to read message history")
