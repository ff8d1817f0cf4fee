"""Every setting with default, unit and meaning; read from bantin.toml and BANTIN_…"""

import os
import re
import tomllib
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

FILE = Path("bantin.toml")
PREFIX = "BANTIN_"
TELEGRAM_API_URL = "https://api.telegram.org/bot"
# core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this, 2026-11
TELEGRAM_PER_SECOND = 30
AddressForm = Literal["anh/chị", "đồng chí", "ông/bà", "quý vị", ""]

# without its /bot, the token would become part of the host's name
_API = re.compile(r"https?://\S+/bot")
_DATABASE = re.compile(
    r"sqlite\+aiosqlite:///.*|postgresql\+asyncpg://[^/?#\s]*/[^/?#\s]+(\?\S*)?"
)
# the bot's number and its secret; core.telegram.org/bots/api#authorizing-your-bot, 2026-01
_TOKEN = re.compile(r"\d+:[\w-]{20,}")
_PROXY = re.compile(r"(?:https?|socks5h?)://\S+")
_HOST_AND_PORT = re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):[1-9][0-9]{0,4}")


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

    @field_validator("telegram_proxy", "telegram_token", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return (value.strip() or None) if isinstance(value, str) else value

    @field_validator("database_url", "telegram_token", "telegram_api_url", "telegram_proxy")
    @classmethod
    def _has_its_form(
        cls, value: SecretStr | str | None, info: ValidationInfo
    ) -> SecretStr | str | None:
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        forms = {
            "database_url": _DATABASE,
            "telegram_token": _TOKEN,
            "telegram_api_url": _API,
            "telegram_proxy": _PROXY,
        }
        form = forms[str(info.field_name)]
        if text is not None and not (form.fullmatch(text) and _leads_somewhere(text)):
            raise ValueError("another form is needed")
        return value

    @field_validator("fetch_allowed_hosts")
    @classmethod
    def _are_hosts_with_ports(cls, value: str) -> str:
        for each in value.split():
            if not _HOST_AND_PORT.fullmatch(each):
                raise ValueError("another form is needed")
        return value

    @property
    def allowed_hosts(self) -> frozenset[tuple[str, int]]:
        """As connections are checked against."""
        pairs = (each.lower().rpartition(":") for each in self.fetch_allowed_hosts.split())
        return frozenset((host.strip("[]"), int(port)) for host, _, port in pairs)

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


def _leads_somewhere(text: str) -> bool:
    """Raises ValueError for a port that cannot be; a token and a file have no host."""
    parts = urlsplit(text)
    may_be_near = parts.scheme not in ("http", "https", "socks5", "socks5h")  # a database's socket
    return parts.port != 0 and (may_be_near or bool(parts.hostname))


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
    found = "một giá trị được giữ kín" if _is_secret(field) else f"“{error['input']}”"
    return f"Cài đặt {name} ({variable(name)}) không đúng: nhận {found}; cần {accepted}."


def _is_secret(field: FieldInfo) -> bool:
    return "SecretStr" in str(field.annotation)
