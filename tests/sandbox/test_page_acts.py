"""What people do by way of the page: commands with options of every type, buttons, selects, forms, words, reactions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sandbox.discord import DiscordOptions
from tests.sandbox.discord_ground import button, row, select
from tests.sandbox.page_ground import PNG, ground, is_plain

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.sandbox.page_ground import Ground, Json


@pytest.fixture
async def page() -> AsyncIterator[Ground]:
    async with ground(discord=DiscordOptions(ack_seconds=5)) as running:
        yield running


def option(kind: int, name: str, **fields: object) -> Json:
    return {"type": kind, "name": name, "description": "An option."} | fields


EVERYTHING = {
    "name": "all",
    "options": [
        option(3, "text", required=True, min_length=2, max_length=5),
        option(4, "whole", min_value=1, max_value=9),
        option(5, "truth"),
        option(6, "person"),
        option(7, "channel", channel_types=[0]),
        option(8, "role"),
        option(9, "anybody"),
        option(10, "number", min_value=0.5),
        option(11, "file"),
        option(3, "choice", choices=[{"name": "Square", "value": "1:1"}]),
        option(4, "count", choices=[{"name": "Two", "value": 2}]),
    ],
}


async def sent(page: Ground, answer: Json) -> Json:
    """Return the data of the interaction that came of an answer."""
    return page.call(answer["interaction_id"]).payload["data"]


async def test_options_of_every_type_reach_the_bot(page: Ground) -> None:
    await page.api.register(EVERYTHING)
    world = page.discord.world
    role = next(role for role in world.guild.roles.values() if role.name == "Artists")
    file_id = await page.pick("köt fox.png", PNG)
    options: Json = {
        "text": "fox",
        "whole": 3,
        "truth": False,
        "person": page.guest,
        "channel": str(world.gallery.id),
        "role": str(role.id),
        "anybody": str(role.id),
        "number": 2.5,
        "file": file_id,
        "choice": "1:1",
        "count": 2,
    }
    data = await sent(page, await page.line.ok("slash", **page.here, name="all", options=options))
    values = {entry["name"]: entry["value"] for entry in data["options"]}
    attachment = data["resolved"]["attachments"][values.pop("file")]
    options.pop("file")
    assert values == options
    assert (attachment["content_type"], attachment["size"], attachment["width"]) == ("image/png", len(PNG), 64)
    assert data["resolved"]["users"][page.guest]["global_name"] == "Priya"
    again = await page.line.refused("slash", **page.here, name="all", options={"text": "fox", "file": file_id})
    assert again == "A file waited for too long. Please pick it again."


@pytest.mark.parametrize(
    ("options", "refused"),
    [
        ({}, "Fill in “text” first."),
        ({"text": ""}, "Fill in “text” first."),
        ({"text": "f"}, "“text” needs at least 2 characters."),
        ({"text": "foxfox"}, "“text” takes at most 5 characters; this has 6."),
        ({"text": 5}, "“text” takes a text."),
        ({"text": "fox", "pose": "x"}, "The command has no option “pose” any more."),
        ({"text": "fox", "whole": 10}, "“whole” takes 9 or less."),
        ({"text": "fox", "whole": 0}, "“whole” takes 1 or more."),
        ({"text": "fox", "whole": 1.5}, "“whole” takes a whole number."),
        ({"text": "fox", "whole": True}, "“whole” takes a whole number."),
        ({"text": "fox", "number": "two"}, "“number” takes a number."),
        ({"text": "fox", "number": float("nan")}, "“number” takes a number."),
        ({"text": "fox", "number": float("inf")}, "“number” takes a number."),
        ({"text": "fox", "number": 10**400}, "“number” takes 9007199254740992 or less."),
        ({"text": "fox", "truth": "yes"}, "“truth” is either true or false."),
        ({"text": "fox", "person": "5"}, "What “person” names is not there any more."),
        ({"text": "fox", "role": "5"}, "What “role” names is not there any more."),
        ({"text": "fox", "channel": "5"}, "What “channel” names is not there any more."),
        ({"text": "fox", "file": "5"}, "A file waited for too long. Please pick it again."),
        ({"text": "fox", "choice": "2:3"}, "Choose one of the values that “choice” offers."),
        ({"text": "fox", "count": 3}, "Choose one of the values that “count” offers."),
    ],
)
async def test_what_does_not_fit_is_refused_in_words_and_sends_nothing(
    page: Ground, options: Json, refused: str
) -> None:
    await page.api.register(EVERYTHING)
    assert await page.line.refused("slash", **page.here, name="all", options=options) == refused
    assert page.discord.calls == []


async def test_a_channel_of_the_wrong_kind_or_of_another_server_does_not_fit(page: Ground) -> None:
    await page.api.register(EVERYTHING)
    world = page.discord.world
    ask: Json = page.here | {"name": "all"}
    thread = {"text": "fox", "channel": str(world.thread.id)}
    assert await page.line.refused("slash", **ask, options=thread) == "“channel” takes another kind of channel."
    elsewhere = {"text": "fox", "channel": str(world.other_channel.id)}
    assert (await page.line.refused("slash", **ask, options=elsewhere)).startswith("What “channel” names")


async def test_a_file_that_the_place_does_not_take_is_refused_and_stays_picked(page: Ground) -> None:
    await page.api.register(EVERYTHING)
    page.discord.world.guild.attachment_size_limit = 1 << 20
    file_id = await page.pick("big.bin", bytes((1 << 20) + 1))
    options = {"text": "fox", "file": file_id}
    for _ in range(2):
        refused = await page.line.refused("slash", **page.here, name="all", options=options)
        assert refused == "“big.bin” is too large: at most 1 MB fit here."


async def test_commands_with_sub_commands_and_commands_that_are_not_there(page: Ground) -> None:
    inner = {"type": 1, "name": "speed", "description": "Pace.", "options": [option(3, "mode")]}
    await page.api.register({"name": "settings", "options": [inner]})
    data = await sent(page, await page.line.ok("slash", **page.here, name="settings speed", options={"mode": "fast"}))
    assert data["options"][0]["options"] == [{"type": 3, "name": "mode", "value": "fast"}]
    assert await page.line.refused("slash", **page.here, name="nothing") == "You cannot use /nothing here."
    for name in ("settings", "settings volume"):
        assert is_plain(await page.line.refused("slash", **page.here, name=name))


async def test_the_language_of_the_page_goes_along(page: Ground) -> None:
    await page.api.register({"name": "ping"})
    await page.line.ok("hello", locale="fr")
    answer = await page.line.ok("slash", **page.here, name="ping")
    assert page.call(answer["interaction_id"]).payload["locale"] == "fr"
    await page.line.ok("language", locale="ja")
    answer = await page.line.ok("slash", **page.here, name="ping")
    payload = page.call(answer["interaction_id"]).payload
    assert (payload["locale"], payload["guild_locale"]) == ("ja", "ja")


async def test_an_answer_tells_what_its_command_is_called_in_other_languages(page: Ground) -> None:
    steps = [option(1, "set", name_localizations={"ja": "設定", "de": "setzen"}), option(1, "list")]
    menu = {"name": "Image info", "type": 3, "description": "", "name_localizations": {"ja": "画像情報"}}
    await page.api.register({"name": "preset", "options": steps, "name_localizations": {"ja": "プリセット"}}, menu)
    page.answers |= {name: {"type": 4, "data": {"content": "x"}} for name in ("preset set", "Image info")}
    await page.line.ok("slash", **page.here, name="preset set")
    first = (await page.line.event("message"))["message"]
    names = first["interaction_metadata"]["name_localizations"]
    assert names == {"ja": "プリセット 設定", "de": "preset setzen"}
    await page.line.ok("menu", person_id=page.member, message_id=first["id"], name="Image info")
    second = (await page.line.event("message"))["message"]["interaction_metadata"]
    assert (second["name"], second["name_localizations"]) == ("Image info", {"ja": "画像情報"})
    await page.api.register({"name": "ping"})
    history = await page.line.ok("history", **page.here)
    assert [one["interaction_metadata"]["name_localizations"] for one in history["messages"]] == [{}, {}]


async def test_autocomplete_sends_what_stands_already_and_returns_the_choices(page: Ground) -> None:
    kinds = [option(3, "q", autocomplete=True), option(4, "whole"), option(11, "file"), option(6, "person")]
    await page.api.register({"name": "find", "options": kinds})
    page.answers["find"] = {"type": 8, "data": {"choices": [{"name": "Fox", "value": "fox"}]}}
    file_id = await page.pick("a.png", PNG)
    half = {"whole": "not yet", "file": file_id, "person": page.guest, "unknown": 1}
    found = await page.line.ok("autocomplete", **page.here, name="find", option="q", typed="f", options=half)
    assert found == {"choices": [{"name": "Fox", "value": "fox"}]}
    data = page.discord.calls[0].payload["data"]
    assert [(entry["name"], entry.get("focused", False)) for entry in data["options"]] == [
        ("person", False),
        ("q", True),
    ]
    assert [event["event"] for event in page.line.events] == ["commands"]
    assert is_plain(await page.line.refused("autocomplete", **page.here, name="find", option="whole", typed="f"))


async def test_menus_of_messages_and_of_people(page: Ground) -> None:
    await page.api.register(
        {"name": "Describe", "type": 3, "description": ""}, {"name": "Wave", "type": 2, "description": ""}
    )
    message = (await page.api.send({"content": "a fox"})).body
    data = await sent(page, await page.line.ok("menu", **page.here, name="Describe", message_id=message["id"]))
    assert (data["target_id"], data["type"]) == (message["id"], 3)
    elsewhere = page.here | {"channel_id": str(page.discord.world.gallery.id)}
    answer = await page.line.ok("menu", **elsewhere, name="Describe", message_id=message["id"])
    assert page.call(answer["interaction_id"]).channel is page.discord.world.general
    data = await sent(page, await page.line.ok("menu", **page.here, name="Wave", user_id=page.guest))
    assert (data["target_id"], data["type"]) == (page.guest, 2)
    assert is_plain(await page.line.refused("menu", **page.here, name="Wave", message_id=message["id"]))


async def test_buttons_and_selects(page: Ground) -> None:
    off = button(custom_id="off", label="Off", disabled=True)
    people = {"type": 5, "custom_id": "who"}
    rows = [row(button(), off), row(select()), row(people)]
    message = (await page.api.send({"content": "x", "components": rows})).body
    ask: Json = {"person_id": page.member, "message_id": message["id"]}
    assert (await sent(page, await page.line.ok("click", **ask, custom_id="u1")))["custom_id"] == "u1"
    for wrong in ("off", "nowhere"):
        assert is_plain(await page.line.refused("click", **ask, custom_id=wrong))
    data = await sent(page, await page.line.ok("choose", **ask, custom_id="pick", values=["1"]))
    assert (data["values"], data["component_type"]) == (["1"], 3)
    data = await sent(page, await page.line.ok("choose", **ask, custom_id="who", values=[page.guest]))
    assert data["resolved"]["users"][page.guest]["username"] == "priya.writes"
    assert is_plain(await page.line.refused("choose", **ask, custom_id="pick", values=[]))
    assert (await page.line.refused("choose", **ask, custom_id="pick", values="1")).startswith("The page sent")
    for wrong in ({"custom_id": "pick", "values": ["9"]}, {"custom_id": "gone", "values": ["1"]}):
        assert is_plain(await page.line.refused("choose", **ask, **wrong))


async def test_messages_that_are_gone_or_out_of_sight_take_nothing(page: Ground) -> None:
    sent_to = page.discord.world.other_channel.id
    hidden = (await page.api.post(f"/channels/{sent_to}/messages", {"content": "x"})).body["id"]
    guest: Json = {"person_id": page.guest}
    for verb in ("click", "choose", "delete", "react"):
        refused = await page.line.refused(verb, **guest, message_id=hidden)
        assert refused == "You do not see this channel any more."
        assert await page.line.refused(verb, **guest, message_id="5") == "This message is not there any more."


def label(component: Json) -> Json:
    return {"type": 18, "label": str(component["custom_id"]).title(), "component": component}


def form(*components: Json) -> Json:
    return {"type": 9, "data": {"title": "A form", "custom_id": "f", "components": list(components)}}


async def opened(page: Ground, callback: Json) -> str:
    """Open a form and return the id of the interaction that did."""
    await page.api.register({"name": "form"})
    page.answers["form"] = callback
    answer = await page.line.ok("slash", **page.here, name="form")
    await page.line.event("answered")
    return answer["interaction_id"]


async def test_a_form_with_every_kind_of_field(page: Ground) -> None:
    opener = await opened(
        page,
        form(
            label({"type": 4, "custom_id": "text", "style": 2}),
            label(select() | {"required": False}),
            label({"type": 19, "custom_id": "files", "max_values": 2}),
            label(
                {
                    "type": 21,
                    "custom_id": "radio",
                    "options": [{"label": "A", "value": "a"}, {"label": "B", "value": "b"}],
                }
            ),
            label({"type": 23, "custom_id": "sure"}),
        ),
    )
    file_id = await page.pick("a.png", PNG)
    values: Json = {"text": "two\nlines", "pick": ["1"], "files": [file_id], "radio": "b", "sure": True}
    answer = await page.line.ok("modal", person_id=page.member, interaction_id=opener, values=values)
    data = await sent(page, answer)
    fields: dict[str, Any] = {top["component"]["custom_id"]: top["component"] for top in data["components"]}
    assert (fields["text"]["value"], fields["pick"]["values"]) == ("two\nlines", ["1"])
    assert (fields["radio"]["value"], fields["sure"]["value"]) == ("b", True)
    assert data["resolved"]["attachments"][fields["files"]["values"][0]]["filename"] == "a.png"
    refused = await page.line.refused("modal", person_id=page.member, interaction_id=opener, values=values)
    assert refused == "A file waited for too long. Please pick it again."


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"text": ""}, "“Text”"),
        ({"text": "no"}, "“Text”"),
        ({"text": "two\nlines"}, "one line"),
        ({"text": 5}, "“Text”"),
        ({"text": {}}, "“Text”"),
        ({"text": "good", "files": []}, "“Files”"),
        ({"text": "good", "files": ["gone"]}, "A file waited for too long. Please pick it again."),
        ({"text": "good", "files": "x"}, "does not understand"),
        ({"text": "good", "more": "x"}, "This form has changed. Please open it again."),
    ],
)
async def test_a_form_that_is_filled_in_wrongly(page: Ground, values: Json, words: str) -> None:
    text = {"type": 4, "custom_id": "text", "style": 1, "min_length": 3}
    opener = await opened(page, form(label(text), label({"type": 19, "custom_id": "files"})))
    refused = await page.line.refused("modal", person_id=page.member, interaction_id=opener, values=values)
    assert is_plain(refused)
    assert words in refused


async def test_what_was_taken_back_in_a_form_is_nothing_and_what_was_not_touched_stays(page: Ground) -> None:
    options = [{"label": "A", "value": "a", "default": True}, {"label": "B", "value": "b"}]
    radio = {"type": 21, "required": False, "options": options}
    files = {"type": 19, "custom_id": "files", "required": False, "min_values": 0}
    fields = [label(radio | {"custom_id": name}) for name in ("cleared", "untouched")]
    opener = await opened(page, form(*fields, label(files)))
    values: Json = {"cleared": None, "files": None}
    data = await sent(page, await page.line.ok("modal", person_id=page.member, interaction_id=opener, values=values))
    found = [top["component"] for top in data["components"]]
    assert [field["value"] for field in found[:2]] == [None, "a"]
    assert found[2]["values"] == []


async def test_a_form_belongs_to_who_opened_it(page: Ground) -> None:
    opener = await opened(page, form(label({"type": 4, "custom_id": "text", "style": 1})))
    for wrong in (
        {"person_id": page.owner, "interaction_id": opener},
        {"person_id": page.member, "interaction_id": "5"},
    ):
        assert await page.line.refused("modal", **wrong, values={}) == "This form is not open any more."


async def test_writing_with_files_and_replies(page: Ground) -> None:
    file_id = await page.pick("a.png", PNG)
    said = await page.line.ok("say", **page.here, content="  hello  ", files=[file_id])
    message = (await page.line.event("message"))["message"]
    assert (message["id"], message["content"]) == (said["message_id"], "hello")
    assert [item["filename"] for item in message["attachments"]] == ["a.png"]
    owner = page.here | {"person_id": page.owner}
    await page.line.ok("say", **owner, content="welcome", reply_to=said["message_id"])
    reply = (await page.line.event("message"))["message"]
    assert (reply["referenced_message"]["content"], reply["pings"]) == ("hello", [page.member])


async def test_what_cannot_be_written(page: Ground) -> None:
    here = page.here
    assert await page.line.refused("say", **here, content="   ") == "Write something first."
    assert (
        await page.line.refused("say", **here, content="x" * 2001) == "This is too long: 2001 characters, and 2000 fit."
    )
    assert (await page.line.refused("say", **here, content="x" * 9000)).startswith("This is too long")
    assert await page.line.refused("say", **here, files=["a"] * 11) == "At most 10 files fit into a message."
    guest = here | {"person_id": page.guest}
    assert is_plain(await page.line.refused("say", **guest, content="hello"))
    file_id = await page.pick("a.png", PNG)
    assert await page.line.refused("say", **guest, files=[file_id]) == "You may not attach files here."
    assert page.discord.messages(page.discord.world.general) == []


async def test_deleting_and_dismissing(page: Ground) -> None:
    await page.api.register({"name": "ping"})
    page.answers["ping"] = {"type": 4, "data": {"content": "psst", "flags": 64}}
    await page.line.ok("slash", **page.here, name="ping")
    secret = (await page.line.event("message"))["message"]["id"]
    others = await page.line.refused("delete", person_id=page.owner, message_id=secret)
    assert others == "This message is not there any more."
    assert await page.line.ok("delete", person_id=page.member, message_id=secret) == {}
    assert (await page.line.event("message_gone"))["message_id"] == secret
    public = (await page.api.send({"content": "x"})).body["id"]
    assert is_plain(await page.line.refused("delete", person_id=page.member, message_id=public))
    assert await page.line.ok("delete", person_id=page.owner, message_id=public) == {}


async def test_reactions_tell_who(page: Ground) -> None:
    message_id = (await page.api.send({"content": "x"})).body["id"]
    await page.line.event("message")
    ask: Json = {"message_id": message_id, "emoji": "🦊"}
    for person_id in (page.member, page.owner):
        await page.line.ok("react", person_id=person_id, **ask, on=True)
        shown = (await page.line.event("message"))["message"]
    assert set(shown["reactions"][0]["user_ids"]) == {page.member, page.owner}
    await page.line.ok("react", person_id=page.member, **ask, on=False)
    shown = (await page.line.event("message"))["message"]
    assert shown["reactions"][0]["user_ids"] == [page.owner]
    wrong = ask | {"emoji": "fox"}
    assert is_plain(await page.line.refused("react", person_id=page.member, **wrong, on=True))
    assert (await page.line.refused("react", person_id=page.member, **ask)).startswith("The page sent something")
