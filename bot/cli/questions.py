"""What `bantin init` asks about the office and its bot; each answer is tried as it is given."""

import asyncio
import secrets
from typing import Any, get_args
from urllib.parse import urlsplit

from bot.bots.telegram import office_bot
from bot.bots.zalo import hook_path, zalo_client
from bot.cli.checks.zalo import introduced
from bot.cli.screen import ask, complain, say
from bot.platforms.telegram.bot import Me, who_am_i
from bot.platforms.zalo.client import Me as ZaloMe
from bot.setting_forms import account_of
from bot.settings import AddressForm, Settings, WrongSetting, load
from jobs.messenger import SendError, TokenRefused
from jobs.text import fold

Answers = dict[str, Any]  # as bantin.toml has them

_NOTHING = "-"
_TOKEN_REFUSED = "Telegram không nhận mã này. Hãy sao chép lại mã trong @BotFather."  # noqa: S105
_NO_BOT = (
    "Cần có ít nhất một bot, Telegram hoặc Zalo. Trong Telegram, tìm @BotFather rồi gửi /newbot. "
    "Trong Zalo, mở “Zalo Bot Manager” rồi chọn “Tạo bot”."
)
_SECRET_BYTES = 24
_FORMS: tuple[str, ...] = get_args(AddressForm)


class _ZaloRefused(Exception):
    def __init__(self, account: str) -> None:
        super().__init__(
            f"Zalo không nhận mã của bot {account}. "
            "Hãy sao chép lại mã mà Zalo Bot Creator đã gửi."
        )


def ask_office(answers: Answers) -> None:
    _ask(answers, "office", "Tên cơ quan, như người nhận sẽ thấy")
    _ask_address_form(answers)
    kept = load(**answers).contact
    or_nothing = f", {_NOTHING} để bỏ" if kept else ", Enter để bỏ trống"
    _ask(answers, "contact", f"Ai trả lời khi người nhận cần hỏi (tên, số điện thoại{or_nothing})")


def _ask(answers: Answers, name: str, question: str) -> None:
    """Until the answer is accepted."""
    default = getattr(load(**answers), name)
    while True:
        answer = ask(question, default=default)
        value = "" if answer == _NOTHING else answer
        if _is_accepted(answers, name, value):
            answers[name] = value
            return


def _is_accepted(answers: Answers, name: str, value: str) -> bool:
    try:
        load(**{**answers, name: value})
    except WrongSetting as wrong:
        complain(str(wrong))
        return False
    return True


def _ask_address_form(answers: Answers) -> None:
    """By number, or as it is said."""
    shown = [form or "không xưng hô" for form in _FORMS]
    say("Cách xưng hô với người nhận:")
    say("   ".join(f"{number}. {form}" for number, form in enumerate(shown, 1)))
    numbers = {fold(form): number for number, form in enumerate(shown)}
    numbers |= {str(number + 1): number for number in range(len(shown))}
    default = str(_FORMS.index(load(**answers).address_form) + 1)
    while True:
        answer = ask(f"Chọn một số từ 1 đến {len(shown)}", default=default)
        if fold(answer) in numbers:
            answers["address_form"] = _FORMS[numbers[fold(answer)]]
            return
        complain(f"Không có lựa chọn “{answer}”.")


def ask_bots(answers: Answers) -> Me | None:
    """Until the office has a bot; Telegram's, when it could be asked."""
    while True:
        me = _ask_telegram(answers)
        _ask_zalo(answers)
        settings = load(**answers)
        if settings.telegram_token is not None or settings.each_zalo_token:
            return me
        complain(_NO_BOT)


def _ask_telegram(answers: Answers) -> Me | None:
    """Until Telegram knows the token; None without one, or when Telegram cannot be reached."""
    while True:
        kept = load(**answers).telegram_token is not None
        or_nothing = "Enter để giữ mã cũ" if kept else "Enter để không dùng Telegram"
        token = ask(
            f"Mã bot Telegram do @BotFather cấp (không hiện khi dán, {or_nothing})", hidden=True
        )
        if not (token or kept):
            return None
        tried = {**answers, "telegram_token": token} if token else dict(answers)
        try:
            load(**tried)
            me = _introduced(tried)
        except (WrongSetting, TokenRefused) as error:
            complain(_TOKEN_REFUSED if isinstance(error, TokenRefused) else str(error))
            continue
        answers.update(tried)
        return me


