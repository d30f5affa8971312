"""What people do without the bot: write, react, delete. Refuses with `ClientRefused` what a client would not send."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .drafts import MAX_CONTENT, MAX_FILES, Place, read_draft
from .permissions import Permission, in_channel, to_send
from .posting import REPLY, Origin, delete, post
from .reacting import react
from .refusals import ClientRefused, Refusal
from .uploads import Body

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .messages import Message
    from .refusals import Json
    from .state import State
    from .uploads import Upload
    from .world import Channel, User


def must_see(message: Message, user: User) -> None:
    """Check that somebody has a message before their eyes.

    Raises
    ------
    ClientRefused
        It is gone, in a hidden channel, or somebody else's ephemeral one.
    """
    visible = in_channel(message.channel, user) & Permission.VIEW_CHANNEL
    if not message.seen_by(user) or not visible or message.channel.deleted:
        raise ClientRefused(f"{user.display_name} does not see this message.")


def write(
    state: State, origin: Origin, content: str, files: Sequence[Upload] = (), reply_to: Message | None = None
) -> Message:
    """Post what somebody wrote; `origin` says who and where.

    Raises
    ------
    ClientRefused
        This person may not write, or not attach files, here; or there is nothing to send, or too much.
    """
    channel, user = origin.channel, origin.author
    needed = to_send(channel)
    needed |= Permission.ATTACH_FILES if files else needed
    if needed & ~in_channel(channel, user):
        what = "attach files" if files and not to_send(channel) & ~in_channel(channel, user) else "write"
        raise ClientRefused(f"{user.display_name} may not {what} here.")
    if not content.strip() and not files:
        raise ClientRefused("There is nothing to send.")
    if len(content) > MAX_CONTENT or len(files) > MAX_FILES:
        raise ClientRefused(f"A message has {MAX_CONTENT} characters and {MAX_FILES} files at most.")
    draft = read_draft(Body({"content": content}, dict(enumerate(files))), Place(frozenset()))
    reference = None if reply_to is None else _reference(reply_to, user, channel)
    return post(state, draft, Origin(channel, user, REPLY if reference else 0, reference=reference))


def _reference(target: Message, user: User, channel: Channel) -> Json:
    must_see(target, user)
    if target.channel is not channel or target.ephemeral_to is not None:
        raise ClientRefused("This message cannot be replied to.")
    guild: Json = {"guild_id": str(channel.guild.id)} if channel.guild else {}
    return {"type": 0, "channel_id": str(channel.id), "message_id": str(target.id)} | guild


def take_away(state: State, message: Message, user: User) -> None:
    """Delete one's own message, dismiss an ephemeral one, or moderate.

    Raises
    ------
    ClientRefused
        This person may not.
    """
    must_see(message, user)
    own = message.author is user or message.ephemeral_to == user.id
    moderates = message.channel.guild and in_channel(message.channel, user) & Permission.MANAGE_MESSAGES
    if not own and not moderates:
        raise ClientRefused(f"{user.display_name} may not delete this.")
    delete(state, message)


def add_reaction(state: State, message: Message, emoji: str, user: User, *, on: bool) -> None:
    """Put one's reaction on a message, or take it back.

    Raises
    ------
    ClientRefused
        The message is out of sight or ephemeral, this is no emoji, or this person may not add it.
    """
    must_see(message, user)
    if message.ephemeral_to is not None:
        raise ClientRefused("A message that only you can see takes no reactions.")
    try:
        react(state, message, emoji, user, added=on)
    except Refusal as refusal:
        raise ClientRefused(f"{user.display_name} cannot react like this here: {refusal.message}.") from None
