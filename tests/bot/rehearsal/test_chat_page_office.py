"""What the office does on the page: sends files, edits the portal, practises with faults."""

import pytest
from playwright.async_api import Browser, Page, expect

from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.telegram.cast import (
    GROUP_ADMIN,
    GROUP_ID,
    GROUP_MEMBER,
    MEMBER,
    OFFICE_ADMIN,
)
from bot.rehearsal.telegram.records import ChatKind
from tests.bot.rehearsal.conftest import NOW, Ask
from tests.bot.rehearsal.test_chat_page import admin, group, member, page

__all__ = ["page"]

CODE = "K7QD-M4TX"


async def test_a_photo_goes_with_the_words_that_were_typed(
    page: Page, server: RehearsalServer
) -> None:
    server.people.write(OFFICE_ADMIN, "/start")
    await admin(page).get_by_test_id("composer").fill("Hội nghị sáng nay")
    await admin(page).get_by_test_id("attach-button").click()
    await admin(page).get_by_test_id("attach-photo").click()
    sent = admin(page).get_by_test_id("message").last
    await expect(sent.get_by_test_id("text")).to_have_text("Hội nghị sáng nay")
    await expect(admin(page).get_by_test_id("composer")).to_have_value("")
    await expect(admin(page).get_by_test_id("attach-menu")).to_be_hidden()
    photo = sent.get_by_test_id("photo")
    await expect(photo).to_be_visible()
    assert await photo.evaluate("node => node.decode().then(() => node.naturalWidth)") == 1280


@pytest.mark.parametrize(
    ("key", "words"),
    [
        pytest.param("document", "Lịch công tác.pdf23,1 KB", id="document"),
        pytest.param("large", "Tệp 25 MB.zip25 MB", id="25 MB"),
    ],
)
async def test_a_document_is_a_card_with_name_and_size(
    page: Page, server: RehearsalServer, key: str, words: str
) -> None:
    server.people.write(OFFICE_ADMIN, "/start")
    await admin(page).get_by_test_id("attach-button").click()
    await admin(page).get_by_test_id(f"attach-{key}").click()
    await expect(admin(page).get_by_test_id("document").locator(".file-words")).to_have_text(words)


async def test_an_album_is_three_photos(page: Page, server: RehearsalServer) -> None:
    server.people.write(OFFICE_ADMIN, "/start")
    await admin(page).get_by_test_id("attach-button").click()
    await admin(page).get_by_test_id("attach-album").click()
    await expect(admin(page).get_by_test_id("photo")).to_have_count(3)
    await page.keyboard.press("Escape")


async def test_a_caption_is_drawn_with_its_marks(
    page: Page, ask: Ask, server: RehearsalServer
) -> None:
    bold = {"type": "bold", "offset": 0, "length": 9}
    photo = server.people.photo().id
    given = {"chat_id": MEMBER.id, "photo": photo}
    _, sent = await ask("sendPhoto", **given, caption="Thông báo mới", caption_entities=[bold])
    said = member(page).get_by_test_id("text")
    await expect(said.locator("strong")).to_have_text("Thông báo")
    place = {"chat_id": MEMBER.id, "message_id": sent["result"]["message_id"]}
    await ask("editMessageCaption", **place, caption="Đã sửa")
    await expect(said).to_have_text("Đã sửa")
    await ask("deleteMessage", **place)
    await expect(member(page).get_by_test_id("message")).to_have_count(0)


async def test_a_message_is_forwarded_to_the_bot(
    page: Page, ask: Ask, server: RehearsalServer
) -> None:
    written = server.people.write(GROUP_MEMBER, "Chiều nay họp", chat=GROUP_ID)
    server.people.forward(OFFICE_ADMIN, written)
    first = admin(page).get_by_test_id("message").first
    await expect(first.get_by_test_id("forwarded")).to_have_text("Chuyển tiếp từ Lê Thị Hoa")
    await first.get_by_role("button", name="Chuyển tiếp cho Bản tin").click()
    await expect(admin(page).get_by_test_id("forwarded")).to_have_count(2)
    _, updates = await ask("getUpdates")
    messages = [update["message"] for update in updates["result"]]
    assert [message["forward_origin"]["sender_user"]["id"] for message in messages] == [
        GROUP_MEMBER.id,
        GROUP_MEMBER.id,
    ]
    await expect(group(page).get_by_test_id("forward")).to_have_count(0)


async def test_the_owner_s_code_is_sent_with_one_press(browser: Browser) -> None:
    async with RehearsalServer(now=lambda: NOW, owner_code=CODE) as server:
        page = await browser.new_page()
        await page.goto(server.url)
        await page.get_by_test_id("tab-admin").click()
        await expect(admin(page).get_by_test_id("owner-code-words")).to_have_text(CODE)
        await expect(member(page).get_by_test_id("owner-code")).to_be_hidden()
        await admin(page).get_by_test_id("owner-code-send").click()
        await expect(admin(page).get_by_test_id("message")).to_contain_text(CODE)
        await expect(admin(page).get_by_test_id("owner-code")).to_be_hidden()
        assert [message.text for message in server.telegram.messages(OFFICE_ADMIN.id)] == [CODE]


async def test_without_a_code_nothing_is_offered(page: Page) -> None:
    await expect(admin(page).get_by_test_id("start")).to_be_visible()
    await expect(admin(page).get_by_test_id("owner-code")).to_be_hidden()


