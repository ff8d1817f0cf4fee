"""Who a bulletin is for, as conditions on subscribers."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, literal, select

from storage.models import (
    BulletinListedRow,
    ChatRow,
    DeliveryRow,
    OrganisationRow,
    SubscriberRow,
    SubscriptionRow,
)
from storage.records import Audience, AudienceRule, Reachability, SubscriberState


def delivery_is_for_active() -> ColumnElement[bool]:
    return exists().where(
        SubscriberRow.id == DeliveryRow.subscriber_id,
        SubscriberRow.state == SubscriberState.ACTIVE,
    )


def receives(
    audience: Sequence[Audience], bulletin_id: int | None = None
) -> list[ColumnElement[bool]]:
    return [
        SubscriberRow.state == SubscriberState.ACTIVE,
        is_reachable(),
        *_fits(audience, bulletin_id),
    ]


def is_reachable() -> ColumnElement[bool]:
    return exists().where(
        ChatRow.subscriber_id == SubscriberRow.id, ChatRow.reachability == Reachability.OK
    )


def _fits(audience: Sequence[Audience], bulletin_id: int | None) -> list[ColumnElement[bool]]:
    """Rules of one kind are alternatives, all kinds must hold; no rule at all is nobody."""
    values = defaultdict[AudienceRule, list[str]](list)
    for each in audience:
        values[each.rule].append(each.value)
    if not values:
        return [literal(value=False)]
    return [_fits_one(rule, accepted, bulletin_id) for rule, accepted in values.items()]


def _fits_one(
    rule: AudienceRule, values: list[str], bulletin_id: int | None
) -> ColumnElement[bool]:
    match rule:
        case AudienceRule.ALL:
            return literal(value=True)
        case AudienceRule.LISTED:
            return exists().where(
                BulletinListedRow.bulletin_id == bulletin_id,
                BulletinListedRow.subscriber_id == SubscriberRow.id,
            )
        case AudienceRule.TOPIC:
            return exists().where(
                SubscriptionRow.subscriber_id == SubscriberRow.id,
                SubscriptionRow.topic_id.in_([int(value) for value in values]),
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
            return SubscriberRow.organisation_id.in_(select(tree.c.id))
        case AudienceRule.ROLE:
            return SubscriberRow.role.in_(values)
        case AudienceRule.PLATFORM:
            return exists().where(
                ChatRow.subscriber_id == SubscriberRow.id,
                ChatRow.platform.in_(values),
                ChatRow.reachability == Reachability.OK,
            )
