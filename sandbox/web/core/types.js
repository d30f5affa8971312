/* oxlint-disable unicorn/require-module-specifiers -- types live in comments; the empty export makes this a module */
/**
 * The shapes that the server sends (the protocol is written down in `sandbox/page/__init__.py`). Types only, no code.
 *
 * @typedef {{id: string, username: string, display_name: string, note?: string}} Person
 *
 * @typedef {object} Channel
 * @property {string} id
 * @property {string} name
 * @property {string|null} guild_id
 * @property {"text"|"thread"|"dm"|"private"|"group"} kind  dm: with the bot; private, group: of people without it
 * @property {string[]} parties         ids of who talks here, outside of a server
 * @property {string|null} parent_id
 * @property {string|null} topic
 * @property {boolean} nsfw
 * @property {boolean} archived
 * @property {string|null} note
 * @property {boolean} away             the bot is not here; who has installed it can use it all the same
 * @property {string[]} denied          permissions taken from the bot here
 * @property {Record<string, Right[]>} access  by person id
 *
 * @typedef {"view"|"send"|"attach"|"commands"|"manage"} Right
 *
 * @typedef {{id: string, name: string, roles: {id: string, name: string}[], channels: Channel[]}} Guild
 *
 * @typedef {object} World
 * @property {string} run               changes when the sandbox was restarted
 * @property {string} me
 * @property {string} start
 * @property {{id: string, display_name: string}} bot
 * @property {Person[]} people
 * @property {Guild[]} guilds
 * @property {Record<string, Channel>} dms  by person: theirs with the bot
 * @property {Channel[]} conversations  of people without the bot
 *
 * @typedef {object} Attachment
 * @property {string} id
 * @property {string} filename
 * @property {number} size              bytes
 * @property {string} url
 * @property {string} [content_type]
 * @property {string} [description]     the alt text
 * @property {number} [width]
 * @property {number} [height]
 * @property {number} [flags]           32: spoiler
 *
 * @typedef {object} Message            as on Discord's wire, and two fields more
 * @property {string} id
 * @property {string} channel_id
 * @property {number} type              19 and 20, 23: reply, answer to a command
 * @property {{id: string, username: string, global_name?: string, bot?: boolean}} author
 * @property {string} content
 * @property {string} timestamp         ISO 8601
 * @property {string|null} edited_timestamp
 * @property {number} flags             64 ephemeral, 128 thinking, 32768 Components V2
 * @property {Attachment[]} attachments
 * @property {any[]} embeds
 * @property {any[]} components
 * @property {{emoji: {name: string}, count: number, me: boolean, user_ids?: string[]}[]} [reactions]
 * @property {{message_id?: string, channel_id?: string}} [message_reference]
 * @property {Message|null} [referenced_message]
 * @property {{name?: string, name_localizations?: Record<string, string>, user: any}} [interaction_metadata]
 * @property {string|null} ephemeral_to  the person who alone sees it
 * @property {string[]} pings            ids of the people it pings
 *
 * @typedef {object} Command            as registered
 * @property {string} id
 * @property {1|2|3} type               slash, on a person, on a message
 * @property {string} name
 * @property {string} description
 * @property {Record<string, string>|null} name_localizations
 * @property {Record<string, string>|null} description_localizations
 * @property {Option[]} [options]
 *
 * @typedef {object} Option
 * @property {number} type              1 sub-command, 2 group, 3 text, 4 whole number, 5 truth value, 6 person,
 *                                      7 channel, 8 role, 9 person or role, 10 number, 11 attachment
 * @property {string} name
 * @property {string} description
 * @property {Record<string, string>|null} name_localizations
 * @property {Record<string, string>|null} description_localizations
 * @property {boolean} [required]
 * @property {boolean} [autocomplete]
 * @property {{name: string, name_localizations: Record<string, string>|null, value: string|number}[]} [choices]
 * @property {number} [min_value]
 * @property {number} [max_value]
 * @property {number} [min_length]
 * @property {number} [max_length]
 * @property {number[]} [channel_types]
 * @property {Option[]} [options]       of a sub-command
 *
 * @typedef {{title: string, custom_id: string, components: any[]}} Modal
 *
 * @typedef {object} Pending            something a person did that the bot has not answered yet
 * @property {string|null} id           interaction_id, once the server has told it
 * @property {"slash"|"menu"|"click"|"choose"|"modal"} verb
 * @property {string} personId
 * @property {string} channelId
 * @property {string} label             such as "/imagine", or the face of a button
 * @property {string|null} messageId
 * @property {string|null} customId
 * @property {string|null} opener       of a modal's submit: the interaction that opened it
 *
 * @typedef {{id: string, channelId: string, personId: string, messageId: string|null, title: string, text: string}} Notice
 *   what a client says by itself, such as "This interaction failed"; with a messageId it belongs under that message
 *
 * @typedef {{online: boolean, state: "running"|"starting"|"stopped"|"killed", pid: number|null,
 *   exit_code: number|null, starts: number, trouble?: string|null}} BotState   trouble: why it did not come up
 */

export {};
