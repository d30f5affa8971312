"""The rules for components in messages: rows, buttons, selects, and Components V2 (docs, components reference).

Checks a request and returns the components as Discord keeps them, each with its numeric `id`. Knows no storage.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, final
from urllib.parse import urlsplit

import emoji as unicode_emoji

from .fields import as_id, as_object, objects
from .messages import BUTTON, LINK, PREMIUM, ROW, SELECTS, walk
from .selects import check_select

if TYPE_CHECKING:
    from collections.abc import Collection

    from .fields import Form
    from .refusals import Json

SECTION, TEXT_DISPLAY, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 9, 10, 11, 12, 13, 14, 17
TOP_V2 = (ROW, SECTION, TEXT_DISPLAY, GALLERY, FILE, SEPARATOR, CONTAINER)
IN_CONTAINER = (ROW, SECTION, TEXT_DISPLAY, GALLERY, FILE, SEPARATOR)

ATTACHED, NOT_ATTACHED = "attachment://", "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"
MAX_ROWS, ROW_WIDTH, MAX_V2, V2_TEXT = 5, 5, 40, 4000
MAX_ID = (1 << 31) - 1


@final
class ComponentCheck:
    """Checks the components of one message, or of one modal.

    Parameters
    ----------
    filenames
        Files that the message will have: what `attachment://` may name.
    emojis
        Ids of custom emojis that may be used.
    """

    def __init__(self, filenames: Collection[str], emojis: Collection[int]) -> None:
        self._filenames = filenames
        self._emojis = emojis
        self._custom_ids: set[str] = set()
        self._ids = count(1)
        self._named: set[int] = set()
        self._given: set[int] = set()
        self._text = 0
        self.total = 0

    def message(self, form: Form, *, v2: bool) -> list[Json]:
        """Check `components` of a message body and return them with their ids."""
        tops = form.each("components", 0, None if v2 else MAX_ROWS)
        self.reserve(form)
        kept = [self._node(top, TOP_V2 if v2 else (ROW,)) for top in tops]
        if v2 and self.total > MAX_V2:
            text = f"The number of total components exceeds the maximum of {MAX_V2}"
            form.fail("components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", text)
        if v2 and self._text > V2_TEXT:
            text = f"The total length of displayable text must be {V2_TEXT} or fewer."
            form.fail("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", text)
        return kept

    def reserve(self, form: Form) -> None:
        """Read which ids the bot chose itself: those that are handed out must not be among them."""
        for node in walk(objects(form.get("components"))):
            given = node.get("id")
            if isinstance(given, int):
                self._named.add(given)

    def node_id(self, form: Form) -> int:
        """Return the numeric id of a component: the bot's own, which no other may have, or the next that is free."""
        given = form.whole("id", 0, MAX_ID, 0)
        if not given:
            return next(number for number in self._ids if number not in self._named)
        if given in self._given:
            form.fail("id", "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated")
        self._given.add(given)
        return given

    def _node(self, form: Form, allowed: Collection[int]) -> Json:
        kind = form.choice("type", allowed)
        self.total += 1
        node: Json = {"type": kind, "id": self.node_id(form)}
        if kind == ROW:
            node["components"] = self._row(form)
        elif kind == BUTTON:
            node |= self._button(form)
        elif kind in SELECTS:
            node |= {"custom_id": self.custom_id(form)} | check_select(form, kind, self.emoji)
        elif kind == TEXT_DISPLAY:
            node["content"] = self._display(form)
        elif kind in (SECTION, CONTAINER):
            node |= self._holder(form, kind)
        elif kind is not None:
            node |= self._media(form, kind)
        return node

    def _row(self, form: Form) -> list[Json]:
        children = form.each("components", 1, ROW_WIDTH)
        kept = [self._node(child, (BUTTON, *SELECTS)) for child in children]
        width = sum(ROW_WIDTH if child["type"] in SELECTS else 1 for child in kept)
        if width > ROW_WIDTH and len(kept) <= ROW_WIDTH:
            text = "Component layout cannot mix selects with anything else in a row"
            form.fail("components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", text)
        return kept

    def custom_id(self, form: Form) -> str | None:
        """Check a custom_id: 1 to 100 characters and only once in the message."""
        custom_id = form.text("custom_id", 1, 100, required=True)
        if custom_id is not None and custom_id in self._custom_ids:
            form.fail("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
        self._custom_ids.add(custom_id or "")
        return custom_id

    def _button(self, form: Form) -> Json:
        style = form.choice("style", range(1, 7))
        label = form.text("label", 0, 80)
        emoji = self.emoji(form)
        node: Json = {"style": style, "disabled": form.flag("disabled")}
        if style == PREMIUM:
            form.fail("sku_id", "BUTTON_COMPONENT_INVALID_SKU", "This application has nothing to sell")
        elif style == LINK:
            node["url"] = self._url(form)
        else:
            node["custom_id"] = self.custom_id(form)
            if form.get("url") is not None:
                form.fail("url", "BUTTON_COMPONENT_CUSTOM_ID_AND_URL", "A custom id and url cannot both be specified")
        if style == LINK and form.get("custom_id") is not None:
            form.fail("custom_id", "BUTTON_COMPONENT_CUSTOM_ID_AND_URL", "A custom id and url cannot both be specified")
        if not label and emoji is None and style != PREMIUM:
            form.fail(None, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A label or emoji is required")
        return node | ({"label": label} if label else {}) | ({"emoji": emoji} if emoji else {})

    def _url(self, form: Form) -> str | None:
        url = form.text("url", 1, 512, required=True)
        if url is not None and urlsplit(url).scheme not in ("http", "https", "discord"):
            text = f"Scheme \"{urlsplit(url).scheme}\" is not supported. Must be one of ('http', 'https', 'discord')."
            form.fail("url", "URL_TYPE_INVALID_SCHEME", text)
        return url

    def emoji(self, form: Form) -> Json | None:
        """Check the emoji of a button or of an option; None where there is none."""
        value = form.get("emoji")
        if value is None:
            return None
        emoji = as_object(value)
        custom = as_id(emoji.get("id"))
        name = emoji.get("name")
        known = custom in self._emojis if emoji.get("id") is not None else unicode_emoji.is_emoji(str(name))
        if not known:
            form.below("emoji").fail("id" if custom else "name", "BUTTON_COMPONENT_INVALID_EMOJI", "Invalid emoji")
        return {"name": name} | ({"id": str(custom)} if custom else {})

    def _display(self, form: Form) -> str | None:
        content = form.text("content", 1, V2_TEXT, required=True)
        self._text += len(content or "")
        return content

    def _holder(self, form: Form, kind: int) -> Json:
        if kind == CONTAINER:
            children = [self._node(child, IN_CONTAINER) for child in form.each("components", 1, MAX_V2)]
            color = form.whole("accent_color", 0, 0xFFFFFF, -1)
            extra: Json = {"accent_color": color} if color >= 0 else {}
            return {"components": children, "spoiler": form.flag("spoiler")} | extra
        children = [self._node(child, (TEXT_DISPLAY,)) for child in form.each("components", 1, 3)]
        if form.get("accessory") is None:
            form.fail("accessory", "BASE_TYPE_REQUIRED", "This field is required")
            return {"components": children}
        return {"components": children, "accessory": self._node(form.below("accessory"), (BUTTON, THUMBNAIL))}

    def _media(self, form: Form, kind: int) -> Json:
        if kind == SEPARATOR:
            return {"divider": form.flag("divider", default=True), "spacing": form.whole("spacing", 1, 2, 1)}
        if kind == GALLERY:
            return {"items": [self._item(item, "media") for item in form.each("items", 1, 10)]}
        return self._item(form, "file" if kind == FILE else "media", only_files=kind == FILE)

    def _item(self, form: Form, key: str, *, only_files: bool = False) -> Json:
        media = form.below(key)
        url = media.text("url", 1, 2048, required=True)
        if url is not None and url.startswith(ATTACHED):
            if url.removeprefix(ATTACHED) not in self._filenames:
                media.fail("url", NOT_ATTACHED, f"Attachment {url} not found")
        elif url is not None and (only_files or urlsplit(url).scheme not in ("http", "https")):
            media.fail("url", "URL_TYPE_INVALID_SCHEME", "This address cannot be shown here")
        node: Json = {key: {"url": url}, "spoiler": form.flag("spoiler")}
        description = form.text("description", 0, 1024)
        return node | ({"description": description} if description else {})


def attached_names(components: list[Json]) -> set[str]:
    """Return the names of the files that components show by `attachment://`."""
    shown = [as_object(node.get(key)) for node in walk(components) for key in ("media", "file")]
    shown += [as_object(item.get("media")) for node in walk(components) for item in objects(node.get("items"))]
    urls = [str(media.get("url") or "") for media in shown]
    return {url.removeprefix(ATTACHED) for url in urls if url.startswith(ATTACHED)}