def _introduced(tried: Answers) -> Me | None:
    """Adds the proxy it took. Raises TokenRefused."""
    while True:
        say("Đang thử mã bot với Telegram…")
        try:
            me = asyncio.run(_introduce(tried))
        except TokenRefused:
            raise
        except SendError:
            complain("Chưa kết nối được tới Telegram từ máy này.")
            if not _ask_proxy(tried):
                return None
        else:
            say(f"Telegram nhận mã này: @{me.username} ({me.name}).")
            return me


async def _introduce(tried: Answers) -> Me:
    async with office_bot(load(**tried)) as bot:
        return await who_am_i(bot)


def _ask_proxy(tried: Answers) -> bool:
    """False to go on without Telegram."""
    while True:
        proxy = ask("Địa chỉ proxy (socks5://… hoặc http://…), Enter để đi tiếp và thử lại sau")
        if not proxy:
            return False
        if _is_accepted(tried, "telegram_proxy", proxy):
            tried["telegram_proxy"] = proxy
            return True


def _ask_zalo(answers: Answers) -> None:
    """Until Zalo knows each token, or cannot be reached."""
    while True:
        kept = bool(load(**answers).each_zalo_token)
        or_nothing = "Enter để giữ mã cũ" if kept else "Enter để không dùng Zalo"
        tokens = ask(
            "Mã bot Zalo do Zalo Bot Creator gửi (không hiện khi dán, nhiều mã cách nhau "
            f"bằng dấu cách, {or_nothing})",
            hidden=True,
        )
        if not (tokens or kept):
            return
        tried = {**answers, "zalo_tokens": tokens} if tokens else dict(answers)
        try:
            _introduce_each(load(**tried))
        except (WrongSetting, _ZaloRefused) as error:
            complain(str(error))
            continue
        answers.update(tried)
        _ask_webhook(answers)
        return


def _introduce_each(settings: Settings) -> None:
    """Raises _ZaloRefused."""
    say("Đang thử mã bot với Zalo…")
    for token in settings.each_zalo_token:
        try:
            me = asyncio.run(_zalo_says(settings, token))
        except TokenRefused as error:
            raise _ZaloRefused(account_of(token)) from error
        except SendError:
            complain("Chưa kết nối được tới Zalo từ máy này; sẽ thử lại khi chạy.")
            return
        say(introduced(me, account_of(token)))


async def _zalo_says(settings: Settings, token: str) -> ZaloMe:
    async with zalo_client(settings, token) as client:
        return await client.who_am_i()


def _ask_webhook(answers: Answers) -> None:
    """The secret is made here: nobody needs to know it."""
    while True:
        kept = load(**answers).zalo_webhook_url
        or_nothing = f"{_NOTHING} để bỏ" if kept else "Enter để bỏ qua, chỉ nên khi chạy thử"
        url = ask(f"Địa chỉ webhook cho Zalo (https://…, {or_nothing})", default=kept)
        tried = dict(answers)
        if url == _NOTHING:
            tried.pop("zalo_webhook_url", None)
        elif url:
            tried["zalo_webhook_url"] = url
            tried.setdefault("zalo_webhook_secret", secrets.token_urlsafe(_SECRET_BYTES))
        try:
            load(**tried)
        except WrongSetting as wrong:
            complain(str(wrong))
            continue
        if url == _NOTHING:
            _end_calls(load(**tried))
        answers.clear()
        answers.update(tried)
        return


def _end_calls(settings: Settings) -> None:
    """As long as Zalo calls a webhook, it hands out nothing to who asks."""
    try:
        for token in settings.each_zalo_token:
            asyncio.run(_delete_webhook(settings, token))
    except SendError:
        complain(
            "Chưa bỏ được webhook ở Zalo, nên Bản tin sẽ không nhận được tin nhắn. "
            f"Khi kết nối được, hãy chạy lại bantin init và trả lời {_NOTHING} lần nữa."
        )


async def _delete_webhook(settings: Settings, token: str) -> None:
    """Somebody else's is left alone."""
    async with zalo_client(settings, token) as client:
        if urlsplit(await client.webhook_url()).path.endswith(hook_path(token)):
            await client.delete_webhook()
