"""A notice from the command line: refused with the reason, or sent once to whom it is for."""

import asyncio
import re
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cli.broadcast_audience import read_audience
from bot.cli.broadcast_file import text_in
from bot.cli.broadcast_watch import BROKEN_OFF, NOT_ALL_REACHED
from bot.cli.problem import Refused
from bot.rehearsal.faults import FaultKind
from bot.rehearsal.telegram.faults import Fault
from storage.database import Database
from storage.records import Audience, AudienceRule, Broadcast, Role, Urgency
from tests.bot.cli.office import OWNER, Office, an_office
from tests.program import running

NOTICE = "Mời các hội viên dự họp lúc 8 giờ ngày 25/11 tại nhà văn hóa thôn Đông."


@pytest.fixture
async def office(tmp_path: Path, migrated: Path) -> AsyncIterator[Office]:
    async with an_office(tmp_path, migrated) as office:
        (tmp_path / "notice.txt").write_text(NOTICE, "utf-8")
        yield office


async def given_out(office: Office) -> list[Broadcast]:
    """Those that are to be sent; nothing runs that could have finished one."""
    async with office.database() as database, database.transaction() as tx:
        return await tx.broadcasts.unfinished()


def code_in(out: str) -> str:
    (code,) = set(re.findall(r"--watch (\S+)", out))
    return str(code)


async def test_it_shows_what_readers_will_see_and_how_many_they_are(office: Office) -> None:
    await office.join(2)
    ended = await office.bantin("broadcast", "notice.txt", "--dry-run", office="Hội Phụ nữ xã Mẫu")
    assert ended.code == 0
    assert "Thông báo của Hội Phụ nữ xã Mẫu" in ended.out
    assert NOTICE in ended.out
    assert "3\u00a0người nhận" in ended.out
    assert await given_out(office) == []


async def test_with_yes_it_is_given_out_at_once_for_everybody(office: Office) -> None:
    ended = await office.bantin("broadcast", "notice.txt", "--yes")
    assert ended.code == 0, ended.err
    (broadcast,) = await given_out(office)
    assert broadcast.text == NOTICE
    assert broadcast.author_id is None
    assert broadcast.audience == (Audience(rule=AudienceRule.ALL),)
    assert broadcast.urgency is Urgency.ORDINARY
    assert "không chạy" in ended.out  # and it says that nobody sends it now


@pytest.mark.parametrize(
    ("typed", "number"), [("c\n", 1), ("\n", 0), ("không\n", 0), ("", 0)],
    ids=["yes", "enter", "no", "nobody there"],
)  # fmt: skip
async def test_it_asks_before_it_sends(office: Office, typed: str, number: int) -> None:
    ended = await office.bantin("broadcast", "notice.txt", answers=typed)
    assert len(await given_out(office)) == number
    assert ended.code == (0 if number else 1)
    assert "Traceback" not in ended.err


async def test_the_same_words_within_a_day_are_not_sent_twice_by_a_script(office: Office) -> None:
    await office.bantin("broadcast", "notice.txt", "--yes")
    second = await office.bantin("broadcast", "notice.txt", "--yes")
    assert second.code == 1
    assert "đã được gửi lúc" in second.err
    assert "--again" in second.err
    assert len(await given_out(office)) == 1
    third = await office.bantin("broadcast", "notice.txt", "--yes", "--again")
    assert third.code == 0
    assert len(await given_out(office)) == 2


async def test_a_person_is_told_that_the_same_words_were_sent_and_may_send_them(
    office: Office,
) -> None:
    await office.bantin("broadcast", "notice.txt", "--yes")
    ended = await office.bantin("broadcast", "notice.txt", answers="c\n")
    assert "đã được gửi lúc" in ended.out
    assert "Vẫn gửi lại" in ended.out
    assert len(await given_out(office)) == 2


async def test_of_two_programs_at_the_same_time_one_sends(office: Office) -> None:
    both = await asyncio.gather(
        *(office.bantin("broadcast", "notice.txt", "--yes") for _ in range(2))
    )
    assert sorted(each.code for each in both) == [0, 1]
    assert len(await given_out(office)) == 1


REFUSED = {
    "empty": (b"  \r\n \n", "không có chữ nào"),
    "not utf-8": ("Thông báo".encode("utf-16"), "UTF-8"),
    "an old encoding": (b"Th\xabng b\xb8o", "UTF-8"),
    "one megabyte": (b"a" * 1_000_000, "100 KB"),
    "too long": ("chữ ".encode() * 1000, "3.500"),
    "secret": ("TỐI MẬT\nKế hoạch".encode(), "TỐI MẬT"),
    "internal": ("Tài liệu lưu hành nội bộ".encode(), "lưu hành nội bộ"),
}


