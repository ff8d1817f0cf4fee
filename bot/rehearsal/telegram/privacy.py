"""What of a group's talk reaches the bot; core.telegram.org/bots/features#privacy-mode."""

from bot.rehearsal.telegram.records import Json, Message, Standing
from bot.rehearsal.telegram.world import TelegramWorld


def reaches_bot(world: TelegramWorld, message: Message) -> bool:
    """Privacy mode lets commands, mentions and replies to the bot through."""
    chat = message.chat
    if chat.is_private:
        return True
    if chat.standing is not Standing.MEMBER:
        return False
    if not world.privacy_mode:
        return True
    replied = chat.messages.get(message.reply_to) if message.reply_to else None
    if replied is not None and replied.sender is world.bot:
        return True
    return _is_for(f"@{world.bot.username}".lower(), message)


def _is_for(own_name: str, message: Message) -> bool:
    for entity in message.entities:
        words = _slice(message.text, entity).lower()
        if entity["type"] == "mention" and words == own_name:
            return True
        if entity["type"] == "bot_command" and ("@" not in words or words.endswith(own_name)):
            return True
    return False


def _slice(text: str, entity: Json) -> str:
    encoded = text.encode("utf-16-le")
    start = 2 * entity["offset"]
    return encoded[start : start + 2 * entity["length"]].decode("utf-16-le")
