"""Every setting with default, unit and meaning; read from bantin.toml and BANTIN_…"""

import os
import re
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from bot.setting_forms import FORMS, account_of, has_its_form
from storage.records import Platform

FILE = Path("bantin.toml")
PREFIX = "BANTIN_"
TELEGRAM_API_URL = "https://api.telegram.org/bot"
# core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this, 2026-11
TELEGRAM_PER_SECOND = 30
ZALO_API_URL = "https://bot-api.zaloplatforms.com/bot"
AddressForm = Literal["anh/chị", "đồng chí", "ông/bà", "quý vị", ""]


class WrongSetting(Exception):
    """A setting cannot be used; its text names it, what was found and what is accepted."""


def _setting(default: object, meaning: str, accepted: str, **rules: Any) -> Any:  # noqa: ANN401 - as pydantic's Field
    """`meaning` is for the README, `accepted` for the person who got it wrong."""
    return Field(
        default=default, description=meaning, json_schema_extra={"accepted": accepted}, **rules
    )


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    # fmt: off
    office: str = _setting(
        "Bản tin", "The office's name, as messages say it.",
        "1 đến 120 ký tự", min_length=1, max_length=120)
    address_form: AddressForm = _setting(
        "anh/chị", "How members are addressed; empty leaves the pronoun out.",
        "anh/chị, đồng chí, ông/bà, quý vị, hoặc để trống")
    contact: str = _setting(
        "", "Whom members may ask: a name, a telephone number.",
        "tối đa 200 ký tự", max_length=200)
    database_url: SecretStr = _setting(
        SecretStr("sqlite+aiosqlite:///bantin.db"),
        "Where everything is stored: an SQLite file, or a PostgreSQL server that several share.",
        "dạng sqlite+aiosqlite:///bantin.db "
        "hoặc postgresql+asyncpg://NGƯỜI-DÙNG:MẬT-KHẨU@MÁY-CHỦ/TÊN")
    telegram_token: SecretStr | None = _setting(
        None, "The bot's token from @BotFather.",
        "mã do @BotFather cấp, dạng 123456789:AAE…")
    telegram_api_url: str = _setting(
        TELEGRAM_API_URL, "Base address of the Bot API, without the token.",
        "địa chỉ http:// hoặc https:// có /bot ở cuối")
    telegram_proxy: SecretStr | None = _setting(
        None, "Proxy for Telegram.",
        "http://…, https://…, socks5://… hoặc socks5h://…")
    zalo_tokens: SecretStr | None = _setting(
        None, "The tokens of Zalo bots from Zalo Bot Creator, set apart by spaces.",
        "mã do Zalo Bot Creator gửi, dạng 12345689:abc-xyz; nhiều mã cách nhau bằng dấu cách, "
        "mỗi bot một mã")
    zalo_api_url: str = _setting(
        ZALO_API_URL, "Base address of Zalo's Bot Platform, without the token.",
        "địa chỉ http:// hoặc https:// có /bot ở cuối")
    zalo_webhook_url: str = _setting(
        "", "Public address that leads to `web_listen`; empty: long polling, for trials.",
        "địa chỉ https:// mà Zalo gọi tới được, hoặc để trống")
    zalo_webhook_secret: SecretStr | None = _setting(
        None, "What Zalo must show with each call; needed with `zalo_webhook_url`.",
        "từ 8 đến 256 chữ, số hoặc dấu, không có dấu cách; bắt buộc khi đặt zalo_webhook_url",
        validate_default=True)
    web_listen: str = _setting(
        "127.0.0.1:8088", "Where Zalo's calls are listened for, behind the reverse proxy.",
        "dạng 127.0.0.1:8088")
    zalo_monthly_messages: int = _setting(
        3000, "Messages a month that Zalo allows each bot, both directions.",
        "số từ 1 đến 10000000", ge=1, le=10_000_000)
    zalo_answers_a_day: int = _setting(
        30, "Answers a day to one chat on Zalo, twice as many to who joins, leaves or links.",
        "số từ 10 đến 100000", ge=10, le=100_000)
    zalo_people: int = _setting(
        50, "People that Zalo allows each bot.",
        "số từ 1 đến 10000000", ge=1, le=10_000_000)
    zalo_groups: int = _setting(
        3, "Groups that Zalo allows each bot.",
        "số từ 0 đến 10000000", ge=0, le=10_000_000)
    other_platform_after_minutes: int = _setting(
        60, "So long a platform may be down before the other one takes over what waits.",
        "số phút, từ 1 đến 10080", ge=1, le=10_080)
    poll_interval_seconds: int = _setting(
        900, "Seconds between two visits to a source.",
        "số giây, từ 1 đến 86400", ge=1, le=86_400)
    fetch_deadline_seconds: int = _setting(
        30, "Seconds that one page may take in all.",
        "số giây, từ 1 đến 300", ge=1, le=300)
    fetch_limit_bytes: int = _setting(
        8_000_000, "Largest page that is read, in bytes, unpacked.",
        "số byte, từ 10000 đến 50000000", ge=10_000, le=50_000_000)
    fetch_gap_seconds: float = _setting(
        2, "Seconds that a server rests between two requests.",
        "số giây, từ 0 đến 60", ge=0, le=60)
    fetch_allowed_hosts: str = _setting(
        "", "What may be read on the office's own network: host:port, set apart by spaces.",
        "dạng 10.0.0.7:8080 cong.noibo:80, cách nhau bằng dấu cách")
    messages_per_second: float = _setting(
        TELEGRAM_PER_SECOND, "Most messages a second in all; above 30 only against a rehearsal.",
        "số lớn hơn 0, tối đa 30", gt=0, le=1000)
    paid_messages_per_second: int = _setting(
        0, "Notices may go out so fast when their author agrees to pay: Telegram takes 0.1 Stars "
        "from the bot for each message above 30 a second (core.telegram.org/bots/faq). 0: never.",
        "0 hoặc số từ 31 đến 1000", ge=0, le=1000)
    quiet_from_hour: int = _setting(
        21, "From this hour in Viet Nam ordinary bulletins wait; the same as the other: never.",
        "giờ trong ngày, từ 0 đến 23", ge=0, le=23)
    quiet_to_hour: int = _setting(
        6, "Until this hour in Viet Nam they wait.",
        "giờ trong ngày, từ 0 đến 23", ge=0, le=23)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = _setting(
        "INFO", "How much is logged.",
        "DEBUG, INFO, WARNING hoặc ERROR")
    # fmt: on

    @field_validator(
        "telegram_proxy",
        "telegram_token",
        "zalo_tokens",
        "zalo_webhook_secret",
        mode="before",
    )
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return (value.strip() or None) if isinstance(value, str) else value

    @field_validator(*FORMS)
    @classmethod
    def _has_its_form(
        cls, value: SecretStr | str | None, info: ValidationInfo
    ) -> SecretStr | str | None:
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        if text is not None and not has_its_form(str(info.field_name), text):
            raise ValueError("another form is needed")
        return value

    @property
    def allowed_hosts(self) -> frozenset[tuple[str, int]]:
        """As connections are checked against."""
        pairs = (each.lower().rpartition(":") for each in self.fetch_allowed_hosts.split())
        return frozenset((host.strip("[]"), int(port)) for host, _, port in pairs)

    @field_validator("zalo_tokens")
    @classmethod
    def _are_different_bots(cls, value: SecretStr | None) -> SecretStr | None:
        accounts = [account_of(token) for token in _each(value)]
        if len(set(accounts)) < len(accounts):
            raise ValueError("one bot is named twice")
        return value

    @field_validator("zalo_webhook_secret")
    @classmethod
    def _is_there_when_needed(
        cls, value: SecretStr | None, info: ValidationInfo
    ) -> SecretStr | None:
        if value is None and info.data.get("zalo_webhook_url"):
            raise ValueError("a webhook needs a secret")
        return value

    @property
    def platforms(self) -> tuple[Platform, ...]:
        """Where it has a bot."""
        tokens = {Platform.TELEGRAM: self.telegram_token, Platform.ZALO: self.zalo_tokens}
        return tuple(platform for platform, token in tokens.items() if token is not None)

    @property
    def each_zalo_token(self) -> tuple[str, ...]:
        return _each(self.zalo_tokens)

    @property
    def web_address(self) -> tuple[str, int]:
        """Host and port to listen at."""
        host, _, port = self.web_listen.rpartition(":")
        return host.strip("[]"), int(port)

    @field_validator("messages_per_second")
    @classmethod
    def _is_what_telegram_takes(cls, value: float, info: ValidationInfo) -> float:
        if value > TELEGRAM_PER_SECOND and info.data.get("telegram_api_url") == TELEGRAM_API_URL:
            raise ValueError("more than Telegram takes")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - not used: one file is enough
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - see above
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the file; a caller's own values win over both."""
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls, FILE))