async def test_an_article_is_edited_where_it_stands(page: Page, server: RehearsalServer) -> None:
    article = server.portal.articles[1]
    await page.get_by_test_id(f"edit-{article.id}").click()
    title = page.get_by_test_id("edit-title")
    await expect(title).to_have_value(article.title)
    await expect(page.get_by_test_id("edit-body")).to_have_value("\n\n".join(article.paragraphs))
    await title.fill("Tên đã sửa")
    await page.get_by_test_id("edit-body").fill("Một.\n\nHai.")
    await page.get_by_test_id("edit-save").click()
    line = page.get_by_test_id("article-list").locator("li").nth(1)
    await expect(line).to_contain_text("Tên đã sửa")
    await expect(page.get_by_test_id("published")).to_have_text("Đã sửa bài.")
    changed = server.portal.articles[1]
    assert (changed.title, changed.paragraphs) == ("Tên đã sửa", ("Một.", "Hai."))


async def test_an_edit_that_is_given_up_changes_nothing(
    page: Page, server: RehearsalServer
) -> None:
    article = server.portal.articles[0]
    await page.get_by_test_id(f"edit-{article.id}").click()
    await page.get_by_test_id("edit-title").fill("Tên khác")
    await page.get_by_test_id("edit-cancel").click()
    await expect(page.get_by_test_id("edit-dialog")).to_be_hidden()
    assert server.portal.articles[0] == article


async def test_withdrawing_asks_once(page: Page, server: RehearsalServer) -> None:
    article = server.portal.articles[0]
    await page.get_by_test_id(f"withdraw-{article.id}").click()
    await expect(page.get_by_test_id("withdraw-dialog")).to_contain_text(article.title)
    await page.get_by_test_id("withdraw-cancel").click()
    assert article in server.portal.articles
    await page.get_by_test_id(f"withdraw-{article.id}").click()
    await page.get_by_test_id("withdraw-confirm").click()
    await expect(page.get_by_test_id("published")).to_have_text("Đã gỡ bài.")
    assert article not in server.portal.articles


@pytest.mark.parametrize(
    ("kind", "status"),
    [pytest.param("429", 429, id="too fast"), pytest.param("500", 500, id="server error")],
)
async def test_a_fault_for_one_strikes_once_and_the_banner_goes(
    page: Page, ask: Ask, kind: str, status: int
) -> None:
    await page.get_by_test_id("tab-faults").click()
    await page.get_by_test_id("fault-kind").select_option(kind)
    await page.get_by_test_id("fault-whom").select_option("member")
    await page.get_by_test_id("fault-add").click()
    await expect(page.get_by_test_id("fault-banner")).to_contain_text("hội viên, còn 1 lần")
    assert (await ask("sendMessage", chat_id=GROUP_ID, text="Tin"))[0] == 200
    assert (await ask("getUpdates"))[0] == 200
    assert (await ask("sendMessage", chat_id=MEMBER.id, text="Tin"))[0] == status
    await expect(page.get_by_test_id("fault-banner")).to_be_hidden()
    assert (await ask("sendMessage", chat_id=MEMBER.id, text="Tin"))[0] == 200


async def test_lasting_faults_are_switched_off_one_by_one_or_all(
    page: Page, ask: Ask, server: RehearsalServer
) -> None:
    await page.get_by_test_id("tab-faults").click()
    await page.get_by_test_id("fault-times").select_option("lasting")
    for kind in ("403", "slow", "down"):
        await page.get_by_test_id("fault-kind").select_option(kind)
        await page.get_by_test_id("fault-add").click()
    await expect(page.get_by_test_id("fault-whom")).to_be_disabled()
    lines = page.get_by_test_id("fault-list").locator("li")
    await expect(lines).to_have_count(3)
    set_now = [(fault.kind, fault.chat, fault.only_messages) for fault in server.telegram.faults]
    assert set_now == [("error", None, True), ("slow", None, True), ("unreachable", None, False)]
    assert (await ask("sendMessage", chat_id=MEMBER.id, text="Tin"))[0] == 403
    await lines.first.get_by_role("button").click()
    await expect(lines).to_have_count(2)
    await page.get_by_test_id("fault-clear-all").click()
    await expect(lines).to_have_count(0)
    await expect(page.get_by_test_id("fault-banner")).to_be_hidden()
    assert (await ask("sendMessage", chat_id=MEMBER.id, text="Tin"))[0] == 200


async def test_a_fault_that_is_on_is_seen_by_who_opens_the_page_later(
    page: Page, server: RehearsalServer, ask: Ask
) -> None:
    await page.get_by_test_id("tab-faults").click()
    await page.get_by_test_id("fault-kind").select_option("silence_after")
    await page.get_by_test_id("fault-add").click()
    await expect(page.get_by_test_id("fault-banner")).to_contain_text("Telegram im lặng")
    await page.reload()
    await expect(page.get_by_test_id("fault-banner")).to_contain_text("Telegram im lặng")
    server.telegram.faults.clear()
    await expect(page.get_by_test_id("fault-banner")).to_be_hidden()
    assert (await ask("getMe"))[0] == 200


async def test_a_group_becomes_large_once(page: Page, server: RehearsalServer) -> None:
    await page.get_by_test_id("tab-faults").click()
    upgrade = page.get_by_test_id("fault-upgrade")
    await expect(upgrade).to_be_disabled()
    server.people.add_bot(GROUP_ADMIN, GROUP_ID)
    await upgrade.click()
    await expect(group(page).get_by_test_id("service").last).to_have_text(
        "Nhóm đã trở thành siêu nhóm"
    )
    await expect(upgrade).to_be_disabled()
    assert server.telegram.chat(GROUP_ID).kind is ChatKind.SUPERGROUP
