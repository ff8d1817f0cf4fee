"""One chat's row as a record; several repositories hand it out."""

from storage.models import ChatRow
from storage.records import Chat, ChatKind, Platform, Reachability


def chat_record(row: ChatRow) -> Chat:
    return Chat(
        id=row.id,
        subscriber_id=row.subscriber_id,
        platform=Platform(row.platform),
        bot_id=row.bot_id,
        address=row.address,
        thread=row.thread,
        kind=ChatKind(row.kind),
        reachability=Reachability(row.reachability),
        gone_at=row.gone_at,
    )
