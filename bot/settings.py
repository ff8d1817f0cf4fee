"""Every setting with default, unit and meaning; read from bantin.toml and BANTIN_…"""

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

FILE = Path("bantin.toml")
PREFIX = "BANTIN_"


class WrongSetting(Exception):
    """A setting cannot be used; its text names it, what was found and what is accepted."""


def _field(meaning: str, accepted: str, **rules: Any) -> Any:  # noqa: ANN401 - as pydantic's Field
    """`meaning` is for the README, `accepted` for the person who got it wrong."""
    return Field(description=meaning, json_schema_extra={"accepted": accepted}, **rules)


_PROXY = r"^(https?|socks5h?)://\S+$"
_WEB = r"^https?://\S+$"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    office: Annotated[
        str,
        _field("The office's name, as messages say it.", "1 đến 120 ký tự",
               min_length=1, max_length=120),
    ] = "Bản tin"  # fmt: skip
    address_form: Annotated[
        Literal["anh/chị", "đồng chí", "ông/bà", "quý vị", ""],
        _field("How members are addressed; empty leaves the pronoun out.",
               "anh/chị, đồng chí, ông/bà, quý vị, hoặc để trống"),
    ] = "anh/chị"  # fmt: skip
    contact: Annotated[
        str,
        _field("Whom members may ask: a name, a telephone number.", "tối đa 200 ký tự",
               max_length=200),
    ] = ""  # fmt: skip
    database_url: Annotated[
        SecretStr,
        _field("Where everything is stored.", "ví dụ sqlite+aiosqlite:///bantin.db", min_length=1),
    ] = SecretStr("sqlite+aiosqlite:///bantin.db")
    telegram_token: Annotated[
        SecretStr | None,
        _field("The bot's token from @BotFather.", "mã do @BotFather cấp, dạng 123456:ABC…"),
    ] = None
    telegram_api_url: Annotated[
        str,
        _field("Base address of the Bot API, without the token.",
               "địa chỉ http:// hoặc https://", pattern=_WEB),
    ] = "https://api.telegram.org/bot"  # fmt: skip
    telegram_proxy: Annotated[
        SecretStr | None,
        _field("Proxy for Telegram.", "http://…, https://…, socks5://… hoặc socks5h://…"),
    ] = None
    poll_interval_seconds: Annotated[
        int,
        _field("Seconds between two visits to a source.", "số giây, từ 1 đến 86400",
               ge=1, le=86_400),
    ] = 900  # fmt: skip
    fetch_deadline_seconds: Annotated[
        int,
        _field("Seconds that one page may take in all.", "số giây, từ 1 đến 300", ge=1, le=300),
    ] = 30
    fetch_limit_bytes: Annotated[
        int,
        _field("Largest page that is read, in bytes, unpacked.", "từ 10000 đến 50000000",
               ge=10_000, le=50_000_000),
    ] = 8_000_000  # fmt: skip
    messages_per_second: Annotated[
        float,
        _field("Most messages a second in all.", "lớn hơn 0, tối đa 30", gt=0, le=30),
    ] = 30
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"],
        _field("How much is logged.", "DEBUG, INFO, WARNING hoặc ERROR"),
    ] = "INFO"

    @field_validator("telegram_proxy", "telegram_token", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return value or None

    @field_validator("telegram_proxy")
    @classmethod
    def _is_a_proxy(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.match(_PROXY, value.get_secret_value()):
            raise ValueError("not a proxy")
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


def load(**own: Any) -> Settings:  # noqa: ANN401 - any setting's value
    """Raises WrongSetting."""
    try:
        return Settings(**own)
    except tomllib.TOMLDecodeError as error:
        raise WrongSetting(f"Tệp {FILE} viết sai: {error}.") from error
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


def _sentence(error: Any) -> str:  # noqa: ANN401 - pydantic's ErrorDetails
    name = str(error["loc"][0])
    field = Settings.model_fields.get(name)
    if field is None:
        known = ", ".join(Settings.model_fields)
        return f"Không có cài đặt tên “{name}” trong {FILE}. Các cài đặt: {known}."
    extra = field.json_schema_extra
    accepted = extra.get("accepted", "") if isinstance(extra, dict) else ""
    found = "một giá trị được giữ kín" if _is_secret(field) else f"“{error['input']}”"
    return f"Cài đặt {name} ({PREFIX}{name.upper()}) không đúng: nhận {found}; cần {accepted}."


def _is_secret(field: FieldInfo) -> bool:
    return "SecretStr" in str(field.annotation)
