"""Modals: every component that discord.py offers, shown, filled in, and read back by discord.py; and their limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
import pytest
from discord import ui

from sandbox.discord import ClientRefused, DiscordOptions, DiscordSandbox, Upload
from tests.sandbox.discord_ground import bare, connected, new_client, new_tree, select

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sandbox.discord import Modal
    from sandbox.discord.forms import FieldValue
    from tests.sandbox.discord_ground import Api, Interaction

Json = dict[str, Any]
ROW0 = ("components", "0")
FIELD = (*ROW0, "component")


@pytest.fixture
async def sandbox() -> AsyncIterator[DiscordSandbox]:
    async with DiscordSandbox(DiscordOptions(ack_seconds=2.0)) as running:
        yield running


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with bare() as running:
        yield running


class Choices(ui.Modal, title="Choices"):
    """What needs no file and no guild."""

    hint = ui.TextDisplay[ui.LayoutView]("Everything may stay as it is.")
    prompt: ui.Label[Choices] = ui.Label(
        text="Prompt",
        description="What to draw",
        component=ui.TextInput(custom_id="prompt", style=discord.TextStyle.paragraph, default="a fox", min_length=3),
    )
    speed: ui.Label[Choices] = ui.Label(
        text="Speed",
        component=ui.RadioGroup(
            custom_id="speed",
            options=[
                discord.RadioGroupOption(label="Fast", value="fast", default=True),
                discord.RadioGroupOption(label="Relaxed", value="relax", description="Costs nothing extra"),
            ],
        ),
    )
    extras: ui.Label[Choices] = ui.Label(
        text="Extras",
        component=ui.CheckboxGroup(
            custom_id="extras",
            required=False,
            min_values=0,
            max_values=2,
            options=[discord.CheckboxGroupOption(label=name, value=name) for name in ("raw", "tile", "video")],
        ),
    )
    quiet: ui.Label[Choices] = ui.Label(text="Quiet", component=ui.Checkbox(custom_id="quiet", default=True))

    async def on_submit(self, interaction: Interaction, /) -> None:
        prompt, speed, extras, quiet = (part.component for part in (self.prompt, self.speed, self.extras, self.quiet))
        assert isinstance(prompt, ui.TextInput)
        assert isinstance(speed, ui.RadioGroup)
        assert isinstance(extras, ui.CheckboxGroup)
        assert isinstance(quiet, ui.Checkbox)
        await interaction.response.send_message(f"{prompt.value}|{speed.value}|{extras.values}|{quiet.value}")


class Things(ui.Modal, title="Things"):
    """What is named in `resolved`."""

    who: ui.Label[Things] = ui.Label(text="Who", component=ui.UserSelect(custom_id="who", max_values=2, required=True))
    role: ui.Label[Things] = ui.Label(text="Role", component=ui.RoleSelect(custom_id="role", required=False))
    any: ui.Label[Things] = ui.Label(
        text="Either", component=ui.MentionableSelect(custom_id="any", max_values=2, required=False)
    )
    where: ui.Label[Things] = ui.Label(
        text="Where",
        component=ui.ChannelSelect(
            custom_id="where",
            required=False,
            channel_types=[discord.ChannelType.text, discord.ChannelType.public_thread],
            default_values=[],
        ),
    )
    files: ui.Label[Things] = ui.Label(
        text="Files", component=ui.FileUpload(custom_id="files", min_values=0, max_values=2, required=False)
    )

    async def on_submit(self, interaction: Interaction, /) -> None:
        told: list[str] = []
        for part in (self.who, self.role, self.any, self.where):
            chosen = part.component
            assert isinstance(chosen, ui.UserSelect | ui.RoleSelect | ui.MentionableSelect | ui.ChannelSelect)
            told.append(",".join(f"{type(value).__name__}:{value.name}" for value in chosen.values))
        files = self.files.component
        assert isinstance(files, ui.FileUpload)
        told.append(",".join([f"{file.filename}={(await file.read()).decode()}" for file in files.values]))
        await interaction.response.send_message("|".join(told))


async def opened(sandbox: DiscordSandbox, channel_name: str = "general") -> Modal:
    mateo = sandbox.person(sandbox.world.member)
    answer = await (await mateo.slash("open", channel=sandbox.channel(channel_name))).answer()
    assert answer.modal is not None
    return answer.modal


async def submitted(sandbox: DiscordSandbox, modal: Modal, values: dict[str, FieldValue]) -> str:
    call = await sandbox.person(sandbox.world.member).submit_modal(modal, values)
    message = (await call.answer()).message
    assert message is not None
    return message.content


def opener(kind: type[ui.Modal]) -> tuple[discord.Client, discord.app_commands.CommandTree[discord.Client]]:
    client = new_client()
    tree = new_tree(client)

    @tree.command(name="open", description="Open it.")
    async def show(interaction: Interaction) -> None:
        await interaction.response.send_modal(kind())

    assert show.name == "open"
    return client, tree


async def test_texts_radios_and_checkboxes_come_back(sandbox: DiscordSandbox) -> None:
    client, tree = opener(Choices)
    async with connected(sandbox, client, tree):
        untouched = await submitted(sandbox, await opened(sandbox), {})
        filled = await submitted(
            sandbox,
            await opened(sandbox),
            {"prompt": "two\nfoxes", "speed": "relax", "extras": ["tile", "raw"], "quiet": False},
        )
    assert untouched == "a fox|fast|[]|True"
    assert filled == "two\nfoxes|relax|['tile', 'raw']|False"


async def test_a_modal_tells_all_that_a_client_shows(sandbox: DiscordSandbox) -> None:
    client, tree = opener(Choices)
    async with connected(sandbox, client, tree):
        modal = await opened(sandbox)
    prompt, speed, extras, quiet = modal.fields()
    assert modal.components[0] == {"type": 10, "id": 1, "content": "Everything may stay as it is."}
    assert (prompt.description, prompt.value, prompt.is_long, prompt.min_length) == ("What to draw", "a fox", True, 3)
    assert speed.select is not None
    assert [(option.label, option.default) for option in speed.select.options] == [("Fast", True), ("Relaxed", False)]
    assert (speed.select.chosen, speed.required) == (("fast",), True)
    assert (extras.min_values, extras.max_values, extras.required) == (0, 2, False)
    assert (quiet.label, quiet.checked) == ("Quiet", True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"prompt": "ab"},
        {"prompt": None},
        {"prompt": True},
        {"speed": "warp"},
        {"speed": None},
        {"speed": ["fast", "relax"]},
        {"extras": ["raw", "tile", "video"]},
        {"extras": ["raw", "raw"]},
        {"extras": ["noise"]},
        {"extras": [Upload("a.txt", b"x")]},
        {"quiet": "yes"},
        {"nothing": "x"},
    ],
)
async def test_a_client_does_not_send_a_form_filled_in_wrongly(
    sandbox: DiscordSandbox, wrong: dict[str, FieldValue]
) -> None:
    client, tree = opener(Choices)
    async with connected(sandbox, client, tree):
        modal = await opened(sandbox)
        before = len(sandbox.calls)
        with pytest.raises(ClientRefused):
            await sandbox.person(sandbox.world.member).submit_modal(modal, wrong)
    assert len(sandbox.calls) == before


async def test_people_roles_channels_and_files_come_back(sandbox: DiscordSandbox) -> None:
    client, tree = opener(Things)
    world = sandbox.world
    artists = next(role for role in world.guild.roles.values() if role.name == "Artists")
    async with connected(sandbox, client, tree):
        least = await submitted(sandbox, await opened(sandbox), {"who": [str(world.owner.id)]})
        values: dict[str, FieldValue] = {
            "who": [str(world.guest.id), str(world.bot.id)],
            "role": [str(artists.id)],
            "any": [str(artists.id), str(world.owner.id)],
            "where": [str(world.gallery.id)],
            "files": [Upload("a.txt", b"one"), Upload("b.txt", b"two")],
        }
        full = await submitted(sandbox, await opened(sandbox), values)
        thread = await submitted(
            sandbox, await opened(sandbox), {"who": [str(world.owner.id)], "where": [str(world.thread.id)]}
        )
    assert least == "Member:hanna.lind||||"
    who, role, either, where, files = full.split("|")
    assert set(who.split(",")) == {"Member:priya.writes", "Member:Easel"}
    assert role == "Role:Artists"
    assert set(either.split(",")) == {"Role:Artists", "Member:hanna.lind"}
    assert where == "AppCommandChannel:gallery"
    assert files == "a.txt=one,b.txt=two"
    assert thread.split("|")[3] == "AppCommandThread:poster ideas"


async def test_what_cannot_be_picked_in_a_modal(sandbox: DiscordSandbox) -> None:
    client, tree = opener(Things)
    world = sandbox.world
    owner = str(world.owner.id)
    async with connected(sandbox, client, tree):
        modal = await opened(sandbox, "lobby")  # where the guest is no member
        wrongs: list[dict[str, FieldValue]] = [
            {},
            {"who": None},
            {"who": [str(world.guest.id)]},
            {"who": [str(world.member.id), str(world.owner.id), str(world.bot.id)]},
            {"who": [owner], "role": [owner]},
            {"who": [owner], "where": [str(world.general.id)]},
            {"who": [owner], "any": [str(world.general.id)]},
            {"who": [owner], "files": "a.txt"},
            {"who": [owner], "files": [Upload(name, b"x") for name in "abc"]},
        ]
        for wrong in wrongs:
            with pytest.raises(ClientRefused):
                await sandbox.person(world.member).submit_modal(modal, wrong)


def labeled(**fields: object) -> Json:
    """Return a modal's components: one label with one field."""
    return {"components": [{"type": 18, "label": "Field", "component": {"custom_id": "field"} | fields}]}


