"""discord.py, untouched, at work on the sandbox: commands, answers, buttons, selects, modals, files, messages."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING

import discord
import pytest
from discord import app_commands, ui

from sandbox.discord import ClientRefused, DiscordOptions, DiscordSandbox, InteractionFailed, Upload
from tests.sandbox.discord_ground import connected, new_client, new_tree

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.sandbox.discord_ground import Interaction


@pytest.fixture
async def sandbox() -> AsyncIterator[DiscordSandbox]:
    async with DiscordSandbox(DiscordOptions(ack_seconds=2.0)) as running:
        yield running


def picture(name: str = "fox.png", size: int = 64) -> discord.File:
    return discord.File(io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"x" * size), name, description="A fox.")


async def test_a_slash_command_is_answered_edited_and_its_button_pressed(sandbox: DiscordSandbox) -> None:
    client = new_client()
    tree = new_tree(client)

    class Buttons(ui.View):
        @ui.button(label="U2", custom_id="u2")
        async def press(self, interaction: Interaction, _: ui.Button[Buttons]) -> None:
            await interaction.response.edit_message(content="pressed", view=None)

    @tree.command(description="Draw.")
    async def imagine(interaction: Interaction, prompt: str, speed: str = "fast") -> None:
        await interaction.response.send_message(f"{prompt}, {speed}", view=Buttons())
        await interaction.edit_original_response(content=f"{prompt}: 50 %")

    assert imagine.name == "imagine"
    async with connected(sandbox, client, tree):
        mateo = sandbox.person(sandbox.world.member)
        call = await mateo.slash("imagine", {"prompt": "a fox"}, channel=sandbox.world.general)
        answer = await call.answer()
        assert (answer.type, answer.ephemeral) == (4, False)
        assert answer.message is not None
        await sandbox.wait_until(lambda: answer.message is not None and answer.message.content == "a fox: 50 %")
        pressed = await mateo.click(answer.message, label="U2")
        assert (await pressed.answer()).type == 7
        assert answer.message.content == "pressed"
        assert answer.message.buttons() == []
        assert answer.message.edited_count == 2
        assert (pressed.acknowledged_after or 9) < 2


async def test_files_and_the_nonce_of_a_channel_message(sandbox: DiscordSandbox) -> None:
    client = new_client()
    async with connected(sandbox, client):
        channel = client.get_partial_messageable(sandbox.world.gallery.id)
        first = await channel.send("<@427190386624872448> done", file=picture(), nonce="01JOB-0")
        again = await channel.send("<@427190386624872448> done", file=picture(), nonce="01JOB-0")
        other = await channel.send("done", file=picture(), nonce="01JOB-1")
        fetched = await channel.fetch_message(first.id)
        data = await fetched.attachments[0].read()
    assert first.id == again.id != other.id
    stored = sandbox.messages(sandbox.world.gallery)
    assert [message.nonce for message in stored] == ["01JOB-0", "01JOB-1"]
    assert stored[0].mentions == [sandbox.world.member.id]
    file = stored[0].attachments[0]
    assert (file.filename, file.description, file.data) == ("fox.png", "A fox.", data)
    assert (fetched.attachments[0].content_type, fetched.attachments[0].size) == ("image/png", len(data))


async def test_avatars_are_served_too(sandbox: DiscordSandbox) -> None:
    client = new_client()
    async with connected(sandbox, client):
        user = await client.fetch_user(sandbox.world.member.id)
        assert (await user.display_avatar.read()).startswith(b"\x89PNG")
        assert user.mention == sandbox.world.member.mention


async def test_editing_keeps_replaces_and_removes_files(sandbox: DiscordSandbox) -> None:
    client = new_client()
    async with connected(sandbox, client):
        channel = client.get_partial_messageable(sandbox.world.gallery.id)
        message = await channel.send(files=[picture("a.png"), picture("b.png")])
        stored = sandbox.messages(sandbox.world.gallery)[0]
        await message.edit(content="same files")
        assert [file.filename for file in stored.attachments] == ["a.png", "b.png"]
        await message.edit(attachments=[message.attachments[1], picture("c.png")])
        assert [file.filename for file in stored.attachments] == ["b.png", "c.png"]
        await message.edit(attachments=[])
        assert stored.attachments == []
        await message.delete()
    assert stored.deleted
    assert sandbox.messages(sandbox.world.gallery) == []


async def test_a_deferred_answer_is_filled_in_and_followed_up(sandbox: DiscordSandbox) -> None:
    client = new_client()
    tree = new_tree(client)

    @tree.command(description="Wait.")
    async def wait(interaction: Interaction) -> None:
        await interaction.response.defer(ephemeral=True)
        await interaction.edit_original_response(content="ready")
        await interaction.followup.send("more", ephemeral=True, file=picture())

    assert wait.name == "wait"
    async with connected(sandbox, client, tree):
        call = await sandbox.person(sandbox.world.member).slash("wait", channel=sandbox.world.general)
        answer = await call.answer()
        assert (answer.type, answer.ephemeral) == (5, True)
        await sandbox.wait_until(lambda: len(call.followups) == 1)
    world = sandbox.world
    assert call.message is not None
    assert call.message.content == "ready"
    assert [message.content for message in sandbox.messages(world.general, world.member)] == ["ready", "more"]
    assert sandbox.messages(world.general, world.owner) == []


async def test_a_followup_after_a_deferral_fills_the_deferred_message(sandbox: DiscordSandbox) -> None:
    client = new_client()
    tree = new_tree(client)

    @tree.command(description="Wait.")
    async def wait(interaction: Interaction) -> None:
        await interaction.response.defer()
        await interaction.followup.send("filled in")

    assert wait.name == "wait"
    async with connected(sandbox, client, tree):
        call = await sandbox.person(sandbox.world.member).slash("wait", channel=sandbox.world.general)
        await sandbox.wait_message(lambda message: message.content == "filled in")
    assert call.message is not None
    assert call.followups == []
    assert len(sandbox.messages(sandbox.world.general)) == 1


async def test_autocompletion_suggests_while_a_person_types(sandbox: DiscordSandbox) -> None:
    client = new_client()
    tree = new_tree(client)

    async def suggest(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        prompt = interaction.namespace.prompt
        return [app_commands.Choice(name=f"{prompt} {current}:9", value=f"{current}:9")]

    @tree.command(description="Draw.")
    @app_commands.autocomplete(aspect=suggest)
    async def imagine(interaction: Interaction, prompt: str, aspect: str) -> None:
        await interaction.response.send_message(prompt + aspect)

    assert imagine.name == "imagine"
    async with connected(sandbox, client, tree):
        mateo = sandbox.person(sandbox.world.member)
        world = sandbox.world
        choices = await mateo.autocomplete("imagine", "aspect", "16", {"prompt": "a fox"}, channel=world.general)
    assert [(choice.name, choice.value) for choice in choices] == [("a fox 16:9", "16:9")]


async def test_a_modal_is_opened_filled_in_and_answered(sandbox: DiscordSandbox) -> None:
    client = new_client()
    tree = new_tree(client)

    class Form(ui.Modal, title="Zoom"):
        prompt: ui.TextInput[Form] = ui.TextInput(label="Prompt", custom_id="prompt", default="a fox", max_length=20)
        ratio: ui.Label[Form] = ui.Label(text="Zoom", component=ui.Select(custom_id="zoom", options=[
            discord.SelectOption(label="2x", value="2"), discord.SelectOption(label="1.5x", value="1.5"),
        ]))  # fmt: skip

        async def on_submit(self, interaction: Interaction, /) -> None:
            chosen = self.ratio.component
            assert isinstance(chosen, ui.Select)
            await interaction.response.send_message(f"{self.prompt.value} x{chosen.values[0]}", ephemeral=True)

    @tree.command(description="Zoom.")
    async def zoom(interaction: Interaction) -> None:
        await interaction.response.send_modal(Form())

    assert zoom.name == "zoom"
    async with connected(sandbox, client, tree):
        mateo = sandbox.person(sandbox.world.member)
        answer = await (await mateo.slash("zoom", channel=sandbox.world.general)).answer()
        assert answer.type == 9
        assert answer.modal is not None
        assert [(field.custom_id, field.label, field.value) for field in answer.modal.fields()] == [
            ("prompt", "Prompt", "a fox"),
            ("zoom", "Zoom", None),
        ]
        with pytest.raises(ClientRefused):
            await mateo.submit_modal(answer.modal, {"prompt": "x" * 21, "zoom": ["2"]})
        with pytest.raises(ClientRefused):
            await sandbox.person(sandbox.world.owner).submit_modal(answer.modal, {"zoom": ["2"]})
        submitted = await mateo.submit_modal(answer.modal, {"zoom": ["1.5"]})
        shown = await submitted.answer()
    assert shown.message is not None
    assert (shown.message.content, shown.ephemeral) == ("a fox x1.5", True)


async def test_a_file_goes_up_through_a_modal(sandbox: DiscordSandbox) -> None:
    client = new_client()
    tree = new_tree(client)

    class Form(ui.Modal, title="Describe"):
        picture: ui.Label[Form] = ui.Label(text="Picture", component=ui.FileUpload(custom_id="picture"))

        async def on_submit(self, interaction: Interaction, /) -> None:
            upload = self.picture.component
            assert isinstance(upload, ui.FileUpload)
            await interaction.response.send_message((await upload.values[0].read()).decode())

    @tree.command(description="Describe.")
    async def describe(interaction: Interaction) -> None:
        await interaction.response.send_modal(Form())

    assert describe.name == "describe"
    async with connected(sandbox, client, tree):
        mateo = sandbox.person(sandbox.world.member)
        modal = (await (await mateo.slash("describe", channel=sandbox.world.general)).answer()).modal
        assert modal is not None
        submitted = await mateo.submit_modal(modal, {"picture": [Upload("fox.txt", b"a red fox")]})
        shown = await submitted.answer()
    assert shown.message is not None
    assert shown.message.content == "a red fox"


async def test_a_select_and_a_persistent_button_are_dispatched(sandbox: DiscordSandbox) -> None:
    client = new_client()
    seen: list[object] = []

    @client.event
    async def on_interaction(interaction: Interaction) -> None:
        seen.append(interaction.data)
        await interaction.response.defer()
        await interaction.edit_original_response(content=str((interaction.data or {}).get("custom_id")))

    assert on_interaction.__name__ == "on_interaction"
    view = ui.View(timeout=None)
    options = [discord.SelectOption(label=f"Job {number}", value=str(number)) for number in range(25)]
    view.add_item(ui.Select[ui.View](custom_id="history", options=options))
    view.add_item(ui.Button[ui.View](label="Next", emoji="➡️", custom_id="next"))
    async with connected(sandbox, client):
        await client.get_partial_messageable(sandbox.world.general.id).send("History", view=view)
        message = sandbox.messages(sandbox.world.general)[0]
        mateo = sandbox.person("Mateo")
        call = await mateo.choose(message, "7")
        assert (await call.answer()).type == 6
        await sandbox.wait_until(lambda: message.content == "history")
        with pytest.raises(ClientRefused):
            await mateo.choose(message, "99")
        await mateo.click(message, emoji="➡️")
        await sandbox.wait_until(lambda: message.content == "next")
    assert [entry["values"] for entry in seen if isinstance(entry, dict) and "values" in entry] == [["7"]]


async def test_menus_of_messages_and_people(sandbox: DiscordSandbox) -> None:
    client = new_client()
    tree = new_tree(client)

    @tree.context_menu(name="Quote")
    async def quote(interaction: Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"quoted {message.id}")

    @tree.context_menu(name="Greet")
    async def greet(interaction: Interaction, member: discord.Member) -> None:
        await interaction.response.send_message(f"hello {member.name}")

    assert {quote.name, greet.name} == {"Quote", "Greet"}
    async with connected(sandbox, client, tree):
        world = sandbox.world
        hanna = sandbox.person(world.owner)
        said = await sandbox.person(world.member).say(world.general, "what a fox")
        quoted = await (await hanna.context_menu("Quote", said, channel=world.general)).answer()
        greeted = await (await hanna.context_menu("Greet", world.guest, channel=world.general)).answer()
    assert quoted.message is not None
    assert greeted.message is not None
    assert (quoted.message.content, greeted.message.content) == (f"quoted {said.id}", "hello priya.writes")


async def test_sub_commands_and_every_type_of_option(sandbox: DiscordSandbox) -> None:
    client = new_client()
    tree = new_tree(client)
    group = app_commands.Group(name="set", description="Settings.")

    @group.command(name="all", description="All at once.")
    @app_commands.choices(speed=[app_commands.Choice(name="Fast", value="fast")])
    async def set_all(  # noqa: PLR0913, PLR0917 - one option of each type
        interaction: Interaction,
        speed: app_commands.Choice[str],
        count: app_commands.Range[int, 1, 4],
        loud: bool,  # noqa: FBT001 - an option of a command
        who: discord.Member,
        where: discord.TextChannel,
        file: discord.Attachment,
    ) -> None:
        text = f"{speed.value} {count} {loud} {who.id} {where.name} {(await file.read()).decode()}"
        await interaction.response.send_message(text)

    assert set_all.name == "all"
    tree.add_command(group)
    async with connected(sandbox, client, tree):
        world = sandbox.world
        values = {
            "speed": "fast",
            "count": 4,
            "loud": True,
            "who": world.guest,
            "where": world.gallery,
            "file": Upload("a.txt", b"bytes"),
        }
        mateo = sandbox.person(world.member)
        call = await mateo.slash("set all", values, channel=world.general)
        answer = await call.answer()
        for wrong in ({"speed": "warp"}, {"count": 5}, {"loud": "yes"}, {"extra": 1}):
            with pytest.raises(ClientRefused):
                await mateo.slash("set all", values | wrong, channel=world.general)
        with pytest.raises(ClientRefused):
            await mateo.slash("set", values, channel=world.general)
    assert answer.message is not None
    assert answer.message.content == f"fast 4 True {world.guest.id} gallery bytes"


async def test_a_command_in_a_direct_conversation(sandbox: DiscordSandbox) -> None:
    client = new_client()
    tree = new_tree(client)

    @tree.command(description="Greet.")
    async def hello(interaction: Interaction) -> None:
        await interaction.response.send_message(f"hello {interaction.user.name}, {interaction.guild_id}")

    assert hello.name == "hello"
    async with connected(sandbox, client, tree):
        world = sandbox.world
        call = await sandbox.person(world.guest).slash("hello", channel=world.dm(world.guest))
        answer = await call.answer()
        user = await client.fetch_user(world.guest.id)
        await user.send("a picture for you")
        sandbox.close_dms(world.guest)
        with pytest.raises(discord.Forbidden) as refused:
            await user.send("another")
    assert answer.message is not None
    assert answer.message.content == "hello priya.writes, None"
    assert refused.value.code == 50007
    assert [message.content for message in sandbox.messages(world.dm(world.guest))][-1] == "a picture for you"


async def test_components_v2_with_a_gallery(sandbox: DiscordSandbox) -> None:
    client = new_client()
    view = ui.LayoutView()
    gallery = ui.MediaGallery[ui.LayoutView]()
    gallery.add_item(media="attachment://fox.png", description="A fox.")
    view.add_item(
        ui.Container(ui.TextDisplay("# History"), gallery, ui.ActionRow(ui.Button(label="Open", custom_id="o")))
    )
    async with connected(sandbox, client):
        sent = await client.get_partial_messageable(sandbox.world.general.id).send(view=view, file=picture())
        message = sandbox.messages(sandbox.world.general)[0]
        with pytest.raises(discord.HTTPException) as refused:
            await sent.edit(content="classic text")
    assert message.text() == "# History"
    assert message.button("Open").custom_id == "o"
    assert refused.value.code == 50035
    container = sent.components[0]
    assert isinstance(container, discord.components.Container)
    shown = container.children[1]
    assert isinstance(shown, discord.components.MediaGalleryComponent)
    assert shown.items[0].media.url.startswith(sandbox.url)


async def test_a_bot_that_does_not_answer_in_time_fails_before_the_person(sandbox: DiscordSandbox) -> None:
    client = new_client()
    tree = new_tree(client)
    late: asyncio.Queue[int] = asyncio.Queue()

    @tree.command(description="Too slow.")
    async def slow(interaction: Interaction) -> None:
        sandbox.advance(2.5)
        try:
            await interaction.response.send_message("sorry")
        except discord.NotFound as error:
            late.put_nowait(error.code)

    assert slow.name == "slow"
    async with connected(sandbox, client, tree):
        call = await sandbox.person(sandbox.world.member).slash("slow", channel=sandbox.world.general)
        with pytest.raises(InteractionFailed, match="This interaction failed"):
            await call.answer()
        assert await late.get() == 10062
    assert sandbox.messages(sandbox.world.general) == []


async def test_a_replayed_interaction_arrives_again_and_cannot_be_answered_again(sandbox: DiscordSandbox) -> None:
    client = new_client()
    codes: asyncio.Queue[int] = asyncio.Queue()

    @client.event
    async def on_interaction(interaction: Interaction) -> None:
        try:
            await interaction.response.send_message("once")
        except discord.HTTPException as error:
            codes.put_nowait(error.code)

    assert on_interaction.__name__ == "on_interaction"
    tree = new_tree(client)

    @tree.command(description="Once.")
    async def once(interaction: Interaction) -> None:
        assert interaction.command is not None

    assert once.name == "once"
    async with connected(sandbox, client, tree):
        call = await sandbox.person(sandbox.world.member).slash("once", channel=sandbox.world.general)
        await call.answer()
        sandbox.replay(call)
        assert await codes.get() == 40060
    assert len(sandbox.messages(sandbox.world.general)) == 1


async def test_the_bot_finds_its_own_messages_in_the_history(sandbox: DiscordSandbox) -> None:
    client = new_client()
    async with connected(sandbox, client):
        world = sandbox.world
        await sandbox.person(world.member).say(world.general, "secret talk")
        channel = client.get_partial_messageable(world.general.id)
        view = ui.View(timeout=None)
        view.add_item(ui.Button[ui.View](label="Details", custom_id="mj1:01JOB:0"))
        for number in range(3):
            await channel.send(f"picture {number}", view=view)
        found = [message async for message in channel.history(limit=10)]
        after = [message.content async for message in channel.history(limit=2, after=found[2])]
    assert [message.content for message in found] == ["picture 2", "picture 1", "picture 0", ""]
    assert after == ["picture 1", "picture 2"]
    component = found[0].components[0]
    assert isinstance(component, discord.ActionRow)
    assert isinstance(component.children[0], discord.Button)
    assert component.children[0].custom_id == "mj1:01JOB:0"
