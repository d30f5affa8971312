"""The limits of buttons, selects, layouts and modals, and where the refusal points."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.sandbox.discord_ground import bare, button, row, select

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.sandbox.discord_ground import Api, Json

V2 = 1 << 15
TEXT = {"type": 10, "content": "text"}
OPTION = {"label": "One", "value": "1"}


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with bare() as running:
        yield running


def buttons(count: int) -> list[Json]:
    return [button(custom_id=str(number)) for number in range(count)]


ROW0, COMPONENT = ("components", "0"), ("components", "0", "components", "0")


@pytest.mark.parametrize(
    ("components", "path", "code"),
    [
        ([row(*buttons(6))], (*ROW0, "components"), "BASE_TYPE_BAD_LENGTH"),
        ([row()], (*ROW0, "components"), "BASE_TYPE_BAD_LENGTH"),
        ([row(button(custom_id=str(n))) for n in range(6)], ("components",), "BASE_TYPE_BAD_LENGTH"),
        ([row(button(), select())], (*ROW0, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED"),
        ([row(select(), select(custom_id="b"))], (*ROW0, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED"),
        ([button()], (*ROW0, "type"), "BASE_TYPE_CHOICES"),
        ([TEXT], (*ROW0, "type"), "BASE_TYPE_CHOICES"),
        ([row(button(label="x" * 81))], (*COMPONENT, "label"), "BASE_TYPE_MAX_LENGTH"),
        ([row(button(custom_id="x" * 101))], (*COMPONENT, "custom_id"), "BASE_TYPE_BAD_LENGTH"),
        ([row(button(custom_id=None))], (*COMPONENT, "custom_id"), "BASE_TYPE_REQUIRED"),
        ([row(button(label=None))], COMPONENT, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED"),
        ([row(button(style=7))], (*COMPONENT, "style"), "BASE_TYPE_CHOICES"),
        ([row(button(emoji={"name": "upscale_1"}))], (*COMPONENT, "emoji", "name"), "BUTTON_COMPONENT_INVALID_EMOJI"),
        ([row(button(emoji={"id": "5", "name": "x"}))], (*COMPONENT, "emoji", "id"), "BUTTON_COMPONENT_INVALID_EMOJI"),
        ([row(button(style=5))], (*COMPONENT, "custom_id"), "BUTTON_COMPONENT_CUSTOM_ID_AND_URL"),
        (
            [row(button(style=5, custom_id=None, url="ftp://example.org"))],
            (*COMPONENT, "url"),
            "URL_TYPE_INVALID_SCHEME",
        ),
        ([row(select(options=[]))], (*COMPONENT, "options"), "BASE_TYPE_BAD_LENGTH"),
        (
            [row(select(options=[{"label": "x", "value": str(n)} for n in range(26)]))],
            (*COMPONENT, "options"),
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            [row(select(options=[OPTION, OPTION]))],
            (*COMPONENT, "options", "1", "value"),
            "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
        ),
        (
            [row(select(options=[OPTION | {"label": "x" * 101}]))],
            (*COMPONENT, "options", "0", "label"),
            "BASE_TYPE_BAD_LENGTH",
        ),
        ([row(select(placeholder="x" * 151))], (*COMPONENT, "placeholder"), "BASE_TYPE_MAX_LENGTH"),
        ([row(select(max_values=2))], (*COMPONENT, "max_values"), "SELECT_COMPONENT_MAX_VALUES"),
    ],
)
async def test_classic_components(api: Api, components: list[Json], path: tuple[str, ...], code: str) -> None:
    reply = await api.send({"content": "x", "components": components})
    assert reply.refusal == (400, 50035)
    assert reply.errors(*path)[0] == code


async def test_a_custom_id_may_stand_once_in_a_message(api: Api) -> None:
    reply = await api.send({"content": "x", "components": [row(button()), row(button())]})
    assert reply.errors("components", "1", "components", "0", "custom_id") == ["COMPONENT_CUSTOM_ID_DUPLICATED"]


async def test_25_buttons_and_every_kind_of_emoji_pass(api: Api) -> None:
    rows = [row(*[button(custom_id=f"{r}{c}", emoji={"name": "⬅️"}) for c in range(5)]) for r in range(4)]
    rows.append(row(button(style=5, custom_id=None, url="https://example.org", emoji={"name": "🔄"}), button(label="")))
    refused = await api.send({"content": "x", "components": rows})
    assert refused.errors("components", "4", "components", "1") == ["BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED"]
    rows[4] = row(*[button(custom_id=f"4{c}", label=None, emoji={"name": "1️⃣"}) for c in range(5)])
    sent = await api.send({"content": "x", "components": rows})
    assert sent.status == 200
    ids = [c["id"] for r in sent.body["components"] for c in (r, *r["components"])]
    assert ids == list(range(1, 31))


BROKEN_V2: list[tuple[Json, tuple[str, ...], str]] = [
    (
        {"content": "x", "components": [TEXT]},
        ("content",),
        "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    ),
    (
        {"embeds": [{"title": "x"}], "components": [TEXT]},
        ("embeds",),
        "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    ),
    ({"components": [TEXT] * 41}, ("components",), "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED"),
    (
        {"components": [{"type": 17, "components": [TEXT] * 40}]},
        ("components",),
        "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
    ),
    (
        {"components": [TEXT | {"content": "x" * 2001}] * 2},
        ("components",),
        "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
    ),
    ({"components": [{"type": 9, "components": [TEXT]}]}, (*ROW0, "accessory"), "BASE_TYPE_REQUIRED"),
    (
        {"components": [{"type": 9, "components": [TEXT] * 4, "accessory": button()}]},
        (*ROW0, "components"),
        "BASE_TYPE_BAD_LENGTH",
    ),
    (
        {"components": [{"type": 12, "items": [{"media": {"url": "attachment://none.png"}}]}]},
        (*ROW0, "items", "0", "media", "url"),
        "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
    ),
    ({"components": [{"type": 12, "items": []}]}, (*ROW0, "items"), "BASE_TYPE_BAD_LENGTH"),
    (
        {"components": [{"type": 17, "components": [{"type": 17, "components": [TEXT]}]}]},
        (*COMPONENT, "type"),
        "BASE_TYPE_CHOICES",
    ),
]


@pytest.mark.parametrize(
    ("payload", "path", "code"),
    BROKEN_V2,
)
async def test_components_v2(api: Api, payload: Json, path: tuple[str, ...], code: str) -> None:
    reply = await api.send(payload | {"flags": V2})
    assert reply.refusal == (400, 50035)
    assert code in reply.errors(*path)


async def test_forty_components_pass_and_the_flag_stays(api: Api) -> None:
    sent = await api.send({"flags": V2, "components": [{"type": 17, "components": [TEXT] * 39}]})
    path = f"/channels/{sent.body['channel_id']}/messages/{sent.body['id']}"
    assert sent.body["flags"] == V2
    assert (await api.patch(path, {"flags": 0, "components": [TEXT]})).body["flags"] == V2
    assert (await api.patch(path, {"content": "classic"})).refusal == (400, 50035)


async def test_a_classic_message_turns_v2_only_without_its_text(api: Api) -> None:
    sent = await api.send({"content": "classic"})
    path = f"/channels/{sent.body['channel_id']}/messages/{sent.body['id']}"
    assert (await api.patch(path, {"flags": V2, "components": [TEXT]})).errors("content")
    assert (await api.patch(path, {"flags": V2, "components": [TEXT], "content": None})).body["flags"] == V2


def text_input(**fields: object) -> Json:
    return {"type": 4, "style": 1, "label": "Prompt", "custom_id": "prompt"} | fields


@pytest.mark.parametrize(
    ("modal", "path"),
    [
        ({"title": "x" * 46}, ("title",)),
        ({"title": None}, ("title",)),
        ({"custom_id": ""}, ("custom_id",)),
        ({"components": []}, ("components",)),
        ({"components": [row(text_input(custom_id=str(n))) for n in range(6)]}, ("components",)),
        ({"components": [row(text_input(label="x" * 46))]}, (*COMPONENT, "label")),
        ({"components": [row(text_input(placeholder="x" * 101))]}, (*COMPONENT, "placeholder")),
        ({"components": [row(text_input(value="abc", max_length=2))]}, (*COMPONENT, "value")),
        ({"components": [row(text_input(min_length=3, max_length=2))]}, (*COMPONENT, "min_length")),
        ({"components": [row(button())]}, (*COMPONENT, "type")),
        ({"components": [{"type": 18, "label": "x" * 46, "component": text_input()}]}, (*ROW0, "label")),
    ],
)
async def test_modals(api: Api, modal: Json, path: tuple[str, ...]) -> None:
    base: Json = {"title": "Zoom", "custom_id": "zoom", "components": [row(text_input())]}
    call = await api.slash()
    reply = await api.respond(call, {"type": 9, "data": base | modal})
    assert reply.refusal == (400, 50035)
    assert reply.errors("data", *path)
    assert (await api.respond(call, {"type": 9, "data": base})).status == 200


async def test_no_modal_answers_a_modal(api: Api) -> None:
    call = await api.slash()
    data: Json = {"title": "Zoom", "custom_id": "zoom", "components": [row(text_input())]}
    await api.respond(call, {"type": 9, "data": data})
    answer = await call.answer()
    assert answer.modal is not None
    submitted = await api.sandbox.person("Mateo").submit_modal(answer.modal, {"prompt": "a fox"})
    assert (await api.respond(submitted, {"type": 9, "data": data})).errors("type") == ["BASE_TYPE_CHOICES"]
    assert submitted.payload["data"]["components"][0]["components"][0]["value"] == "a fox"


async def test_an_autocompletion_answers_with_25_choices_at_most(api: Api) -> None:
    option = {"type": 3, "name": "aspect", "description": "Shape.", "autocomplete": True}
    await api.register({"name": "imagine", "options": [option]})
    world = api.sandbox.world
    typing = api.sandbox.person(world.member).autocomplete("imagine", "aspect", "1", channel=world.general)
    waiting = asyncio.create_task(typing)
    await api.sandbox.wait_until(lambda: bool(api.sandbox.calls))
    call = api.sandbox.calls[0]
    many = [{"name": str(n), "value": str(n)} for n in range(26)]
    assert (await api.respond(call, {"type": 4, "data": {"content": "x"}})).errors("type")
    assert (await api.respond(call, {"type": 8, "data": {"choices": many}})).errors("data", "choices")
    assert (await api.respond(call, {"type": 8, "data": {"choices": many[:25]}})).status == 200
    assert len(await waiting) == 25
