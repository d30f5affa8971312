"""Discord's markdown, as the page draws it: what is markup, what stays text, and that nothing written can run.

The page's own module draws; the world in which it finds names is this file's.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Final, cast

import pytest
from playwright.async_api import expect

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.browser.ground import Visit

pytestmark = pytest.mark.asyncio(loop_scope="package")  # as the browser's fixture

ALL: Final = ["view", "send", "attach", "commands", "manage"]


def channel(key: str, name: str, *seen_by: str) -> dict[str, object]:
    return {"id": key, "name": name, "guild_id": "5", "kind": "text", "access": dict.fromkeys(seen_by, ALL)}


WORLD: Final = {
    "run": "1",
    "me": "11",
    "start": "100",
    "bot": {"id": "99", "display_name": "Easel"},
    "people": [
        {"id": "11", "username": "mateo", "display_name": "Mateo"},
        {"id": "12", "username": "ann", "display_name": "Ann <b>"},
    ],
    "guilds": [
        {
            "id": "5",
            "name": "Studio",
            "roles": [{"id": "71", "name": "Artists"}],
            "channels": [channel("100", "general", "11", "12"), channel("103", "secret", "12")],
        }
    ],
    "dms": {},
    "conversations": [],
}

DRAW: Final = """async ({ sources, world, options }) => {
  const [{ markdown }, { Store }] = await Promise.all([import("/message/markdown.js"), import("/core/store.js")]);
  const store = Object.assign(new Store(), { world, meId: world.me, placeId: world.start });
  return sources.map((source) => {
    const box = document.createElement("div");
    box.append(markdown(store, source, options));
    return box.innerHTML;
  });
}"""

SHOW: Final = """async ({ source, world, scope }) => {
  const [{ markdown }, { Store }] = await Promise.all([import("/message/markdown.js"), import("/core/store.js")]);
  const store = Object.assign(new Store(), { world, meId: world.me, placeId: world.start });
  document.getElementById("drawn")?.remove();
  const box = document.createElement("dialog");
  box.id = "drawn";
  box.append(markdown(store, source, { scope }));
  document.body.append(box);
  box.showModal();
}"""

PLAIN: Final = """async ({ sources, world }) => {
  const [{ plainText }, { Store }] = await Promise.all([import("/message/markdown.js"), import("/core/store.js")]);
  const store = Object.assign(new Store(), { world, meId: world.me, placeId: world.start });
  return sources.map((source) => plainText(store, source));
}"""


def link(url: str, inside: str | None = None, title: str | None = None) -> str:
    shown = escape(url, quote=False) if inside is None else inside
    leads = f'href="{escape(url)}" target="_blank" rel="noopener noreferrer"'
    return f'<a {leads} title="{escape(title or url)}">{shown}</a>'


def person(key: str, name: str, extra: str = "") -> str:
    return f'<button type="button" class="mention{extra}" data-person-id="{key}">@{name}</button>'


def heading(level: int, inside: str) -> str:
    return f'<div class="heading is-{level}" role="heading" aria-level="{level + 2}">{inside}</div>'


MARKS: Final = {
    "plain": "plain",
    "**a**": "<strong>a</strong>",
    "*a* _b_": "<em>a</em> <em>b</em>",
    "__a__": "<u>a</u>",
    "~~a~~": "<s>a</s>",
    "***a***": "<strong><em>a</em></strong>",
    "__**a**__": "<u><strong>a</strong></u>",
    "*a **b** c*": "<em>a <strong>b</strong> c</em>",
    "**a *b***": "<strong>a <em>b</em></strong>",
    "`**a**`": "<code>**a**</code>",
    "``a`b``": "<code>a`b</code>",
    "a\nb": "a<br>b",
    "a\n\nb  c": "a<br><br>b  c",
    r"\*a\*": "*a*",
    r"\\": "\\",
    r"\a": r"\a",
}
TEXT: Final = (
    "snake_case_name",
    "2 * 3 * 4",
    "**a",
    "a**",
    "****",
    "||||",
    "`a",
    "```a",
    "[a](",
    "[a](b)",
    "||a",
    "<@1",
    "<:a:1",
    "2 < 3 > 1",
    "@everybody",
    "#nothing",
    "#### Four",
    ">a",
    "-a",
    "1.a",
    "<t:99999999999999999>",
    "<t:0:x>",
)
BLOCKS: Final = {
    "# One\n## Two\n### Three": heading(1, "One") + heading(2, "Two") + heading(3, "Three"),
    "-# small": '<div class="subtext">small</div>',
    "> a\n> **b**\nc": "<blockquote>a<br><strong>b</strong></blockquote>c",
    "a\n>>> b\n\nc": "a<blockquote>b<br><br>c</blockquote>",
    "> - a": "<blockquote><ul><li>a</li></ul></blockquote>",
    "- a\n  - b\n    - c\n- d": "<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li><li>d</li></ul>",
    "3. a\n3. b": '<ol start="3"><li>a</li><li>b</li></ol>',
    "* a\n1. b": '<ul><li>a</li></ul><ol start="1"><li>b</li></ol>',
    "- a\n  more": "<ul><li>a<br>more</li></ul>",
    "```a```": "<pre><code>a</code></pre>",
    "a\n```js\nb < c\n\n# d\n```\ne": (
        'a<pre><span class="code-language">js</span><code>b &lt; c\n\n# d</code></pre>e'
    ),
}
LINKS: Final = {
    "[a](https://e.org)": link("https://e.org", "a"),
    "[a](<https://e.org/b>)": link("https://e.org/b", "a"),
    '[**a**](https://e.org "T")': link("https://e.org", "<strong>a</strong>", "T"),
    "[a](https://e.org/b_(c))": link("https://e.org/b_(c)", "a"),
    "(https://e.org/a).": f"({link('https://e.org/a')}).",
    "<https://e.org>": link("https://e.org"),
    "**https://e.org**": f"<strong>{link('https://e.org')}</strong>",
    "https://e.org/a_b_c": link("https://e.org/a_b_c"),
    "https://discord.com/channels/5/404/7": link("https://discord.com/channels/5/404/7"),
    "[https://good.org](https://evil.org)": f"[{link('https://good.org')}]({link('https://evil.org')})",
}
NAMES: Final = {
    "<@11> <@!11>": f"{person('11', 'Mateo', ' is-me')} {person('11', 'Mateo', ' is-me')}",
    "<@12>": person("12", "Ann &lt;b&gt;"),
    "<@99>": person("99", "Easel"),
    "<@404>": '<span class="mention is-person">@unknown person</span>',
    "<@&71>": '<span class="mention is-role">@Artists</span>',
    "<#1>": '<span class="mention is-channel">#unknown channel</span>',
    "</settings speed:2>": '<button type="button" class="mention is-command">/settings speed</button>',
    "@everyone": '<span class="mention is-all">@everyone</span>',
    "a <:pic:123>": 'a <span class="custom-emoji">:pic:</span>',
    "<:pic:123>": '<span class="jumbo"><span class="custom-emoji">:pic:</span></span>',
    "🎨 🖌️": '<span class="jumbo">🎨 🖌️</span>',
    "🎨 a": "🎨 a",
    "1": "1",
}
TIMES: Final = {
    "<t:1700000000>": r"November 1\d, 2023.* \d{1,2}:\d\d.*",
    "<t:1700000000:t>": r"\d{1,2}:\d\d\D*",
    "<t:1700000000:T>": r"\d{1,2}:\d\d:\d\d\D*",
    "<t:1700000000:d>": r"\d{1,4}\D\d{1,2}\D\d{1,4}",
    "<t:1700000000:D>": r"November 1\d, 2023",
    "<t:1700000000:f>": r"November 1\d, 2023.* \d{1,2}:\d\d\D*",
    "<t:1700000000:F>": r"\w+day, November 1\d, 2023.* \d{1,2}:\d\d\D*",
    "<t:1700000000:s>": r"\d{1,4}\D\d{1,2}\D\d{1,4}, \d{1,2}:\d\d\D*",
    "<t:1700000000:S>": r"\d{1,4}\D\d{1,2}\D\d{1,4}, \d{1,2}:\d\d:\d\d\D*",
    "<t:1700000000:R>": r"\d+ years ago",
}
"""What each style of a time looks like in American English, in any time zone."""
HOSTILE: Final = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](data:text/html,x)",
    "[a](//evil.org)",
    "<javascript:alert(1)>",
    "&lt;b&gt;",
    "*" * 4000,
    "_" * 4000,
    "`" * 4000,
    "[" * 4000,
    "[a](" * 1000,
    "<@" * 2000,
)
"""Texts that hold no markup at all, whatever they try: they must come out as they went in."""


async def draw(page: Page, sources: list[str], **options: object) -> dict[str, str]:
    drawn = cast("list[str]", await page.evaluate(DRAW, {"sources": sources, "world": WORLD, "options": options}))
    return dict(zip(sources, drawn, strict=True))


async def test_markup_becomes_elements(page: Page) -> None:
    cases = MARKS | BLOCKS | LINKS | NAMES

    assert await draw(page, list(cases)) == cases


async def test_what_is_no_markup_stays_text(page: Page) -> None:
    cases = [*TEXT, *HOSTILE]

    assert await draw(page, cases) == {case: escape(case, quote=False) for case in cases}


async def test_what_a_link_holds_cannot_leave_its_attribute(page: Page) -> None:
    source = 'https://e.org/"onmouseover="alert(1)'

    assert await draw(page, [source]) == {source: link(source)}


async def test_channels_lead_there_only_if_the_person_sees_them(page: Page) -> None:
    await page.evaluate(SHOW, {"source": "<#100> <#103>", "world": WORLD, "scope": None})
    drawn = page.locator("#drawn")

    assert await drawn.get_by_role("button", name="Channel general").count() == 1
    assert await drawn.get_by_role("button").count() == 1
    assert await drawn.get_by_text("secret").get_attribute("title") == "You cannot see this channel"


async def test_links_to_messages_lead_there_inside_the_page(page: Page) -> None:
    place = "https://discord.com/channels/5/100"
    await page.evaluate(SHOW, {"source": f"{place} {place}/7 [there]({place}/7)", "world": WORLD, "scope": None})
    drawn = page.locator("#drawn")

    assert await drawn.get_by_role("link").count() == 0
    assert await drawn.get_by_role("button").all_inner_texts() == ["general", "general \u203a message", "there"]


async def test_one_line_has_no_blocks(page: Page) -> None:
    drawn = await draw(page, ["# a\n- **b**\n```\nc\n```"], inline=True)

    assert list(drawn.values()) == ["# a - <strong>b</strong> <code>c</code>"]


async def test_previews_say_the_words_and_keep_spoilers_covered(page: Page) -> None:
    sources = ["# a\n> **b** <@11>\n- [c](https://e.org)", "||the end||", "`a`\n```js\nb\n```", "<#100> <:pic:1>"]

    plain = await page.evaluate(PLAIN, {"sources": sources, "world": WORLD})

    assert plain == ["a b @Mateo c", "(spoiler)", "a b", "#general :pic:"]


async def test_times_are_said_in_all_styles(page: Page) -> None:
    await page.evaluate(SHOW, {"source": "\n".join(TIMES), "world": WORLD, "scope": None})
    times = page.locator("#drawn time")

    for shown, (source, shape) in zip(await times.all(), TIMES.items(), strict=True):
        assert re.fullmatch(shape, await shown.inner_text()), source
        assert await shown.get_attribute("datetime") == "2023-11-14T22:13:20.000Z"


async def test_relative_times_go_on(page: Page) -> None:
    now = cast("float", await page.evaluate("Date.now() / 1000"))
    await page.evaluate(SHOW, {"source": f"<t:{int(now) + 40}:R>", "world": WORLD, "scope": None})
    first = await page.locator("#drawn time").inner_text()

    assert re.fullmatch(r"in \d\d seconds", first)
    await expect(page.locator("#drawn time")).not_to_have_text(first)


async def test_times_are_told_in_the_language_that_discord_speaks(guest: Visit) -> None:
    await guest.open("/?lang=ja")
    await guest.page.evaluate(SHOW, {"source": "<t:1700000000:R>, <t:1700000000:D>", "world": WORLD, "scope": None})
    await expect(guest.page.locator("#drawn")).to_have_text(re.compile(r"\d+ 年前, 2023年11月1\d日"))


async def test_a_spoiler_opens_by_keyboard_and_stays_open_when_drawn_again(page: Page) -> None:
    shown: dict[str, object] = {"source": "||[the end](https://e.org)||", "world": WORLD, "scope": "a message"}
    await page.evaluate(SHOW, shown)
    drawn = page.locator("#drawn")
    link_to_end = drawn.get_by_role("link", name="the end")
    await link_to_end.focus()
    await expect(link_to_end).not_to_be_focused()

    await drawn.get_by_role("button", name="Spoiler. Press to reveal.").press("Enter")
    await link_to_end.focus()
    await expect(link_to_end).to_be_focused()

    await page.evaluate(SHOW, shown)
    await expect(drawn.get_by_role("button")).to_have_count(0)
    await page.evaluate(SHOW, {**shown, "scope": "another message"})
    await expect(drawn.get_by_role("button", name="Spoiler. Press to reveal.")).to_be_visible()