def options(number: int, **fields: object) -> list[Json]:
    return [{"label": f"Option {n}", "value": str(n)} | fields for n in range(number)]


@pytest.mark.parametrize(
    ("modal", "path"),
    [
        (labeled(type=21, options=options(1)), (*FIELD, "options")),
        (labeled(type=21, options=options(11)), (*FIELD, "options")),
        (labeled(type=21, options=options(2, default=True)), (*FIELD, "options")),
        (labeled(type=21, options=options(2, value="same")), (*FIELD, "options", "1", "value")),
        (labeled(type=21, options=options(2, label="x" * 101)), (*FIELD, "options", "0", "label")),
        (labeled(type=21, options=options(2, description="x" * 101)), (*FIELD, "options", "0", "description")),
        (labeled(type=22, options=[]), (*FIELD, "options")),
        (labeled(type=22, options=options(11)), (*FIELD, "options")),
        (labeled(type=22, options=options(2), max_values=3), (*FIELD, "max_values")),
        (labeled(type=22, options=options(2), max_values=11), (*FIELD, "max_values")),
        (labeled(type=22, options=options(3), min_values=3, max_values=2), (*FIELD, "min_values")),
        (labeled(type=22, options=options(2), min_values=0), (*FIELD, "min_values")),
        (labeled(type=22, options=options(3, default=True), max_values=2), (*FIELD, "options")),
        (labeled(type=23, default="yes"), (*FIELD, "default")),
        (labeled(type=23, custom_id="x" * 101), (*FIELD, "custom_id")),
        (labeled(type=19, max_values=11), (*FIELD, "max_values")),
        (labeled(type=19, min_values=3, max_values=2), (*FIELD, "min_values")),
        (labeled(**select(disabled=True)), (*FIELD, "disabled")),
        (labeled(type=5, default_values=[{"id": "1", "type": "role"}]), (*FIELD, "default_values", "0", "type")),
        (labeled(type=6, default_values=[{"id": "x", "type": "role"}]), (*FIELD, "default_values", "0", "id")),
        (
            labeled(type=7, default_values=[{"id": "1", "type": "role"}, {"id": "2", "type": "user"}]),
            (*FIELD, "default_values"),
        ),
        (labeled(type=8, channel_types=[99]), (*FIELD, "channel_types", "0")),
        (labeled(type=5, channel_types=[0]), (*FIELD, "channel_types")),
        (labeled(type=5, options=options(1)), (*FIELD, "options")),
        (labeled(type=2, label="No", style=2), (*FIELD, "type")),
        ({"components": [{"type": 10, "content": ""}]}, (*ROW0, "content")),
        ({"components": [{"type": 9}]}, (*ROW0, "type")),
        ({"components": [{"type": 21, "custom_id": "field", "options": options(2)}]}, (*ROW0, "type")),
    ],
)
async def test_limits_of_the_fields(api: Api, modal: Json, path: tuple[str, ...]) -> None:
    call = await api.slash()
    reply = await api.respond(call, {"type": 9, "data": {"title": "Form", "custom_id": "form"} | modal})
    assert reply.refusal == (400, 50035)
    assert reply.errors("data", *path)


