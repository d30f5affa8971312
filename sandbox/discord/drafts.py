"""A message body, checked: content, embeds, files, components, mentions (docs, create and edit message).

Everything that can be judged without the world is judged here. Knows no storage.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, final

from .cdn import safe_name
from .components import ComponentCheck
from .fields import Form, as_id, as_list, as_object, objects
from .messages import COMPONENTS_V2, EPHEMERAL, SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS
from .refusals import empty_message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .cdn import Attachment
    from .refusals import Json
    from .uploads import Body, Upload

MAX_CONTENT, MAX_FILES, MAX_NONCE = 2000, 10, 25
SETTABLE = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | COMPONENTS_V2
CLASSIC_FIELDS = ("content", "embeds", "poll", "sticker_ids", "stickers")
CLASSIC_CODE = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"


@final
@dataclass(frozen=True)
class NewFile:
    """A file to attach, with what `attachments` says about it."""

    upload: Upload
    filename: str
    description: str | None
    title: str | None
    spoiler: bool


@final
@dataclass
class Draft:
    """A checked body. A field that was not sent is None, which for an edit means: leave it as it is."""

    content: str | None = None
    embeds: list[Json] | None = None
    components: list[Json] | None = None
    flags: int = 0
    files: list[NewFile] = field(default_factory=list[NewFile])
    kept: list[tuple[Attachment, str | None]] = field(default_factory=list[tuple["Attachment", str | None]])
    """Files of the message that is edited which stay, each with its alt text."""
    allowed_mentions: Json | None = None
    nonce: str | int | None = None
    enforce_nonce: bool = False
    reference: Json | None = None


@final
@dataclass(frozen=True)
class Place:
    """Where a body is for: which flags it may set, what is there already."""

    emojis: frozenset[int]
    ephemeral_allowed: bool = False
    attachments: Sequence[Attachment] = ()
    was_v2: bool = False
    editing: bool = False
    path: tuple[str, ...] = ()


def read_draft(body: Body, place: Place) -> Draft:
    """Check a message body.

    Raises
    ------
    Refusal
        50035 with the tree of errors, or 50006 for nothing to show.
    """
    form = Form(body.payload, place.path)
    draft = Draft(flags=_flags(form, place))
    v2 = bool(draft.flags & COMPONENTS_V2) or place.was_v2
    if v2:
        draft.flags |= COMPONENTS_V2
        _no_classic_fields(form)
    _texts(form, draft)
    _files(form, body, place, draft)
    names = [new.filename for new in draft.files] + [item.filename for item, _ in draft.kept]
    if form.get("components") is not None:
        draft.components = ComponentCheck(names, place.emojis).message(form, v2=v2)
    draft.allowed_mentions = _allowed_mentions(form)
    form.check()
    if not place.editing and not _has_something(draft, v2=v2):
        raise empty_message()
    return draft


def _flags(form: Form, place: Place) -> int:
    flags = form.whole("flags", 0, 1 << 53, 0)
    allowed = SETTABLE | (EPHEMERAL if place.ephemeral_allowed else 0)
    return flags & allowed


def _no_classic_fields(form: Form) -> None:
    for key in CLASSIC_FIELDS:
        if form.get(key):
            text = f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            form.fail(key, CLASSIC_CODE, text)


def _texts(form: Form, draft: Draft) -> None:
    if "content" in form:
        draft.content = (form.text("content", 0, MAX_CONTENT) or "").strip()
    if "embeds" in form:
        draft.embeds = _embeds(form)
    nonce = form.get("nonce")
    if isinstance(nonce, str | int) and not isinstance(nonce, bool):
        draft.nonce = nonce
        if len(str(nonce)) > MAX_NONCE:
            form.fail("nonce", "NONCE_TYPE_TOO_LONG", f"Nonce must be {MAX_NONCE} or fewer in length.")
    elif nonce is not None:
        form.fail("nonce", "NONCE_TYPE_CONVERT", "Nonce must be a string or an integer.")
    draft.enforce_nonce = form.flag("enforce_nonce")
    draft.reference = as_object(form.get("message_reference")) or None


def _embeds(form: Form) -> list[Json]:
    embeds = form.each("embeds", 0, 10)
    total = 0
    for embed in embeds:
        texts = [embed.text("title", 0, 256), embed.text("description", 0, 4096)]
        texts += [embed.below("footer").text("text", 0, 2048), embed.below("author").text("name", 0, 256)]
        for entry in embed.each("fields", 0, 25):
            texts += [entry.text("name", 1, 256, required=True), entry.text("value", 1, 1024, required=True)]
        embed.whole("color", 0, 0xFFFFFF, 0)
        total += sum(len(text) for text in texts if text)
    if total > 6000:  # noqa: PLR2004 - docs, embed limits
        form.fail("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")
    return [embed.data | {"type": "rich"} for embed in embeds]


def _files(form: Form, body: Body, place: Place, draft: Draft) -> None:
    old = {item.id: item for item in place.attachments}
    named: set[int] = set()
    for entry in form.each("attachments"):
        number = as_id(entry.get("id"))
        description = entry.text("description", 0, 1024)
        if number in old:
            draft.kept.append((old[number], description if "description" in entry else old[number].description))
        elif number is not None and number in body.files:
            named.add(number)
            draft.files.append(_new_file(body.files[number], entry.data))
        else:
            entry.fail("id", "ATTACHMENT_NOT_FOUND", "Attachment data not found")
    if form.get("attachments") is None:
        draft.kept = [(item, item.description) for item in place.attachments]
    draft.files += [_new_file(upload, {}) for number, upload in sorted(body.files.items()) if number not in named]
    if len(draft.files) + len(draft.kept) > MAX_FILES:
        form.fail("attachments", "BASE_TYPE_BAD_LENGTH", f"Must be between 0 and {MAX_FILES} in length.")


def _new_file(upload: Upload, meta: Json) -> NewFile:
    filename = safe_name(str(meta.get("filename") or upload.filename))
    spoiler = filename.startswith("SPOILER_") or bool(meta.get("is_spoiler"))
    return NewFile(upload, filename, meta.get("description"), meta.get("title"), spoiler)


def _allowed_mentions(form: Form) -> Json | None:
    if form.get("allowed_mentions") is None:
        return None
    mentions = form.below("allowed_mentions")
    parse = [str(kind) for kind in as_list(mentions.get("parse"))]
    for number, kind in enumerate(parse):
        if kind not in ("users", "roles", "everyone"):
            text = "Value must be one of ('users', 'everyone', 'roles')."
            mentions.below("parse").fail(number, "BASE_TYPE_CHOICES", text)
    for kind in ("users", "roles"):
        named = as_list(mentions.get(kind))
        if named and kind in parse:
            text = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            mentions.fail(None, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", text)
        if len(named) > 100:  # noqa: PLR2004 - docs, allowed mentions
            mentions.fail(kind, "BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length.")
    return mentions.data


def _has_something(draft: Draft, *, v2: bool) -> bool:
    if v2:
        return bool(draft.components)
    return bool(draft.content or objects(draft.embeds) or draft.files or draft.kept)