def _each(tokens: SecretStr | None) -> tuple[str, ...]:
    return tuple(tokens.get_secret_value().split()) if tokens is not None else ()


def load(**own: Any) -> Settings:  # noqa: ANN401 - any setting's value
    """Raises WrongSetting."""
    _refuse_unknown_variables()
    try:
        return Settings(**own)
    except tomllib.TOMLDecodeError as error:
        raise WrongSetting(_where_broken(error)) from error
    except UnicodeDecodeError as error:
        raise WrongSetting(f"Tệp {FILE} không phải văn bản UTF-8.") from error
    except OSError as error:
        raise WrongSetting(f"Không mở được tệp {FILE}. Hãy kiểm tra quyền đọc.") from error
    except ValidationError as error:
        raise WrongSetting("\n".join(map(_sentence, error.errors()))) from None  # holds the value


class _Exactly(Settings):
    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - nothing but what the caller says
        init_settings: PydanticBaseSettingsSource,
        *others: PydanticBaseSettingsSource,  # noqa: ARG003
        **named: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def exactly(**own: Any) -> Settings:  # noqa: ANN401 - any setting's value
    """These and the defaults: no file, no environment, so that a rehearsal stays one."""
    return _Exactly(**own)


def fields() -> dict[str, FieldInfo]:
    """Name -> default and description, in the order of this file."""
    return Settings.model_fields