async def test_what_is_sent_for_fields_left_empty(api: Api) -> None:
    fields: list[Json] = [
        {"type": 21, "custom_id": "radio", "options": options(2), "required": False},
        {"type": 22, "custom_id": "group", "options": options(2), "required": False, "min_values": 2},
        {"type": 23, "custom_id": "box"},
        {"type": 19, "custom_id": "file", "required": False, "min_values": 2, "max_values": 2},
        {"type": 4, "custom_id": "text", "style": 1, "required": False, "min_length": 5},
    ]
    data: Json = {
        "title": "Form",
        "custom_id": "form",
        "components": [{"type": 18, "label": "Field", "component": field} for field in fields],
    }
    call = await api.slash()
    assert (await api.respond(call, {"type": 9, "data": data})).status == 200
    modal = (await call.answer()).modal
    assert modal is not None
    mateo = api.sandbox.person("Mateo")
    sent = (await mateo.submit_modal(modal)).payload["data"]
    assert "resolved" not in sent
    assert [label["component"] for label in sent["components"]] == [
        {"type": 21, "id": 2, "custom_id": "radio", "value": None},
        {"type": 22, "id": 4, "custom_id": "group", "values": []},
        {"type": 23, "id": 6, "custom_id": "box", "value": False},
        {"type": 19, "id": 8, "custom_id": "file", "values": []},
        {"type": 4, "id": 10, "custom_id": "text", "value": ""},
    ]
    for wrong in ({"group": ["0"]}, {"file": [Upload("a.txt", b"x")]}, {"text": "abc"}, {"text": "a long\ntext"}):
        with pytest.raises(ClientRefused):
            await mateo.submit_modal(modal, wrong)
