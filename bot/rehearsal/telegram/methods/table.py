"""The methods this Telegram knows, by name."""

from collections.abc import Callable, Coroutine
from typing import Any

from bot.rehearsal.telegram.methods import chats, commands, media, messages, receiving, webhooks
from bot.rehearsal.telegram.params import Params
from bot.rehearsal.telegram.world import TelegramWorld

Method = Callable[[TelegramWorld, Params], Coroutine[Any, Any, object]]

METHODS: dict[str, Method] = {
    "getMe": receiving.get_me,
    "getUpdates": receiving.get_updates,
    "answerCallbackQuery": receiving.answer_callback_query,
    "getFile": receiving.get_file,
    "setWebhook": webhooks.set_webhook,
    "deleteWebhook": webhooks.delete_webhook,
    "getWebhookInfo": webhooks.get_webhook_info,
    "close": receiving.say_true,
    "logOut": receiving.say_true,
    "sendMessage": messages.send_message,
    "editMessageText": messages.edit_message_text,
    "editMessageReplyMarkup": messages.edit_message_reply_markup,
    "deleteMessage": messages.delete_message,
    "sendPhoto": media.send_photo,
    "sendDocument": media.send_document,
    "sendMediaGroup": media.send_media_group,
    "editMessageCaption": media.edit_message_caption,
    "editMessageMedia": media.edit_message_media,
    "sendChatAction": messages.send_chat_action,
    "getChat": chats.get_chat,
    "getChatMember": chats.get_chat_member,
    "getChatAdministrators": chats.get_chat_administrators,
    "setMyCommands": commands.set_my_commands,
    "getMyCommands": commands.get_my_commands,
    "deleteMyCommands": commands.delete_my_commands,
}
NAMES = {name.lower(): name for name in METHODS}  # the real server ignores capitals
