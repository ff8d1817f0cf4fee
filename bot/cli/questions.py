"""What `bantin init` asks about the office and its bot; each answer is tried as it is given."""

import asyncio
from typing import Any, get_args

from bot.app import office_bot
from bot.cli.screen import ask, complain, say
from bot.platforms.telegram.bot import Me, who_am_i
from bot.platforms.telegram.errors import TokenRefused
from bot.settings import AddressForm, WrongSetting, load
from jobs.messenger import SendError
from jobs.text import fold

Answers = dict[str, Any]  # as bantin.toml has them

_NOTHING = "-"
_TOKEN_REFUSED = "Telegram không nhận mã này. Hãy sao chép lại mã trong @BotFather."  # noqa: S105
_FORMS: tuple[str, ...] = get_args(AddressForm)


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


def ask_token(answers: Answers) -> Me | None:
    """Until Telegram knows the token; None when Telegram cannot be reached now."""
    while True:
        kept = load(**answers).telegram_token is not None
        or_kept = ", Enter để giữ mã cũ" if kept else ""
        token = ask(f"Mã bot do @BotFather cấp (không hiện khi dán{or_kept})", hidden=True)
        if not (token or kept):
            complain("Cần có mã bot. Trong Telegram, tìm @BotFather rồi gửi /newbot để lấy mã.")
            continue
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