@pytest.mark.parametrize(("content", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_sent_is_refused_in_a_sentence(
    tmp_path: Path, content: bytes, said: str
) -> None:
    file = tmp_path / "notice.txt"
    file.write_bytes(content)
    with pytest.raises(Refused, match=re.escape(said)):
        text_in(str(file))


async def test_nothing_is_stored_of_what_is_refused(office: Office) -> None:
    (office.folder / "notice.txt").write_text("TỐI MẬT\nKế hoạch", "utf-8")
    ended = await office.bantin("broadcast", "notice.txt", "--yes")
    assert ended.code == 1
    assert "TỐI MẬT" in ended.err
    assert "Traceback" not in ended.err
    assert await given_out(office) == []


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"nothing\.txt"):
        text_in(str(tmp_path / "nothing.txt"))


def test_windows_line_ends_and_decomposed_marks_become_plain_text(tmp_path: Path) -> None:
    file = tmp_path / "notice.txt"
    file.write_bytes("\ufeffTho\u0302ng ba\u0301o\r\nMời họp\r\n".encode())
    assert text_in(str(file)).text == "Thông báo\nMời họp"


async def test_it_reads_standard_input_only_when_it_need_not_ask(office: Office) -> None:
    refused = await office.bantin("broadcast", "-", answers=NOTICE)
    assert refused.code == 1
    assert "--yes" in refused.err
    taken = await office.bantin("broadcast", "-", "--yes", answers=NOTICE)
    assert taken.code == 0
    assert [each.text for each in await given_out(office)] == [NOTICE]


async def test_it_is_for_the_topics_and_organisations_that_are_named(office: Office) -> None:
    async with office.database() as database, database.transaction() as tx:
        (topic,) = [each for each in await tx.topics.all() if each.slug == "thong-bao"]
        women = (await tx.organisations.aliases())["hoi phu nu"]
        ((owner, _),) = await tx.subscribers.with_role(Role.OWNER)
        await tx.subscribers.set_organisation(owner.id, women)
    await office.join(3)
    to = ("--to", "topic:thong-bao", "--to", "organisation:hội phụ nữ")
    ended = await office.bantin("broadcast", "notice.txt", "--yes", "--urgent", *to)
    assert ended.code == 0, ended.err
    assert "1\u00a0người nhận" in ended.out
    (broadcast,) = await given_out(office)
    assert set(broadcast.audience) == {
        Audience(rule=AudienceRule.TOPIC, value=str(topic.id)),
        Audience(rule=AudienceRule.ORGANISATION, value=str(women)),
    }
    assert broadcast.urgency is Urgency.URGENT


@pytest.mark.parametrize(
    ("to", "said"),
    [
        (["topic:khong-co"], "thong-bao"),
        (["organisation:Hội không có"], "Hội không có"),
        (["everybody"], "topic:MÃ"),
        (["all", "topic:thong-bao"], "--to all"),
    ],
    ids=["no such topic", "no such organisation", "no such kind", "all and some"],
)
async def test_an_audience_that_is_not_known_is_refused(
    database: Database, to: list[str], said: str
) -> None:
    async with database.transaction() as tx:
        with pytest.raises(Refused, match=said):
            await read_audience(tx, to)


async def test_nobody_to_send_to_is_refused(office: Office) -> None:
    ended = await office.bantin("broadcast", "notice.txt", "--yes", "--to", "organisation:LHPN")
    assert ended.code == 1
    assert "Không có ai phù hợp" in ended.err
    assert await given_out(office) == []


async def test_waiting_it_says_how_it_went_to_the_last_person(office: Office) -> None:
    everybody = [OWNER.id, *await office.join(24)]
    async with running(office.folder, office.env):
        await office.until_read()
        ended = await office.bantin("broadcast", "notice.txt", "--yes", "--wait")
    assert ended.code == 0, ended.err
    assert "Đã gửi tới 25/25" in ended.out
    texts = [office.server.telegram.texts(person) for person in everybody]
    assert all(len(each) == 1 and NOTICE in each[0] for each in texts)


async def test_whoever_was_not_reached_is_in_the_report_and_in_the_exit_code(
    office: Office,
) -> None:
    gone, *_ = await office.join(2)
    office.server.telegram.faults.add(Fault(code=403, chat=gone))
    async with running(office.folder, office.env):
        await office.until_read()
        ended = await office.bantin("broadcast", "notice.txt", "--yes", "--wait")
    assert ended.code == NOT_ALL_REACHED
    assert "Đã gửi tới 2/3" in ended.out
    assert "1 đã chặn" in ended.out


async def test_a_broadcast_can_be_watched_later_by_its_code(office: Office) -> None:
    async with running(office.folder, office.env):
        await office.until_read()
        first = await office.bantin("broadcast", "notice.txt", "--yes", "--wait")
    later = await office.bantin("broadcast", "--watch", code_in(first.out).lower())
    assert later.code == 0
    assert "Đã gửi tới 1/1" in later.out


async def test_watching_ends_when_nobody_is_there_to_send(office: Office) -> None:
    ended = await office.bantin("broadcast", "notice.txt", "--yes", "--wait")
    assert ended.code == NOT_ALL_REACHED
    assert "bantin run" in ended.out


async def test_a_code_that_no_broadcast_has_is_refused(office: Office) -> None:
    ended = await office.bantin("broadcast", "--watch", "XXX-XXX")
    assert ended.code == 1
    assert "XXX-XXX" in ended.err


async def test_ctrl_c_ends_the_watching_and_not_the_sending(office: Office) -> None:
    slow = Fault(kind=FaultKind.SLOW, method="sendMessage", seconds=8)
    office.server.telegram.faults.add(slow)
    everybody = [OWNER.id, *await office.join(40)]
    async with running(office.folder, office.env):
        await office.until_read()  # the watching ends at once where nothing runs
        watching = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "broadcast", "notice.txt", "--yes", "--wait"),
            cwd=office.folder,
            env=office.env | {"PYTHONUNBUFFERED": "1"},
            stdout=PIPE,
        )
        assert watching.stdout is not None
        said = ""
        while "--watch" not in said:  # the last thing it says before it watches
            line = (await watching.stdout.readline()).decode()
            assert line, said
            said += line
        await office.server.telegram.until(
            lambda: office.server.telegram.traffic.methods["sendMessage"].total > 0, seconds=60
        )
        watching.send_signal(signal.SIGINT)
        out, _ = await watching.communicate()
        assert watching.returncode == BROKEN_OFF
        assert f"--watch {code_in(said)}" in out.decode()
        office.server.telegram.faults.clear()
        await office.server.telegram.until(
            lambda: all(map(office.server.telegram.texts, everybody)), seconds=60
        )
