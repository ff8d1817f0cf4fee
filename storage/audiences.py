"""Who a bulletin is for, as conditions on subscribers."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Select, and_, exists, literal, select
from sqlalchemy.orm import aliased

from storage.models import (
    BulletinListedRow,
    ChatRow,
    DeliveryRow,
    OrganisationRow,
    SubscriberRow,
    SubscriptionRow,
)
from storage.records import (
    Audience,
    AudienceRule,
    ChatKind,
    Platform,
    Reachability,
    SubscriberState,
)
from storage.ways import platform_of_way


def delivery_is_for_active() -> ColumnElement[bool]:
    return exists().where(
        SubscriberRow.id == DeliveryRow.subscriber_id,
        SubscriberRow.state == SubscriberState.ACTIVE,
    )


def wants(
    audience: Sequence[Audience], bulletin_id: int | None = None
) -> list[ColumnElement[bool]]:
    """Whom it is for, wherever he is."""
    return [
        SubscriberRow.state == SubscriberState.ACTIVE,
        *_fits(audience, bulletin_id, SubscriberRow),
    ]


def has_it_in_a_group(
    audience: Sequence[Audience], bulletin_id: int | None = None, *, is_news: bool = False
) -> ColumnElement[bool]:
    """A group gets it for his organisation's members, and at once."""
    group = aliased(SubscriberRow)
    organisations = select(group.organisation_id).where(
        *_stands(group), *_fits(audience, bulletin_id, group)
    )
    if is_news:
        organisations = organisations.where(group.digest_hour.is_(None))
    return _is_member_on_zalo(SubscriberRow.organisation_id.in_(organisations))


def any_group_stands() -> Select[tuple[bool]]:
    """Whether there is a group that gets anything for others at all."""
    return select(exists().where(*_stands(aliased(SubscriberRow))))


def is_reachable(*, without_bots: Collection[int] = ()) -> ColumnElement[bool]:
    return _has_chat(SubscriberRow, ChatRow.bot_id.not_in(without_bots))


def his_group() -> Select[SubscriberRow]:
    """One that gets for a member what is sent to both, where it gets most."""
    group = aliased(SubscriberRow)
    in_his = _is_member_on_zalo(group.organisation_id == SubscriberRow.organisation_id)
    return (
        select(group)
        .join(SubscriberRow, in_his)
        .where(*_stands(group))
        .order_by(group.digest_hour.is_not(None), group.id)
        .limit(1)
    )


def _stands(group: type[SubscriberRow]) -> tuple[ColumnElement[bool], ...]:
    """For its organisation's members. Only on Zalo, where each message counts."""
    return (
        group.stands_for_members.is_(True),
        group.kind == ChatKind.GROUP,
        group.state == SubscriberState.ACTIVE,
        group.organisation_id.is_not(None),
        _has_chat(group, ChatRow.platform == Platform.ZALO),
    )


def _is_member_on_zalo(which: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(
        SubscriberRow.kind == ChatKind.PERSON,
        SubscriberRow.organisation_id.is_not(None),
        which,
        platform_of_way() == Platform.ZALO,
    )


def _has_chat(who: type[SubscriberRow], *which: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        ChatRow.subscriber_id == who.id, ChatRow.reachability == Reachability.OK, *which
    )


def _fits(
    audience: Sequence[Audience], bulletin_id: int | None, who: type[SubscriberRow]
) -> list[ColumnElement[bool]]:
    """Rules of one kind are alternatives, all kinds must hold; no rule at all is nobody."""
    values = defaultdict[AudienceRule, list[str]](list)
    for each in audience:
        values[each.rule].append(each.value)
    if not values:
        return [literal(value=False)]
    return [_fits_one(rule, accepted, bulletin_id, who) for rule, accepted in values.items()]


def _fits_one(
    rule: AudienceRule, values: list[str], bulletin_id: int | None, who: type[SubscriberRow]
) -> ColumnElement[bool]:
    match rule:
        case AudienceRule.ALL:
            return literal(value=True)
        case AudienceRule.LISTED:
            return exists().where(
                BulletinListedRow.bulletin_id == bulletin_id,
                BulletinListedRow.subscriber_id == who.id,
            )
        case AudienceRule.TOPIC:
            # their ids as a set: looked up for each subscriber it takes a quarter longer
            return who.id.in_(
                select(SubscriptionRow.subscriber_id).where(
                    SubscriptionRow.topic_id.in_([int(value) for value in values])
                )
            )
        case AudienceRule.ORGANISATION:
            tree = (
                select(OrganisationRow.id)
                .where(OrganisationRow.id.in_([int(value) for value in values]))
                .cte(recursive=True)
            )
            tree = tree.union(
                select(OrganisationRow.id).join(tree, OrganisationRow.parent_id == tree.c.id)
            )
            return who.organisation_id.in_(select(tree.c.id))
        case AudienceRule.ROLE:
            return who.role.in_(values)
        case AudienceRule.PLATFORM:
            return _has_chat(who, ChatRow.platform.in_(values))
