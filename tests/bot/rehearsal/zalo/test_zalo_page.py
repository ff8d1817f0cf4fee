"""The Zalo phones on the chat page, played as people play them."""

import pytest
from playwright.async_api import Page, expect

from bot.rehearsal.faults import FaultKind
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.zalo.cast import GROUP_ID, GROUP_MEMBER, GROUP_OWNER, MEMBER
from tests.bot.rehearsal.test_chat_page import page, zalo_group, zalo_member
from tests.bot.rehearsal.zalo.conftest import Ask

__all__ = ["page"]

QUESTION = "Bản tin gửi tin cho chị nhé?\n\n1. Đồng ý\n2. Không\n0. Quay lại\nTrả lời 1, 2 hoặc 0."
LIST = "Chuyên mục:\n1. Xây dựng Đảng\n2. Kinh tế\nTrả lời bằng các số muốn chọn, ví dụ 1 2."


async def show_group(page: Page) -> None:
    await page.get_by_test_id("tab-zalo-group").click()


async def test_a_member_begins_by_writing_anything(page: Page, server: RehearsalServer) -> None:
    phone = zalo_member(page)
    await expect(phone.get_by_test_id("empty")).to_contain_text("nhắn một tin bất kỳ")
    await expect(phone.get_by_role("button", name="BẮT ĐẦU")).to_have_count(0)
    await phone.get_by_test_id("composer").fill("Xin chào")
    await phone.get_by_test_id("composer").press("Enter")
    await expect(phone.get_by_test_id("message")).to_contain_text("Xin chào")
    await expect(phone.get_by_test_id("composer")).to_have_value("")
    [said] = server.zalo.messages(MEMBER.id)
    assert (said.sender, said.text, said.reached_bot) == (MEMBER, "Xin chào", True)


async def test_a_bare_link_is_a_link_and_nothing_else_is(page: Page, ask: Ask) -> None:
    text = "Đọc toàn văn:\nhttps://vidu.example/tin?a=1&b=2.\n<img src=x> javascript:alert(1)"
    await ask("sendMessage", chat_id=MEMBER.id, text=text)
    said = zalo_member(page).get_by_test_id("text")
    await expect(said).to_have_text(text)
    await expect(said.locator("a")).to_have_count(1)
    link = said.get_by_role("link", name="https://vidu.example/tin?a=1&b=2")
    await expect(link).to_have_attribute("href", "https://vidu.example/tin?a=1&b=2")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    await expect(said.locator("img")).to_have_count(0)


async def test_styles_are_drawn(page: Page, ask: Ask) -> None:
    styles = [
        {"start": 3, "len": 6, "st": ["b"]},
        {"start": 10, "len": 4, "st": ["i", "c_db342e"]},
    ]
    await ask("sendMessage", chat_id=MEMBER.id, text="💰 Mái ấm chéo", text_styles=styles)
    said = zalo_member(page).get_by_test_id("text")
    await expect(said.locator("strong")).to_have_text("Mái ấm")
    await expect(said.locator("em .entity-red")).to_have_text("chéo")


async def test_the_numbers_of_a_question_may_be_pressed(
    page: Page, ask: Ask, server: RehearsalServer
) -> None:
    phone = zalo_member(page)
    await ask("sendMessage", chat_id=MEMBER.id, text=QUESTION)
    await ask("sendMessage", chat_id=MEMBER.id, text="Tin mới:\n3. Đây không phải câu hỏi")
    await expect(phone.get_by_test_id("message")).to_have_count(2)
    await expect(phone.get_by_test_id("answer")).to_have_text(["1", "2", "0"])
    await phone.get_by_role("button", name="Trả lời 1: Đồng ý").click()
    await expect(phone.get_by_test_id("message")).to_have_count(3)
    await expect(phone.get_by_test_id("answers")).to_be_hidden()
    assert server.zalo.messages(MEMBER.id)[-1].text == "1"


async def test_the_numbers_of_a_list_are_gathered_before_they_are_sent(
    page: Page, ask: Ask, server: RehearsalServer
) -> None:
    phone = zalo_member(page)
    await ask("sendMessage", chat_id=MEMBER.id, text=LIST)
    for name in ("Trả lời 1", "Trả lời 2"):
        await phone.get_by_role("button", name=name).click()
    await expect(phone.get_by_test_id("composer")).to_have_value("1 2")
    await phone.get_by_role("button", name="Trả lời 1").click()
    await phone.get_by_test_id("send").click()
    await expect(phone.get_by_test_id("message")).to_have_count(2)
    assert server.zalo.messages(MEMBER.id)[-1].text == "2"


