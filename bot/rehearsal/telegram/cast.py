"""Who plays: ids stay the same from run to run, so a bot with an old database goes on."""

from bot.rehearsal.telegram.records import Person

MEMBER = Person(id=700001, first_name="Nguyễn Thị Mai")
OFFICE_ADMIN = Person(id=700002, first_name="Trần Văn Hòa")
GROUP_MEMBER = Person(id=700003, first_name="Lê Thị Hoa")
GROUP_ADMIN = Person(id=700004, first_name="Phạm Thị Lan")
PEOPLE = (MEMBER, OFFICE_ADMIN, GROUP_MEMBER, GROUP_ADMIN)

GROUP_ID = -400001
GROUP_TITLE = "Hội Phụ nữ xã Tân Lập"
BOT_NAME = "Bản tin xã Tân Lập"
BOT_USERNAME = "bantin_tanlap_bot"
REHEARSAL_TOKEN = "7000000001:rehearsal-opens-nothing-outside-this-machine"  # noqa: S105


def supergroup_id(group_id: int) -> int:
    """Supergroups live below -1000000000000; core.telegram.org/api/bots/ids."""
    return -1_000_000_000_000 + group_id


def the_bot(token: str) -> Person:
    """A bot's id is what stands before the colon of its token."""
    return Person(
        id=int(token.partition(":")[0]), first_name=BOT_NAME, username=BOT_USERNAME, is_bot=True
    )
