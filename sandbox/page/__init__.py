"""The chat page: serves `sandbox/web` and speaks with it, so that a person can use the bot in a browser.

Stands above `sandbox.discord` and `sandbox.comet`, and imports nothing of the bot. It does what it is asked, so only
its own page may ask: `Host` has to be the name that it listens by, and `Origin`, of what changes anything, its own.

`/` and what lies below it are the page's own files. `/attachments/…`, `/ephemeral-attachments/…` and
`/avatars/{user id}.png` are the local Discord's, and `/media/…` fetches pictures of the local API. Every address of
something to show in a message leads to one of these and is relative; one that leads out of the sandbox stays absolute,
and is not for showing. Links stay what they are.

One WebSocket at `/live` carries JSON both ways. The page asks, `{"ask": 7, "verb": "history", …}`, and is answered
`{"answer": 7, "ok": {…}}`, or `{"answer": 7, "refused": "One plain sentence."}`. Ids are text, as on Discord's wire.
Answers come in any order: each when it is there. What is no ask at all, or larger than 256 KiB, ends the line; so does
a page that does not read what it is told.

Verbs of a person at their client. All name who they are with `person_id`:

============  ===============================================  =====================================================
verb          fields                                           answer
============  ===============================================  =====================================================
hello         locale (no person_id)                            the world, the catalog, the panel, the bot, the log
language      locale (no person_id)                            nothing
history       channel_id, before (or null), limit (to 100)     messages (oldest first, no ephemeral ones), more
commands      channel_id                                       commands: those this person may use there, of all types
autocomplete  channel_id, name, option, typed, options         choices: name and value of each
slash         channel_id, name, options                        interaction_id
menu          name, message_id, or user_id with a channel_id   interaction_id
click         message_id, custom_id                            interaction_id
choose        message_id, custom_id, values                    interaction_id
modal         interaction_id (that opened it), values          interaction_id
say           channel_id, content, files, reply_to             message_id
delete        message_id (own, moderated or ephemeral)         nothing
react         message_id, emoji, on                            nothing
============  ===============================================  =====================================================

The locale of `hello` and of `language` becomes that of all people and all servers, and every interaction carries it.
`messages` and `commands` are as on Discord's wire; messages have the two fields more that are named below, and in their
`interaction_metadata` the `name_localizations` of the command that was used, as it is registered now.

`name` of a slash command goes on with sub-commands: `settings speed`. `options` is an object: text, number or truth
value by option name, an id for people, channels and roles, a `file_id` for attachments; null is as good as nothing. An
autocompletion takes along those that fit already, but no files.

`values` of a modal is an object by custom_id: text for text inputs and radio groups, a list for selects, checkbox
groups and file uploads (of `file_id`), a truth value for a checkbox. What is not named stays as the bot filled it in;
null is nothing chosen.

Files are sent first: `POST /files?name=cat.png`, with the bytes as body, answers `{"file_id": …}`, or 413 and
`{"refused": "One plain sentence."}`. They wait for 15 minutes, and are gone once something that used them was sent.

Verbs of the panel, without `person_id`; each answers nothing and shows in the next `panel` event:

=============  ==================================================  ==================================================
verb           fields                                              what it does
=============  ==================================================  ==================================================
fault          name, times (null: until off), seconds              switches a fault of the API on
fault_off      name (null: all)                                    and off
discord_fault  name, route (null: any), times, seconds, status     arms a fault of Discord
discord_calm   (none)                                              disarms all of them
permission     channel_id, name, allowed                           gives the bot a permission, or takes it
speed          rate (0 stands still, 1 is the usual pace)          how fast the simulated jobs go
finish, fail   task_id, reason                                     ends a task now
disconnect     (none)                                              cuts the gateway's line
pass_time      seconds                                             lets Discord's clock jump: tokens grow old
bot            how: restart, kill, stop, start                     `restart` is kill -9, then a new process
=============  ==================================================  ==================================================

Events, pushed to every page as `{"event": …}`; the page itself decides what its person may see. Autocompletions push
nothing, they are only answered:

==================  =================================================================================================
event               fields
==================  =================================================================================================
message             message: new, or changed, or reacted to. As on Discord's wire, with `user_ids` in each reaction,
                    `ephemeral_to` (who alone sees it, or null) and `pings` (ids of those it pings)
message_gone        channel_id, message_id
answered            interaction_id, user_id, callback (Discord's type), modal (title, custom_id, components) if any
failed              interaction_id, user_id, channel_id, text
typing              channel_id
world               world: as in hello, after a channel, a permission, or who has the bot changed
commands            (none): ask again
bot                 bot: online, state (running, starting, stopped, killed), pid, exit_code, starts, trouble (a
                    sentence if it did not come up, or null)
panel               panel, at most twice a second
log                 lines: what the bot wrote since
==================  =================================================================================================

A public message that refers to an ephemeral one has null as its `referenced_message`.

The world: `run` (another one: the sandbox was restarted), `me` (who to begin as), `start` (channel to begin in), `bot`
(id, display_name), `people` (id, username, display_name, note), `guilds` (id, name, roles (id, name), channels), `dms`
(person id to channel: theirs with the bot), `conversations` (channels: of people without the bot). A channel: id, name,
guild_id, kind (text, thread, dm, private, group), parties (ids of who talks there, outside of a server), parent_id,
topic, nsfw, archived, note (null, or such as "Easel may not post here"), away (the bot is not there: who has installed
it for themselves can use it all the same), denied (permissions taken from the bot), access: by person id a list of
view, send, attach, commands, manage; who is not in it does not see the channel.

The catalog: what the panel can switch, with words for people. `faults`: name, group, title, text, timed (seconds mean
something), times (usual number, null: until off). `discord_faults`: name, title, text, timed. `routes`: route, title.
`permissions`: name, title. `rates`: least, most.

The panel: `tasks` (the newest 100, newest first: id, action, prompt, status, progress (0-100 or null), speed, job (the
submit's `state`), reason, age_seconds, charged_usd, refunded_usd, message (channel_id, message_id) or null),
`spent_usd`, `refunded_usd`, `charges`, `requests` (name to number), `rate`, `faults` (name, left: null is until off),
`discord_faults` (name, route, left).
"""

from sandbox.page.server import PageOptions, PageServer

__all__ = ["PageOptions", "PageServer"]
