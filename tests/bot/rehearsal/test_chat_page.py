"""The chat page in a real browser, played as people play it."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.telegram.cast import GROUP_ADMIN, GROUP_ID, GROUP_MEMBER, MEMBER, OFFICE_ADMIN
from tests.bot.rehearsal.conftest import NOW, Ask

WIDE, NARROW = {"width": 1900, "height": 950}, {"width": 390, "height": 844}
CONSENT = {"inline_keyboard": [[{"text": "Đồng ý", "callback_data": "yes"}]]}


@pytest.fixture
async def page(browser: Browser, server: RehearsalServer) -> AsyncIterator[Page]:
    """The page, wide; whatever it complains of fails the test."""
    opened = await browser.new_page(viewport=WIDE)  # type: ignore[arg-type]
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    await opened.goto(server.url)
    await expect(opened.get_by_test_id("connection")).to_have_text("Đang chạy")
    yield opened
    assert complaints == []


def member(page: Page) -> Locator:
    return page.get_by_test_id("phone-member")


def group(page: Page) -> Locator:
    return page.get_by_test_id("phone-group")


def admin(page: Page) -> Locator:
    return page.get_by_test_id("phone-admin")


def zalo_member(page: Page) -> Locator:
    return page.get_by_test_id("phone-zalo-member")


def zalo_group(page: Page) -> Locator:
    return page.get_by_test_id("phone-zalo-group")


async def test_the_first_press_starts_the_bot(page: Page, server: RehearsalServer) -> None:
    await expect(member(page).get_by_test_id("composer")).to_be_hidden()
    await member(page).get_by_test_id("start").click()
    await expect(member(page).get_by_test_id("message")).to_contain_text("/start")
    await expect(member(page).get_by_test_id("composer")).to_be_visible()
    assert [message.text for message in server.telegram.messages(MEMBER.id)] == ["/start"]


async def test_one_types_presses_and_sees_the_answer(
    page: Page, ask: Ask, server: RehearsalServer
) -> None:
    server.people.write(MEMBER, "/start")
    await member(page).get_by_test_id("composer").fill("tin mới")
    await member(page).get_by_test_id("composer").press("Enter")
    await expect(member(page).get_by_test_id("message")).to_have_count(2)
    await expect(member(page).get_by_test_id("composer")).to_have_value("")
    _, sent = await ask("sendMessage", chat_id=MEMBER.id, text="Đồng ý?", reply_markup=CONSENT)
    await member(page).get_by_test_id("key").click()
    await expect(member(page).get_by_test_id("key")).to_have_attribute("aria-busy", "true")
    _, updates = await ask("getUpdates")
    query = updates["result"][-1]["callback_query"]
    assert query["data"] == "yes"
    await ask("answerCallbackQuery", callback_query_id=query["id"], text="Đã ghi nhận")
    await expect(member(page).get_by_test_id("toast")).to_have_text("Đã ghi nhận")
    await ask(
        "editMessageText",
        chat_id=MEMBER.id,
        message_id=sent["result"]["message_id"],
        text="Đã đăng ký.",
    )
    from_bot = member(page).locator("[data-from=bot]")
    await expect(from_bot).to_have_count(1)
    await expect(from_bot).to_contain_text("Đã đăng ký.")
    await expect(from_bot).to_contain_text("đã sửa 08:05")
    await expect(member(page).get_by_test_id("key")).to_have_count(0)


async def test_an_alert_asks_to_be_read(page: Page, ask: Ask, server: RehearsalServer) -> None:
    await ask("sendMessage", chat_id=MEMBER.id, text="Đồng ý?", reply_markup=CONSENT)
    query_id = server.people.press(MEMBER, "Đồng ý")
    await ask("answerCallbackQuery", callback_query_id=query_id, text="Chú ý", show_alert=True)
    await expect(page.get_by_test_id("alert")).to_contain_text("Chú ý")
    await page.get_by_role("button", name="Đã hiểu").click()
    await expect(page.get_by_test_id("alert")).to_be_hidden()


async def test_rich_text_is_drawn_and_foreign_markup_is_only_text(page: Page, ask: Ask) -> None:
    text = "📰 Mái ấm <img src=x onerror=alert(1)>\nTrích đậm\nxem /dulieu tại đây"
    await ask(
        "sendMessage",
        chat_id=MEMBER.id,
        text=text,
        entities=[
            {"type": "bold", "offset": 3, "length": 6},
            {"type": "blockquote", "offset": 39, "length": 9},
            {"type": "bold", "offset": 45, "length": 3},
            {"type": "text_link", "offset": 61, "length": 7, "url": "https://vidu.example/"},
            {"type": "code", "offset": 49, "length": 3},
        ],
    )
    said = member(page).get_by_test_id("text")
    await expect(said.locator("strong").first).to_have_text("Mái ấm")
    await expect(said.locator("blockquote strong")).to_have_text("đậm")
    await expect(said.locator("code")).to_have_text("xem")
    link = said.get_by_role("link", name="tại đây")
    await expect(link).to_have_attribute("href", "https://vidu.example/")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    await expect(said).to_contain_text("<img src=x onerror=alert(1)>")
    await expect(said.locator("img")).to_have_count(0)
    await said.get_by_role("button", name="/dulieu").click()
    await expect(member(page).locator("[data-from=person]")).to_contain_text("/dulieu")


async def test_a_link_that_runs_script_is_dead(page: Page, ask: Ask) -> None:
    entity = {"type": "text_link", "offset": 0, "length": 3, "url": "javascript:alert(1)"}
    await ask("sendMessage", chat_id=MEMBER.id, text="Tin", entities=[entity])
    assert await member(page).locator("a", has_text="Tin").get_attribute("href") is None


async def test_the_menu_offers_the_commands_of_the_chat(page: Page, ask: Ask) -> None:
    await ask("sendMessage", chat_id=MEMBER.id, text="Xin chào")
    commands = [
        {"command": "moinhat", "description": "Tin mới nhất."},
        {"command": "trogiup", "description": "Trợ giúp."},
    ]
    await ask("setMyCommands", commands=commands)
    admins = {"type": "all_chat_administrators"}
    await ask("setMyCommands", commands=commands[:1], scope=admins)
    await member(page).get_by_test_id("menu-button").click()
    await expect(member(page).get_by_test_id("menu-item")).to_have_count(2)
    await group(page).get_by_test_id("menu-button").click()
    await expect(group(page).get_by_test_id("menu-item")).to_have_count(1)
    await member(page).get_by_test_id("composer").press_sequentially("/tr")
    await expect(member(page).get_by_test_id("menu-item")).to_have_text("/trogiupTrợ giúp.")
    await member(page).get_by_test_id("menu-item").click()
    await expect(member(page).locator("[data-from=person]")).to_contain_text("/trogiup")
    await expect(member(page).get_by_test_id("menu")).to_be_hidden()


async def test_typing_shows_until_the_message_comes(page: Page, ask: Ask) -> None:
    await ask("sendChatAction", chat_id=MEMBER.id, action="typing")
    await expect(member(page).get_by_test_id("subtitle")).to_have_text("đang nhập…")
    await ask("sendMessage", chat_id=MEMBER.id, text="Tin")
    await expect(member(page).get_by_test_id("subtitle")).to_have_text("bot")


async def test_a_member_blocks_the_bot_and_lets_it_back(
    page: Page, ask: Ask, server: RehearsalServer
) -> None:
    server.people.write(MEMBER, "/start")
    await member(page).get_by_test_id("block").click()
    await expect(member(page).get_by_test_id("composer")).to_be_hidden()
    assert (await ask("sendMessage", chat_id=MEMBER.id, text="Tin"))[0] == 403
    await member(page).get_by_test_id("unblock").click()
    await expect(member(page).get_by_test_id("composer")).to_be_visible()
    assert (await ask("sendMessage", chat_id=MEMBER.id, text="Tin"))[0] == 200


async def test_a_group_is_played_as_admin_and_as_member(
    page: Page, server: RehearsalServer
) -> None:
    await group(page).get_by_test_id("add-bot").click()
    await expect(group(page).get_by_test_id("service")).to_contain_text("đã thêm Bản tin")
    await group(page).get_by_test_id(f"player-{GROUP_MEMBER.id}").check(force=True)
    await expect(group(page).get_by_test_id("remove-bot")).to_have_count(0)
    await group(page).get_by_test_id("composer").fill("Chiều nay họp")
    await group(page).get_by_test_id("send").click()
    await expect(group(page).get_by_test_id("message")).to_contain_text("Chiều nay họp")
    await group(page).get_by_test_id(f"player-{GROUP_ADMIN.id}").check(force=True)
    await group(page).get_by_test_id("composer").fill("/caidat")
    await group(page).get_by_test_id("send").click()
    await expect(group(page).get_by_test_id("message")).to_have_count(2)
    said = [(m.sender, m.text) for m in server.telegram.messages(GROUP_ID) if m.text]
    assert said == [(GROUP_MEMBER, "Chiều nay họp"), (GROUP_ADMIN, "/caidat")]
    await group(page).get_by_test_id("remove-bot").click()
    await expect(group(page).get_by_test_id("add-bot")).to_be_visible()


async def test_news_are_published_from_the_page(page: Page, server: RehearsalServer) -> None:
    await page.get_by_test_id("publish").click()
    first = page.get_by_test_id("article-list").locator("li").first
    await expect(first).to_contain_text(server.portal.articles[0].title)
    await page.get_by_test_id("own-open").click()
    await page.get_by_test_id("own-title").fill("Thông báo <b>họp</b>")
    await page.get_by_test_id("own-body").fill("Một.\n\nHai.")
    await page.get_by_test_id("own-publish").click()
    await expect(first).to_contain_text("Thông báo <b>họp</b>")
    assert server.portal.articles[0].paragraphs == ("Một.", "Hai.")
    async with page.expect_popup() as popup:
        await page.get_by_test_id("portal-link").click()
    await expect((await popup.value).locator(".asset-abstract")).to_have_count(7)


async def test_it_works_with_the_keyboard_alone(page: Page, server: RehearsalServer) -> None:
    await member(page).get_by_test_id("start").focus()
    await page.keyboard.press("Enter")
    await expect(member(page).get_by_test_id("message")).to_have_count(1)
    await member(page).get_by_test_id("attach-button").focus()
    await page.keyboard.press("Tab")
    await page.keyboard.type("xin chào")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(member(page).get_by_test_id("message")).to_have_count(2)
    assert server.telegram.messages(MEMBER.id)[1].text == "xin chào"


async def test_a_narrow_screen_shows_one_phone_and_counts_what_waits(page: Page, ask: Ask) -> None:
    await page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    await expect(member(page)).to_be_visible()
    await expect(group(page)).to_be_hidden()
    await ask("sendMessage", chat_id=GROUP_ID, text="Tin mới")
    await expect(page.get_by_test_id("tab-group").locator(".unread")).to_have_text("1")
    await page.get_by_test_id("tab-group").click()
    await expect(group(page).get_by_test_id("message")).to_be_visible()
    await expect(page.get_by_test_id("tab-group").locator(".unread")).to_be_hidden()
    await page.get_by_test_id("tab-portal").click()
    await expect(page.get_by_test_id("publish")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]


@pytest.mark.parametrize("width", [1800, 1900, 2560])
async def test_a_very_wide_screen_shows_both_members_a_group_and_the_office(
    page: Page, width: int
) -> None:
    await page.set_viewport_size({"width": width, "height": 900})
    panel = page.get_by_test_id("portal-panel")
    for part in (member(page), zalo_member(page), group(page), admin(page), panel):
        await expect(part).to_be_in_viewport(ratio=1)
    await page.get_by_test_id("tab-zalo-group").click()
    await expect(group(page)).to_be_hidden()
    await expect(zalo_group(page)).to_be_in_viewport(ratio=1)
    await page.get_by_test_id("tab-faults").click()
    await expect(panel).to_be_hidden()
    await expect(page.get_by_test_id("faults-panel")).to_be_in_viewport()
    await expect(page.get_by_test_id("tab-admin")).to_have_count(0)


@pytest.mark.parametrize("width", [1400, 1440, 1760])
async def test_a_wide_screen_has_a_place_for_each_platform_and_the_office(
    page: Page, width: int
) -> None:
    await page.set_viewport_size({"width": width, "height": 900})
    panel = page.get_by_test_id("portal-panel")
    for part in (member(page), zalo_member(page), admin(page), panel):
        await expect(part).to_be_in_viewport(ratio=1)
    await page.get_by_test_id("tab-group").click()
    for part in (group(page), zalo_member(page), admin(page), panel):
        await expect(part).to_be_in_viewport(ratio=1)
    await expect(member(page)).to_be_hidden()


async def test_a_screen_of_middle_width_has_a_place_for_each_platform(
    page: Page, ask: Ask
) -> None:
    await page.set_viewport_size({"width": 1280, "height": 800})
    for part in (member(page), zalo_member(page), page.get_by_test_id("portal-panel")):
        await expect(part).to_be_in_viewport(ratio=1)
    await ask("sendMessage", chat_id=OFFICE_ADMIN.id, text="Báo cáo")
    await expect(page.get_by_test_id("tab-admin").locator(".unread")).to_have_text("1")
    await page.get_by_test_id("tab-admin").click()
    for part in (admin(page), zalo_member(page), page.get_by_test_id("portal-panel")):
        await expect(part).to_be_in_viewport(ratio=1)
    await expect(member(page)).to_be_hidden()
    await expect(page.get_by_test_id("tab-admin")).to_be_focused()
    assert await page.evaluate("document.documentElement.scrollWidth") == 1280


async def test_what_was_chosen_stays_when_the_window_changes(page: Page) -> None:
    await page.get_by_test_id("tab-zalo-group").click()
    for width in (1440, 1280, NARROW["width"], 1900):
        await page.set_viewport_size({"width": width, "height": 844})
        await expect(zalo_group(page)).to_be_in_viewport(ratio=1)


async def test_the_page_finds_a_restarted_rehearsal_by_itself(browser: Browser) -> None:
    page = await browser.new_page()
    async with RehearsalServer(now=lambda: NOW) as first:
        first.people.write(MEMBER, "Trước")
        await page.goto(first.url)
        await expect(member(page).get_by_test_id("message")).to_contain_text("Trước")
    await expect(page.get_by_test_id("connection")).to_contain_text("Mất kết nối")
    async with RehearsalServer(now=lambda: NOW, port=first.port) as second:
        second.people.write(MEMBER, "Sau")
        await expect(member(page).get_by_test_id("message")).to_contain_text("Sau")
        await expect(page.get_by_test_id("connection")).to_have_text("Đang chạy")


async def test_publishing_leaves_the_reader_where_she_is(
    page: Page, ask: Ask, server: RehearsalServer
) -> None:
    for number in range(3):
        await ask("sendMessage", chat_id=MEMBER.id, text=f"Tin {number}\n" + "dòng\n" * 30 + ".")
    messages = member(page).get_by_test_id("messages")
    await expect(member(page).get_by_test_id("message")).to_have_count(3)
    await messages.evaluate("node => { node.scrollTop = 10 }")
    server.portal.publish()
    await ask("setMyCommands", commands=[{"command": "tim", "description": "Tìm."}])
    first = page.get_by_test_id("article-list").locator("li").first
    await expect(first).to_contain_text(server.portal.articles[0].title)
    assert await messages.evaluate("node => node.scrollTop") == 10


async def test_text_is_large_enough_to_read(page: Page, ask: Ask) -> None:
    await ask("sendMessage", chat_id=MEMBER.id, text="Tin", reply_markup=CONSENT)
    await expect(member(page).get_by_test_id("message")).to_be_visible()
    smallest = await page.evaluate(
        "Math.min(...[...document.querySelectorAll('body *')]"
        ".map(node => parseFloat(getComputedStyle(node).fontSize)))"
    )
    assert smallest >= 16
