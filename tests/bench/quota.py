"""What a bulletin costs of Zalo's monthly messages, against the fewest that can carry it."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.rehearsal.zalo.account import Account
from bot.rehearsal.zalo.records import Person, Standing
from jobs.thrift import month_of
from storage.database import open_database
from storage.records import ChatKind
from storage.upgrade import upgrade
from tests.bench.figures import Figure, figure
from tests.jobs.zalo_office import ZaloOffice, at_zalo, opened_zalo_office
from tests.samples import a_subscriber

MEMBERS, GROUPS = 150, 3
IN_A_GROUP = 40  # members of an organisation whose group stands for them
TOKENS = ("801:one", "802:two", "803:three")


async def quota() -> list[Figure]:
    each = await _messages(stand_for=False)
    instead = await _messages(stand_for=True)
    return [
        figure("150 members on 3 tokens and 3 groups", each, "messages", MEMBERS + GROUPS),
        figure(
            "the same, each group for 40 of them",
            instead,
            "messages",
            MEMBERS - GROUPS * IN_A_GROUP + GROUPS,
        ),
    ]


async def _messages(*, stand_for: bool) -> int:
    """All that Zalo took, after everybody has the news."""
    with TemporaryDirectory() as folder:
        database = open_database(f"sqlite+aiosqlite:///{Path(folder)}/bantin.db")
        await upgrade(database)
        try:
            async with opened_zalo_office(database, tokens=TOKENS) as zalo:
                await _fill(zalo, stand_for=stand_for)
                await zalo.news("Xã Tân Lập ra quân làm 3 km đường hoa, 120 hội viên tham gia")
                for _ in range(5):
                    await zalo.flow()
                used = [zalo.server.zalo.used(bot) for bot in zalo.server.zalo.bots.values()]
                await _must_agree(zalo, used)
        finally:
            await database.close()
    return sum(used)


async def _must_agree(zalo: ZaloOffice, used: Sequence[int]) -> None:
    """With what we think it took, and nobody got it twice."""
    async with zalo.database.transaction() as tx:
        ours = [each.used for each in await tx.quotas.usage(month_of(zalo.now))]
    assert ours == list(used), f"counted {ours}, Zalo {used}"
    chats = [each.message.chat.id for each in zalo.server.zalo.sent]
    assert len(chats) == len(set(chats)), "somebody got it twice"


async def _fill(zalo: ZaloOffice, *, stand_for: bool) -> None:
    """Fifty people and a group on each bot; the group's organisation has forty of them."""
    async with zalo.database.transaction() as tx:
        organisations = [each.id for each in await tx.organisations.all()][:GROUPS]
    bots = list(zip(zalo.lines, zalo.server.zalo.bots.values(), organisations, strict=True))
    for number, (bot_id, bot, organisation) in enumerate(bots):
        people = [
            Person(id=f"{number}-{one:018x}", name=f"Người {one}")
            for one in range(MEMBERS // len(bots))
        ]
        for position, person in enumerate(people):
            subscriber = await zalo.joins(person, bot=bot, bot_id=bot_id)
            if position < IN_A_GROUP:
                async with zalo.database.transaction() as tx:
                    await tx.subscribers.set_organisation(subscriber, organisation)
        group = await _a_group(zalo, bot_id, bot, people)
        async with zalo.database.transaction() as tx:
            await tx.subscribers.set_organisation(group, organisation)
            await tx.subscribers.stand_for_members(group, is_so=stand_for)


async def _a_group(zalo: ZaloOffice, bot_id: int, bot: Account, people: Sequence[Person]) -> int:
    chat = f"zgr-{bot.id}"
    zalo.server.zalo.add_group(chat, "Chi hội", people, bot=bot, standing=Standing.MEMBER)
    return await a_subscriber(zalo.database, at_zalo(bot_id, chat), kind=ChatKind.GROUP)
