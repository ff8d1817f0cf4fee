"""The methods this Zalo knows; capitals matter."""

from collections.abc import Callable, Coroutine
from typing import Any

from bot.rehearsal.zalo.account import Account
from bot.rehearsal.zalo.methods import receiving, sending, webhooks
from bot.rehearsal.zalo.params import Params
from bot.rehearsal.zalo.world import ZaloWorld

Method = Callable[[ZaloWorld, Account, Params], Coroutine[Any, Any, object]]

METHODS: dict[str, Method] = {
    "getMe": receiving.get_me,
    "getUpdates": receiving.get_updates,
    "setWebhook": webhooks.set_webhook,
    "getWebhookInfo": webhooks.get_webhook_info,
    "deleteWebhook": webhooks.delete_webhook,
    "testWebhook": webhooks.try_webhook,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendSticker": sending.send_sticker,
    "sendVoice": sending.send_voice,
    "sendChatAction": sending.send_chat_action,
}
