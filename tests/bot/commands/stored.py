"""What is stored, asked in the words of the tests."""

from storage.database import Database
from storage.records import AuditEntry, Chat, ChatKind, Role, Subscriber
from storage.repositories.subscribers import ChatAddress
from tests.bot.commands.phone import Phone
from tests.samples import NOW


def where(phone: Phone) -> ChatAddress:
    return phone.incoming().where


async def stored(database: Database, phone: Phone) -> tuple[Chat, Subscriber] | None:
    async with database.transaction() as tx:
        return await tx.subscribers.at(where(phone))


async def subscriber_of(database: Database, phone: Phone) -> Subscriber:
    found = await stored(database, phone)
    assert found is not None
    return found[1]


async def topics_of(database: Database, phone: Phone) -> set[str]:
    subscriber = await subscriber_of(database, phone)
    async with database.transaction() as tx:
        followed = await tx.subscribers.topics(subscriber.id)
        return {topic.name for topic in await tx.topics.all() if topic.id in followed}


async def organisation_of(database: Database, phone: Phone) -> str:
    subscriber = await subscriber_of(database, phone)
    async with database.transaction() as tx:
        if subscriber.organisation_id is None:
            return ""
        organisation = await tx.organisations.get(subscriber.organisation_id)
    assert organisation is not None
    return organisation.name


async def audit(database: Database) -> list[AuditEntry]:
    """The oldest first."""
    async with database.transaction() as tx:
        return (await tx.audit.newest(100))[::-1]


async def actions(database: Database) -> list[str]:
    return [entry.action for entry in await audit(database)]


async def give_role(database: Database, phone: Phone, role: Role) -> None:
    """Stored, but not subscribed, when he was a stranger."""
    incoming = phone.incoming()
    async with database.transaction() as tx:
        found = await tx.subscribers.at(incoming.own_chat)
        if found is not None:
            subscriber_id = found[1].id
        else:
            own = incoming.own_chat
            subscriber_id = await tx.subscribers.add(
                own, kind=ChatKind.PERSON, name=phone.name, now=NOW
            )
        await tx.subscribers.set_role(subscriber_id, role)
