"""The application over REST: who the bot is, its commands, its guilds, the gateway's address, fresh file addresses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, final

from .answers import answer, nothing
from .fields import Form, as_id, as_list
from .refusals import invalid_form, invalid_json, missing_access, unknown_guild, unknown_member, unknown_user
from .uploads import decode
from .wire import application_json, channel_json, guild_json, member_json, own_guild_json, user_json

if TYPE_CHECKING:
    from aiohttp import web

    from .answers import Route
    from .refusals import Json
    from .state import State
    from .world import Guild

GLOBAL = "/applications/{application_id}/commands"
GUILD = "/applications/{application_id}/guilds/{guild_id}/commands"


@final
class ApplicationRoutes:
    """The handlers, on one state."""

    def __init__(self, state: State) -> None:
        self._state = state

    def table(self) -> list[Route]:
        """Return what is served here."""
        routes: list[Route] = [
            ("GET", "/gateway", self.gateway),
            ("GET", "/gateway/bot", self.gateway_bot),
            ("GET", "/users/@me", self.me),
            ("GET", "/users/@me/guilds", self.own_guilds),
            ("GET", "/users/{user_id}", self.user),
            ("GET", "/oauth2/applications/@me", self.application),
            ("GET", "/applications/@me", self.application),
            ("GET", "/guilds/{guild_id}", self.guild),
            ("GET", "/guilds/{guild_id}/channels", self.channels),
            ("GET", "/guilds/{guild_id}/members/{user_id}", self.member),
            ("POST", "/attachments/refresh-urls", self.refresh_urls),
        ]
        for base in (GLOBAL, GUILD):
            routes += [
                ("GET", base, self.commands),
                ("PUT", base, self.replace_commands),
                ("POST", base, self.create_command),
                ("GET", f"{base}/{{command_id}}", self.command),
                ("PATCH", f"{base}/{{command_id}}", self.edit_command),
                ("DELETE", f"{base}/{{command_id}}", self.delete_command),
            ]
        return routes

    async def gateway(self, _: web.Request) -> web.Response:
        """Get the gateway's address."""
        return answer({"url": self._state.gateway_url})

    async def gateway_bot(self, _: web.Request) -> web.Response:
        """Get the gateway's address with what is left of the day's IDENTIFYs."""
        total = self._state.options.identify_limit
        left = self._state.identifies_left()
        again = int(self._state.identifies_again_in() * 1000)
        limit = {"total": total, "remaining": left, "reset_after": again, "max_concurrency": 1}
        return answer({"url": self._state.gateway_url, "shards": 1, "session_start_limit": limit})

    async def me(self, _: web.Request) -> web.Response:
        """Get the bot's own user."""
        return answer(user_json(self._state.world.bot) | {"verified": True, "mfa_enabled": True, "locale": "en-US"})

    async def own_guilds(self, request: web.Request) -> web.Response:
        """List the guilds that the bot is in, by their ids, a page of them."""
        query, world = request.query, self._state.world
        form = Form({"limit": int(query["limit"]) if query.get("limit", "").isdecimal() else None})
        limit = form.whole("limit", 1, 200, 200)
        form.check()
        before, after = as_id(query.get("before")), as_id(query.get("after"))
        guilds = sorted((guild for guild in world.guilds.values() if world.bot_in(guild)), key=lambda guild: guild.id)
        if before is not None:
            guilds = [guild for guild in guilds if guild.id < before][-limit:]
        if after is not None:
            guilds = [guild for guild in guilds if guild.id > after]
        return answer([own_guild_json(guild, world.bot) for guild in guilds[:limit]])

    async def user(self, request: web.Request) -> web.Response:
        """Get any user."""
        user = self._state.world.users.get(as_id(request.match_info["user_id"]) or 0)
        if user is None:
            raise unknown_user()
        return answer(user_json(user))

    async def application(self, _: web.Request) -> web.Response:
        """Get the application."""
        return answer(application_json(self._state.world))

    async def guild(self, request: web.Request) -> web.Response:
        """Get a guild that the bot is in."""
        return answer(guild_json(self._guild(request), self._state.world.bot))

    async def channels(self, request: web.Request) -> web.Response:
        """Get the channels of a guild."""
        channels = self._guild(request).channels.values()
        return answer([channel_json(channel) for channel in channels if not channel.deleted and not channel.is_thread])

    async def member(self, request: web.Request) -> web.Response:
        """Get a member of a guild."""
        member = self._guild(request).members.get(as_id(request.match_info["user_id"]) or 0)
        if member is None:
            raise unknown_member()
        return answer(member_json(member))

    def _guild(self, request: web.Request) -> Guild:
        guild = self._state.world.guilds.get(as_id(request.match_info["guild_id"]) or 0)
        if guild is None or not self._state.world.bot_in(guild):
            raise unknown_guild()
        return guild

    async def refresh_urls(self, request: web.Request) -> web.Response:
        """Sign attachment addresses anew."""
        urls = [str(url) for url in as_list(decode(await request.read()).get("attachment_urls"))]
        if not 1 <= len(urls) <= 50:  # noqa: PLR2004 - the endpoint's limit
            error = {"code": "BASE_TYPE_BAD_LENGTH", "message": "Must be between 1 and 50 in length."}
            raise invalid_form({"attachment_urls": {"_errors": [error]}})
        refreshed = [{"original": url, "refreshed": self._state.cdn.refresh(url)} for url in urls]
        return answer({"refreshed_urls": refreshed})

    def _place(self, request: web.Request) -> int | None:
        if as_id(request.match_info["application_id"]) != self._state.world.application_id:
            raise missing_access()
        guild_id = request.match_info.get("guild_id")
        if guild_id is None:
            return None
        guild = self._state.world.guilds.get(as_id(guild_id) or 0)
        if guild is None or not self._state.world.bot_in(guild):
            raise missing_access()
        return guild.id

    def _changed(self, place: int | None) -> None:
        names = [str(command["name"]) for command in self._state.commands.of(place)]
        guild_id = None if place is None else str(place)
        self._state.changes.publish({"type": "commands", "guild_id": guild_id, "names": names})

    async def commands(self, request: web.Request) -> web.Response:
        """List commands; languages only if asked for."""
        commands = self._state.commands.of(self._place(request))
        if request.query.get("with_localizations", "").lower() in ("true", "1"):
            return answer(commands)
        return answer([_without_languages(command) for command in commands])

    async def replace_commands(self, request: web.Request) -> web.Response:
        """Replace all commands of a place."""
        place = self._place(request)
        try:
            bodies: object = json.loads(await request.read())
        except ValueError:
            raise invalid_json() from None
        if not isinstance(bodies, list):
            raise invalid_form()
        kept = self._state.commands.replace(place, as_list(bodies))  # pyright: ignore[reportUnknownArgumentType]
        self._changed(place)
        return answer(kept)

    async def create_command(self, request: web.Request) -> web.Response:
        """Add or replace one command."""
        place = self._place(request)
        command, new = self._state.commands.upsert(place, decode(await request.read()))
        self._changed(place)
        return answer(command, 201 if new else 200)

    async def command(self, request: web.Request) -> web.Response:
        """Get one command."""
        return answer(self._state.commands.find(self._place(request), _command_id(request)))

    async def edit_command(self, request: web.Request) -> web.Response:
        """Change one command."""
        place = self._place(request)
        command = self._state.commands.edit(place, _command_id(request), decode(await request.read()))
        self._changed(place)
        return answer(command)

    async def delete_command(self, request: web.Request) -> web.Response:
        """Take one command away."""
        place = self._place(request)
        self._state.commands.remove(place, _command_id(request))
        self._changed(place)
        return nothing()


def _command_id(request: web.Request) -> int:
    return as_id(request.match_info["command_id"]) or 0


def _without_languages(command: Json) -> Json:
    return {key: value for key, value in command.items() if not key.endswith("_localizations")}
