"""Zalo: the tokens, who receives what people write, what is left of the month."""

import asyncio
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from bot.bots.zalo import hook_path, webhook_url, zalo_client
from bot.cli.checks.finding import Finding, critical, fine, warning
from bot.commands.quota import quota_line
from bot.platforms.zalo.client import Me, ZaloClient
from bot.setting_forms import account_of
from bot.settings import Settings
from jobs.messenger import SendError, TokenRefused
from jobs.thrift import WARNED_PERCENT, month_of, percent_used
from storage.database import Database

_INIT = "Hãy chạy: bantin init"
_TRYING = timedelta(seconds=8)  # Zalo calls the webhook and waits for its answer


async def look_at_bots(settings: Settings, *, answer_within: timedelta) -> list[Finding]:
    """Nothing for an office that is not on Zalo."""
    found = await asyncio.gather(
        *(_look_at(settings, token, answer_within) for token in settings.each_zalo_token)
    )
    return [finding for findings in found for finding in findings]


async def _look_at(settings: Settings, token: str, answer_within: timedelta) -> list[Finding]:
    account = account_of(token)
    async with zalo_client(settings, token) as client:
        try:
            async with asyncio.timeout(answer_within.total_seconds()):
                me = await client.who_am_i()
                called = await client.webhook_url()
        except TokenRefused:
            return [
                critical(
                    f"Zalo không nhận mã của bot {account}.",
                    f"Hãy lấy lại mã trong Zalo Bot Creator. {_INIT}",
                )
            ]
        except (SendError, TimeoutError):
            return [critical("không kết nối được tới Zalo.", "Hãy kiểm tra mạng của máy này.")]
        wanted = webhook_url(settings, token)
        if called and called == wanted:
            about_webhook = await _try_webhook(client, urlsplit(called).hostname)
        else:
            about_webhook = _look_at_webhook(called, wanted, hook_path(token))
        return [fine(introduced(me, account)), about_webhook]


def introduced(me: Me, account: str) -> str:
    groups = "vào được nhóm" if me.can_join_groups else "Zalo chưa cho vào nhóm"
    return f"Zalo nhận mã bot {account} ({me.name}), {groups}."


def _look_at_webhook(called: str, wanted: str, our_path: str) -> Finding:
    """Of one that is not as it should be, or of none."""
    if called and not urlsplit(called).path.endswith(our_path):
        return critical(
            f"tin nhắn của hội viên đang được chuyển tới nơi khác ({urlsplit(called).hostname}).",
            "Một chương trình khác dùng chung mã bot này: hãy dừng nó và xóa webhook của nó.",
        )
    if wanted:
        return critical(
            f"Zalo chưa gọi tới {urlsplit(wanted).hostname}, "
            "nên Bản tin không nhận được tin nhắn nào.",
            "Bản tin tự đặt địa chỉ này khi chạy: bantin run. Nếu đang chạy thì Zalo không nhận "
            "địa chỉ: hãy kiểm tra tên miền trong zalo_webhook_url.",
        )
    if called:
        return critical(
            f"Zalo vẫn gọi tới {urlsplit(called).hostname} "
            "nên Bản tin không nhận được tin nhắn nào.",
            "Hãy đặt lại zalo_webhook_url; hoặc dừng Bản tin, chạy bantin init và trả lời - "
            "khi được hỏi về webhook.",
        )
    return warning(
        "đang hỏi tin nhắn liên tục; khi Bản tin dừng, tin nhắn của hội viên có thể bị mất.",
        "Khi dùng chính thức, hãy đặt zalo_webhook_url (xem hướng dẫn, phần Zalo).",
    )


async def _try_webhook(client: ZaloClient, host: str | None) -> Finding:
    """Zalo keeps an address that it cannot reach, and tries it only some times a day."""
    try:
        async with asyncio.timeout(_TRYING.total_seconds()):
            trouble = await client.try_webhook()
    except (SendError, TimeoutError):
        return fine(f"tin nhắn đến được gửi về {host}; không biết Zalo có gọi tới được không.")
    if not trouble:
        return fine(f"tin nhắn đến được gửi về {host}, Zalo gọi tới được.")
    return critical(
        f"Zalo không gọi tới được {host} ({trouble}), nên Bản tin không nhận được tin nhắn nào.",
        "Hãy xem Bản tin có đang chạy không (bantin run), "
        "rồi kiểm tra tên miền, chứng chỉ và đường dẫn tới máy này.",
    )


async def look_at_quotas(database: Database, now: datetime) -> list[Finding]:
    async with database.transaction() as tx:
        found = await tx.quotas.usage(month_of(now))
    return [
        fine(quota_line(usage))
        if percent_used(usage) < WARNED_PERCENT
        else warning(
            quota_line(usage),
            "Trong Telegram hoặc Zalo, người quản lý gõ: /hanmuc",
        )
        for usage in found
    ]
