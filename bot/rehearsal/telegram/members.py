"""Chats and members as the Bot API describes them in full."""

from bot.rehearsal.telegram.records import Chat, Json, Person, Status

RIGHTS = (  # core.telegram.org/bots/api#chatmemberadministrator
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
)
PERMISSIONS = (  # core.telegram.org/bots/api#chatpermissions
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
)
GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")


def member(person: Person, status: str) -> Json:
    """A ChatMember; `status` is one of Status, or "left" or "kicked"."""
    shown: Json = {"user": person.to_api(), "status": status}
    if status == Status.CREATOR:
        shown["is_anonymous"] = False
    elif status == Status.ADMINISTRATOR:
        shown |= {"can_be_edited": False, "is_anonymous": False, **dict.fromkeys(RIGHTS, True)}
    elif status == "kicked":
        shown["until_date"] = 0
    return shown


def full_info(chat: Chat) -> Json:
    """A ChatFullInfo."""
    gifts = dict.fromkeys((*GIFTS, "gifts_from_channels"), False)
    shown = chat.to_api() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": gifts,
    }
    if not chat.is_private:
        shown["permissions"] = dict.fromkeys(PERMISSIONS, True)
    return shown
