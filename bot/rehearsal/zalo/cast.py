"""Who plays on Zalo: ids stay the same from run to run, so a bot with an old database goes on."""

from bot.rehearsal.zalo.records import Person

MEMBER = Person(id="7b1f0c94a2e65d38f041", name="Vũ Thị Hạnh")
GROUP_OWNER = Person(id="c30d5e71b8f94a26e917", name="Đỗ Văn Khoa")
GROUP_MEMBER = Person(id="19ea6b07d45c82f3b6a8", name="Bùi Thị Nga")
PEOPLE = (MEMBER, GROUP_OWNER, GROUP_MEMBER)

GROUP_ID = "zgr-5f82c7e01d9b46a3"
GROUP_TITLE = "Chi hội phụ nữ thôn Hạ"
BOT_NAME = "Bot Bản tin Tân Lập"  # Zalo wants "Bot" in front
REHEARSAL_TOKENS = ("8000000001:rehearsal-opens-nothing-outside-this-machine",)