async def test_a_group_invites_the_bot_and_is_heard_only_with_its_name(
    page: Page, server: RehearsalServer
) -> None:
    await show_group(page)
    phone = zalo_group(page)
    await phone.get_by_test_id("add-bot").click()
    await expect(phone.get_by_test_id("empty")).to_contain_text("nhắc tên")
    await phone.get_by_test_id(f"player-{GROUP_MEMBER.id}").check(force=True)
    await expect(phone.get_by_test_id("remove-bot")).to_have_count(0)
    await phone.get_by_test_id("composer").fill("Chiều nay họp")
    await phone.get_by_test_id("send").click()
    await expect(phone.get_by_test_id("unheard")).to_have_text("Bản tin không thấy")
    await phone.get_by_test_id("composer").fill("tin mới")
    await phone.get_by_test_id("mention").click()
    await phone.get_by_test_id("send").click()
    await expect(phone.get_by_test_id("message")).to_have_count(2)
    await expect(phone.get_by_test_id("unheard")).to_have_count(1)
    assert [(m.sender, m.reached_bot) for m in server.zalo.messages(GROUP_ID)] == [
        (GROUP_MEMBER, False),
        (GROUP_MEMBER, True),
    ]


async def test_in_a_group_one_answers_by_quoting(
    page: Page, ask: Ask, server: RehearsalServer
) -> None:
    server.zalo_people.add_bot(GROUP_OWNER, GROUP_ID)
    await ask("sendMessage", chat_id=GROUP_ID, text=QUESTION)
    await show_group(page)
    phone = zalo_group(page)
    await phone.get_by_role("button", name="Trả lời 2: Không").click()
    await phone.get_by_test_id("quote").click()
    await expect(phone.get_by_test_id("quoting")).to_contain_text("Bản tin gửi tin cho chị nhé?")
    await phone.get_by_test_id("composer").fill("cảm ơn")
    await phone.get_by_test_id("send").click()
    await expect(phone.get_by_test_id("quoted")).to_have_count(2)
    await expect(phone.get_by_test_id("quoting")).to_be_hidden()
    asked, *answers = server.zalo.messages(GROUP_ID)
    assert [(m.text, m.reply_to, m.reached_bot) for m in answers] == [
        ("2", asked.id, True),
        ("cảm ơn", asked.id, True),
    ]


async def test_a_member_blocks_the_bot_and_lets_it_back(
    page: Page, ask: Ask, server: RehearsalServer
) -> None:
    server.zalo_people.write(MEMBER, "Xin chào")
    phone = zalo_member(page)
    await phone.get_by_test_id("block").click()
    await expect(phone.get_by_test_id("composer")).to_be_hidden()
    assert (await ask("sendMessage", chat_id=MEMBER.id, text="Tin"))[0] == 400
    await phone.get_by_test_id("unblock").click()
    await expect(phone.get_by_test_id("composer")).to_be_visible()
    assert (await ask("sendMessage", chat_id=MEMBER.id, text="Tin"))[0] == 200


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        pytest.param("image", "Ảnh", id="picture"),
        pytest.param("sticker", "Nhãn dán", id="sticker"),
        pytest.param("voice", "Lời nhắn thoại", id="voice"),
        pytest.param("unsupported", "Tin mà Zalo không cho bot đọc", id="unsupported"),
    ],
)
async def test_one_sends_what_is_no_text(
    page: Page, server: RehearsalServer, key: str, shown: str
) -> None:
    phone = zalo_member(page)
    await phone.get_by_test_id("attach-button").click()
    await phone.get_by_test_id(f"attach-{key}").click()
    await expect(phone.get_by_test_id("no-text")).to_contain_text(shown)
    assert [message.kind for message in server.zalo.messages(MEMBER.id)] == [key]


async def test_typing_shows_until_the_message_comes(page: Page, ask: Ask) -> None:
    await ask("sendChatAction", chat_id=MEMBER.id, action="typing")
    await expect(zalo_member(page).get_by_test_id("subtitle")).to_have_text("đang soạn tin…")
    await ask("sendMessage", chat_id=MEMBER.id, text="Tin")
    await expect(zalo_member(page).get_by_test_id("subtitle")).to_have_text("Bot")


async def test_zalo_has_faults_of_its_own(page: Page, ask: Ask, server: RehearsalServer) -> None:
    await page.get_by_test_id("tab-faults").click()
    await page.get_by_test_id("fault-kind").select_option("zalo-429")
    await page.get_by_test_id("fault-whom").select_option("zalo-member")
    await page.get_by_test_id("fault-add").click()
    banner = page.get_by_test_id("fault-banner")
    await expect(banner).to_contain_text("Zalo hết lượt gửi của tháng (hội viên, còn 1 lần)")
    assert (await ask("sendMessage", chat_id=MEMBER.id, text="Tin"))[0] == 429
    await expect(banner).to_be_hidden()
    await page.get_by_test_id("fault-times").select_option("lasting")
    for kind in ("zalo-down", "down"):
        await page.get_by_test_id("fault-kind").select_option(kind)
        await page.get_by_test_id("fault-add").click()
    await expect(page.get_by_test_id("fault-list").locator("li")).to_have_count(2)
    assert [fault.kind for fault in server.zalo.faults] == [FaultKind.UNREACHABLE]
    await page.get_by_test_id("fault-clear-all").click()
    await expect(banner).to_be_hidden()
    assert (list(server.zalo.faults), list(server.telegram.faults)) == ([], [])
