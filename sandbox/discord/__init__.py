"""A wire-level Discord on loopback: REST, gateway and CDN, as much as discord.py and this bot use, with real refusals.

    async with DiscordSandbox(DiscordOptions()) as discord:
        ...  # start a bot with discord.token against discord.api_url
        call = await discord.person(discord.world.member).slash("imagine", {"prompt": "a fox"}, channel=...)

Shares no code with the bot, and imports neither it nor discord.py.
"""

from .calls import Answer, Call, Choice, Field, Modal
from .cdn import Attachment
from .changes import Changes
from .faults import DiscordFault, FaultBoard
from .limits import Counters
from .messages import Button, Message, Select, SelectOption
from .options import DiscordOptions
from .people import Person
from .permissions import Permission
from .refusals import ClientRefused, InteractionFailed
from .sandbox import DiscordSandbox
from .uploads import Upload
from .world import Channel, Guild, Role, User, World

__all__ = [
    "Answer",
    "Attachment",
    "Button",
    "Call",
    "Changes",
    "Channel",
    "Choice",
    "ClientRefused",
    "Counters",
    "DiscordFault",
    "DiscordOptions",
    "DiscordSandbox",
    "FaultBoard",
    "Field",
    "Guild",
    "InteractionFailed",
    "Message",
    "Modal",
    "Permission",
    "Person",
    "Role",
    "Select",
    "SelectOption",
    "Upload",
    "User",
    "World",
]