def variable(name: str) -> str:
    """The environment's name of a setting."""
    return f"{PREFIX}{name.upper()}"


def _refuse_unknown_variables() -> None:
    """A misspelt variable would be passed over in silence."""
    known = set(map(variable, fields()))
    for name in os.environ:  # noqa: TID251 - the one place that reads it
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            raise WrongSetting(
                f"Không có cài đặt tên “{name}” (biến môi trường). Các cài đặt: {_names()}."
            )


def _names() -> str:
    return ", ".join(fields())


def _where_broken(error: tomllib.TOMLDecodeError) -> str:
    place = re.search(r"line (\d+), column (\d+)", str(error))
    where = f"ở dòng {place[1]}, cột {place[2]}" if place else "ở cuối tệp"
    return f'Tệp {FILE} viết sai {where}. Mỗi dòng cần có dạng: tên = "giá trị"'


def _sentence(error: Any) -> str:  # noqa: ANN401 - pydantic's ErrorDetails
    name = str(error["loc"][0])
    field = fields().get(name)
    if field is None:
        return f"Không có cài đặt tên “{name}” trong {FILE}. Các cài đặt: {_names()}."
    extra = field.json_schema_extra
    accepted = extra.get("accepted", "") if isinstance(extra, dict) else ""
    found = "" if _is_secret(field) else f": nhận “{error['input']}”"
    return f"Cài đặt {name} ({variable(name)}) không đúng{found}; cần {accepted}."


def _is_secret(field: FieldInfo) -> bool:
    return "SecretStr" in str(field.annotation)
