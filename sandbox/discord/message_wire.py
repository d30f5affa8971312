"""Messages as JSON, in the shape of Discord's API v10 (docs, message resource). Changes nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from .cdn import dimensions
from .clock import iso
from .fields import as_list, as_object
from .wire import member_json, user_json

if TYPE_CHECKING:
    from .cdn import Attachment
    from .messages import Message
    from .refusals import Json
    from .world import World

USER_MENTION = re.compile(r"<@!?(\d+)>")
ROLE_MENTION = re.compile(r"<@&(\d+)>")


def attachment_json(attachment: Attachment) -> Json:
    """Return an attachment object, with addresses that are fresh now."""
    url = attachment.url
    payload: Json = {
        "id": str(attachment.id),
        "filename": attachment.filename,
        "size": attachment.size,
        "url": url,
        "proxy_url": url,
        "content_type": attachment.content_type,
    }
    if attachment.description is not None:
        payload["description"] = attachment.description
    if attachment.title is not None:
        payload["title"] = attachment.title
    if attachment.spoiler:
        payload["flags"] = 1 << 5
    size = dimensions(attachment.data)
    if size is not None:
        payload["width"], payload["height"] = size
    if attachment.ephemeral:
        payload["ephemeral"] = True
    return payload


def message_json(message: Message, world: World, replied: Message | None = None) -> Json:
    """Return a message object. `replied` is what `message_reference` points to, if it is still there."""
    payload: Json = {
        "id": str(message.id),
        "channel_id": str(message.channel.id),
        "type": message.kind,
        "author": user_json(message.author),
        "content": message.content,
        "timestamp": iso(message.created_at),
        "edited_timestamp": None if message.edited_at is None else iso(message.edited_at),
        "tts": False,
        "pinned": False,
        "flags": message.flags,
        "mention_everyone": message.mention_everyone,
        "mentions": [user_json(world.users[key]) for key in _mentioned(message.content) if key in world.users],
        "mention_roles": ROLE_MENTION.findall(message.content),
        "mention_channels": [],
        "attachments": [] if message.is_v2 else [attachment_json(item) for item in _loose(message)],
        "embeds": [_with_addresses(embed, message) for embed in message.embeds],
        "components": [_with_addresses(component, message) for component in message.components],
    }
    if message.nonce is not None:
        payload["nonce"] = message.nonce
    if message.reactions:
        payload["reactions"] = [_reaction_json(key, who, world) for key, who in message.reactions.items()]
    if message.reference is not None:
        payload["message_reference"] = message.reference
        payload["referenced_message"] = None if replied is None else message_json(replied, world)
    if message.interaction is not None:
        payload |= {"application_id": str(world.application_id), "webhook_id": str(world.application_id)}
        payload["interaction_metadata"] = message.interaction
    return payload


def event_json(message: Message, payload: Json) -> Json:
    """Add what only gateway events carry: the guild and the author as its member."""
    guild = message.channel.guild
    if guild is None:
        return payload
    extra: Json = {"guild_id": str(guild.id)}
    if message.author.id in guild.members:
        extra["member"] = member_json(guild.members[message.author.id], with_user=False)
    return payload | extra


def _mentioned(content: str) -> list[int]:
    return list(dict.fromkeys(int(key) for key in USER_MENTION.findall(content)))


def _reaction_json(emoji: str, who: set[int], world: World) -> Json:
    return {
        "emoji": {"id": None, "name": emoji},
        "count": len(who),
        "count_details": {"burst": 0, "normal": len(who)},
        "me": world.bot.id in who,
        "me_burst": False,
        "burst_colors": [],
    }


def _loose(message: Message) -> list[Attachment]:
    """Return the files that are not shown inside an embed."""
    shown = {as_object(embed.get(key)).get("url") for embed in message.embeds for key in ("image", "thumbnail")}
    return [item for item in message.attachments if f"attachment://{item.filename}" not in shown]


def _with_addresses(node: Json, message: Message) -> Json:
    """Replace `attachment://name`, and addresses signed earlier, by a fresh address of the file, at any depth."""
    files = {f"attachment://{item.filename}": item for item in message.attachments}
    files |= {item.path: item for item in message.attachments}
    return _inner(node, files) if files else node


def _file_at(url: object, files: dict[str, Attachment]) -> Attachment | None:
    """Return the file of this message that an address means: by its name, or by an address signed earlier."""
    if not isinstance(url, str):
        return None
    return files.get(url) or files.get(urlsplit(url).path)


def _inner(node: Json, files: dict[str, Attachment]) -> Json:
    shown = {key: _resolved(value, files) for key, value in node.items()}
    file = _file_at(as_object(node.get("file")).get("url"), files)
    return shown if file is None else shown | {"name": file.filename, "size": file.size}


def _resolved(value: object, files: dict[str, Attachment]) -> object:
    if isinstance(value, list):
        return [_resolved(item, files) for item in as_list(value)]  # pyright: ignore[reportUnknownArgumentType]
    if not isinstance(value, dict):
        return value
    node = as_object(value)  # pyright: ignore[reportUnknownArgumentType]
    file = _file_at(node.get("url"), files)
    if file is None:
        return _inner(node, files)
    shown = attachment_json(file)
    extra = {key: shown[key] for key in ("url", "proxy_url", "content_type", "width", "height") if key in shown}
    return node | extra | {"attachment_id": shown["id"]}
