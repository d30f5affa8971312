"""Where somebody may be who has the bot for themselves, and what people do there: commands, presses, choices, forms."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sandbox.discord.messages import LOADING
from tests.discord.conftest import eventually
from tests.discord.given import picture
from tests.fakes import GRID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Action, DeliveryStatus
    from sandbox.discord import Call, Channel, Message, Modal
    from sandbox.discord.people import Person
    from sandbox.discord.picking import OptionValue
    from tests.discord.conftest import Bot

#: Servers that the bot is not in, where answers are for all or for one person alone; conversations between people.
ABSENT: Final = ("far_channel", "hushed", "private", "group")
#: And the conversation with the bot.
PLACES: Final = ("dm", *ABSENT)

POST: Final = "POST /channels/{channel_id}/messages"

_STRING, _INTEGER, _ATTACHMENT = 3, 4, 11
_SUBCOMMAND, _GROUP = 1, 2


def place(bot: Bot, name: str) -> Channel:
    """Return one of these places, as the member has it."""
    world = bot.discord.world
    return world.dm(world.member) if name == "dm" else getattr(world, name)


def member(bot: Bot) -> Person:
    """Return the member at their client: they have the bot for themselves."""
    return bot.discord.person(bot.discord.world.member)


def posts(bot: Bot) -> int:
    """Return how often the bot asked a channel to take a message."""
    return bot.discord.counters.requests.get(POST, 0)


async def ask(bot: Bot, channel: Channel, prompt: str = "a fox") -> Call:
    """Have the member type `/imagine` there, and return the interaction once it is answered."""
    call = await member(bot).slash("imagine", {"prompt": prompt}, channel=channel)
    await call.answer()
    return call


async def result(bot: Bot, channel: Channel, actions: Sequence[Action] = GRID) -> Message:
    """Have the member ask there, let Midjourney finish, and return the message with the picture and these buttons."""
    count = len(bot.api.charges) + 1
    call = await ask(bot, channel)
    finish(bot, await bot.submitted(count), actions)
    return await arrived(bot, call)


def finish(bot: Bot, task_id: str, actions: Sequence[Action] = GRID) -> None:
    """End a task well, in one step that nobody can look into."""
    bot.api.finish(task_id)
    bot.api.tasks[task_id] = replace(bot.api.tasks[task_id], actions=tuple(actions))


async def until_delivery(bot: Bot, job_id: str, status: DeliveryStatus) -> None:
    """Wait until a job's delivery has come so far."""

    async def reached() -> bool:
        return (await bot.job(job_id)).delivery.status is status

    await eventually(reached)


async def arrived(bot: Bot, call: Call) -> Message:
    """Return the message with the picture that an interaction made: a new one with the bot there, else the answer."""
    if bot.discord.world.bot_at(call.channel):
        return await bot.discord.wait_message(lambda m: m.channel is call.channel and m.id > call.id and is_shown(m))
    await bot.discord.wait_until(lambda: call.message is not None and is_shown(call.message))
    assert call.message is not None
    return call.message


def is_shown(message: Message) -> bool:
    """Tell whether a message shows a picture."""
    return bool(message.attachments)


async def told(call: Call) -> Message | Modal:
    """Return what an interaction came to: a form, or a message that says something and waits no more."""
    answer = await call.answer()
    if answer.modal is not None:
        return answer.modal
    await call.changes.until(lambda: call.message is not None and is_settled(call.message), 5, f"words for {call!r}")
    assert call.message is not None
    return call.message


def is_settled(message: Message) -> bool:
    """Tell whether a message says something."""
    return not message.flags & LOADING and bool(message.text() or message.attachments)


def slash_commands(bot: Bot, channel: Channel) -> dict[str, list[dict[str, Any]]]:
    """Return the slash commands that the member is offered there, sub-commands one by one, with their options."""
    found: dict[str, list[dict[str, Any]]] = {}
    for command in member(bot).commands(channel):
        if command.get("type", 1) == 1:
            _spread(found, command["name"], command.get("options") or [])
    return found


def _spread(found: dict[str, list[dict[str, Any]]], name: str, options: list[dict[str, Any]]) -> None:
    deeper = [option for option in options if option["type"] in (_SUBCOMMAND, _GROUP)]
    for option in deeper:
        _spread(found, f"{name} {option['name']}", option.get("options") or [])
    if not deeper:
        found[name] = options


def filled(options: list[dict[str, Any]], **known: OptionValue) -> dict[str, OptionValue]:
    """Return something for each option that is required: what is known by its name, else whatever fits its type."""
    values: dict[str, OptionValue] = {}
    for option in options:
        if not option.get("required"):
            continue
        name, choices = option["name"], option.get("choices")
        if name in known:
            values[name] = known[name]
        elif option["type"] == _ATTACHMENT:
            values[name] = picture(name=f"{name}.png")
        elif choices:
            values[name] = choices[0]["value"]
        else:
            values[name] = 1 if option["type"] == _INTEGER else "a long cat"
    return values
