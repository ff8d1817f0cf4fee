"""Whom a bulletin is for."""

from datetime import timedelta

import pytest

from jobs.fan_out import fan_out_ready
from storage.database import Database
from storage.records import Audience, AudienceRule, ChatKind, Role
from tests.samples import NOW, a_bot, a_bulletin, a_subscriber, at

ALL = Audience(rule=AudienceRule.ALL)
NEWS = Audience(rule=AudienceRule.TOPIC, value="1")
NOTICES = Audience(rule=AudienceRule.TOPIC, value="5")
WOMEN = Audience(rule=AudienceRule.ORGANISATION, value="3")
YOUTH = Audience(rule=AudienceRule.ORGANISATION, value="4")
EDITORS = Audience(rule=AudienceRule.ROLE, value=Role.EDITOR.value)


@pytest.fixture
async def people(database: Database) -> dict[str, int]:
    """Named by what tells them apart."""
    bot_id = await a_bot(database)
    names = ("anybody", "woman", "youth", "no news", "editor", "gone", "left")
    ids = {
        name: await a_subscriber(database, at(bot_id, str(number)))
        for number, name in enumerate(names)
    }
    ids["group"] = await a_subscriber(database, at(bot_id, "-1"), kind=ChatKind.GROUP)
    async with database.transaction() as tx:
        await tx.subscribers.set_organisation(ids["woman"], 3)
        await tx.subscribers.set_organisation(ids["youth"], 4)
        await tx.subscribers.set_organisation(ids["group"], 3)
        await tx.subscribers.unfollow(ids["no news"], 1)
        await tx.subscribers.set_role(ids["editor"], Role.EDITOR)
        await tx.subscribers.mark_gone(at(bot_id, "5"), NOW)
        await tx.subscribers.deactivate(ids["left"], NOW)
    return ids


HERE = {"anybody", "woman", "youth", "no news", "editor", "group"}


@pytest.mark.parametrize(
    ("audience", "wanted"),
    [
        ((ALL,), HERE),
        ((NEWS,), HERE - {"no news"}),
        ((NEWS, NOTICES), HERE),
        ((WOMEN,), {"woman", "group"}),
        ((WOMEN, YOUTH), {"woman", "youth", "group"}),
        ((NEWS, WOMEN), {"woman", "group"}),
        ((EDITORS,), {"editor"}),
        ((EDITORS, WOMEN), set()),
        ((ALL, WOMEN), {"woman", "group"}),
        ((), set()),
    ],
    ids=lambda each: "+".join(
        f"{rule.rule}{rule.value}" if isinstance(rule, Audience) else rule
        for rule in (sorted(each) if isinstance(each, set) else each)
    ),
)
async def test_rules_of_one_kind_are_alternatives_and_all_kinds_must_hold(
    database: Database, people: dict[str, int], audience: tuple[Audience, ...], wanted: set[str]
) -> None:
    bulletin_id = await a_bulletin(database, audience=audience or (WOMEN,))
    if not audience:
        audience = (Audience(rule=AudienceRule.LISTED),)
    async with database.transaction() as tx:
        recipients = await tx.outbox.recipients(audience)
        bulletin = await tx.bulletins.get(bulletin_id)
        await tx.deliveries.fan_out(bulletin, audience, now=NOW)
        deliveries = await tx.outbox.of_bulletin(bulletin_id)
    assert {each.subscriber_id for each in deliveries} == {people[name] for name in wanted}
    assert recipients.total == len(wanted)
    assert recipients.groups == len(wanted & {"group"})


async def test_a_unit_under_an_organisation_belongs_to_it(
    database: Database, people: dict[str, int]
) -> None:
    async with database.transaction() as tx:
        unit = await tx.organisations.add("Chi hội Phụ nữ ấp 1", parent_id=3)
        await tx.subscribers.set_organisation(people["anybody"], unit)
        recipients = await tx.outbox.recipients((WOMEN,))
    assert recipients.people == 2


@pytest.mark.usefixtures("people")
async def test_a_second_run_gives_nobody_a_second_delivery(database: Database) -> None:
    await a_bulletin(database)
    assert (await fan_out_ready(database, NOW)).deliveries == len(HERE)
    assert (await fan_out_ready(database, NOW)).bulletins == 0


@pytest.mark.usefixtures("people")
async def test_what_is_not_due_or_too_late_is_given_to_nobody(database: Database) -> None:
    await a_bulletin(database)
    assert (await fan_out_ready(database, NOW - timedelta(seconds=1))).deliveries == 0
    assert (await fan_out_ready(database, NOW + timedelta(days=3))).deliveries == 0
