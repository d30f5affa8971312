"""What a person does at their client: each verb of the page, done through `sandbox.discord`'s people.

Looks first whether the person could: ids come from the page, which may be behind by a moment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from sandbox.discord.permissions import Permission
from sandbox.page.choices import OptionReader, as_uploads, limit_of, options_of
from sandbox.page.fillings import read_form

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sandbox.discord import Channel, DiscordSandbox, Message, Person, User
    from sandbox.page.asks import Ask, Json
    from sandbox.page.posts import Posts
    from sandbox.page.uploads import PickedFiles

    Verb = Callable[[Ask], Awaitable[Json]]

_MOST_CONTENT = 2000
_MOST_FILES = 10
_PAGE, _MOST_ON_PAGE = 50, 100


@final
class Acts:
    """Does what the page's people do."""

    def __init__(self, discord: DiscordSandbox, files: PickedFiles, posts: Posts) -> None:
        self._discord = discord
        self._files = files
        self._posts = posts

    def verbs(self) -> dict[str, Verb]:
        """Return everything a person can do, by the name of its verb."""
        return {
            "history": self._history,
            "commands": self._commands,
            "autocomplete": self._autocomplete,
            "slash": self._slash,
            "menu": self._menu,
            "click": self._click,
            "choose": self._choose,
            "modal": self._modal,
            "say": self._say,
            "delete": self._delete,
            "react": self._react,
        }

    async def _history(self, ask: Ask) -> Json:
        channel = self._channel(ask, self._person(ask))
        limit = ask.whole("limit", 1, _MOST_ON_PAGE, _PAGE)
        return self._posts.history(channel, ask.maybe_id("before"), limit)

    async def _commands(self, ask: Ask) -> Json:
        person = self._person(ask)
        return {"commands": person.commands(self._channel(ask, person))}

    async def _autocomplete(self, ask: Ask) -> Json:
        person = self._person(ask)
        channel, name = self._channel(ask, person), ask.word("name")
        reader = OptionReader(self._discord, self._files, channel)
        options = reader.read_partly(options_of(person, name, channel), ask.object("options"))
        choices = await person.autocomplete(name, ask.word("option"), ask.text("typed"), options, channel=channel)
        return {"choices": [{"name": choice.name, "value": choice.value} for choice in choices]}

    async def _slash(self, ask: Ask) -> Json:
        person = self._person(ask)
        channel, name = self._channel(ask, person), ask.word("name")
        reader = OptionReader(self._discord, self._files, channel)
        known = options_of(person, name, channel)
        values = reader.read(known, ask.object("options"))
        call = await person.slash(name, values, channel=channel)
        self._files.forget(reader.used)
        return {"interaction_id": str(call.id)}

    async def _menu(self, ask: Ask) -> Json:
        person, user_id = self._person(ask), ask.maybe_id("user_id")
        if user_id is None:
            message = self._message(ask, person)
            call = await person.context_menu(ask.word("name"), message, channel=message.channel)
        else:
            user, channel = self._user(user_id), self._channel(ask, person)
            call = await person.context_menu(ask.word("name"), user, channel=channel)
        return {"interaction_id": str(call.id)}

    async def _click(self, ask: Ask) -> Json:
        person = self._person(ask)
        call = await person.click(self._message(ask, person), custom_id=ask.word("custom_id"))
        return {"interaction_id": str(call.id)}

    async def _choose(self, ask: Ask) -> Json:
        person = self._person(ask)
        message, values = self._message(ask, person), ask.texts("values")
        call = await person.choose(message, values, ask.word("custom_id"))
        return {"interaction_id": str(call.id)}

    async def _modal(self, ask: Ask) -> Json:
        person, opener = self._person(ask), ask.id("interaction_id")
        found = next((call for call in self._discord.calls if call.id == opener), None)
        modal = found.first.modal if found and found.first else None
        if found is None or modal is None or found.user is not person.user:
            raise LookupError("This form is not open any more.")
        filled = read_form(modal, ask.object("values"), self._files, limit_of(self._discord, found.channel))
        call = await person.submit_modal(modal, filled.values)
        self._files.forget(filled.used)
        return {"interaction_id": str(call.id)}

    async def _say(self, ask: Ask) -> Json:
        person = self._person(ask)
        channel, content, file_ids = self._channel(ask, person), ask.text("content").strip(), ask.texts("files")
        if not content and not file_ids:
            raise ValueError("Write something first.")
        if len(content) > _MOST_CONTENT:
            raise ValueError(f"This is too long: {len(content)} characters, and {_MOST_CONTENT} fit.")
        if len(file_ids) > _MOST_FILES:
            raise ValueError(f"At most {_MOST_FILES} files fit into a message.")
        if file_ids and not person.rights(channel) & Permission.ATTACH_FILES:
            raise ValueError("You may not attach files here.")
        replied = self._message(ask, person, "reply_to") if ask.maybe_id("reply_to") is not None else None
        files = as_uploads(self._files, file_ids, limit_of(self._discord, channel))
        message = await person.say(channel, content, files=files, reply_to=replied)
        self._files.forget(file_ids)
        return {"message_id": str(message.id)}

    async def _delete(self, ask: Ask) -> Json:
        person = self._person(ask)
        await person.delete(self._message(ask, person))
        return {}

    async def _react(self, ask: Ask) -> Json:
        person = self._person(ask)
        await person.react(self._message(ask, person), ask.word("emoji"), on=ask.flag("on"))
        return {}

    def _user(self, user_id: int) -> User:
        found = self._discord.world.users.get(user_id)
        if found is None:
            raise LookupError("There is no such person.")
        return found

    def _person(self, ask: Ask) -> Person:
        user = self._user(ask.id("person_id"))
        if user.bot:
            raise LookupError(f"Nobody can be {user.display_name}: that is the bot.")
        return self._discord.person(user)

    def _channel(self, ask: Ask, person: Person) -> Channel:
        found = self._discord.world.find_channel(ask.id("channel_id"))
        if found is None or not person.rights(found) & Permission.VIEW_CHANNEL:
            raise LookupError("You do not see this channel any more.")
        return found

    def _message(self, ask: Ask, person: Person, field: str = "message_id") -> Message:
        found = self._discord.message(ask.id(field))
        if found is None or not found.seen_by(person.user) or found.channel.deleted:
            raise LookupError("This message is not there any more.")
        if not person.rights(found.channel) & Permission.VIEW_CHANNEL:
            raise LookupError("You do not see this channel any more.")
        return found
