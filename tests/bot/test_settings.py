"""Settings: from the file and the environment; a wrong one names itself and keeps secrets."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import FILE, PREFIX, Settings, WrongSetting, exactly, fields, load, variable

SECRET = "123456789:AAE-nobody-may-read-this-one"  # noqa: S105


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Without the settings of whoever runs the tests."""
    for name in list(os.environ):  # noqa: TID251 - to be without them
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)
    with contextlib.chdir(tmp_path):
        yield tmp_path


def write(text: str) -> None:
    Path(FILE).write_text(text, "utf-8")


def refused(**own: object) -> str:
    with pytest.raises(WrongSetting) as caught:
        load(**own)
    return str(caught.value)


def test_without_a_file_there_are_defaults() -> None:
    settings = load()
    assert settings.office == "Bản tin"
    assert settings.poll_interval_seconds == 900
    assert settings.telegram_token is None


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    write('office = "Đảng ủy xã"\npoll_interval_seconds = 60\n')
    monkeypatch.setenv("BANTIN_POLL_INTERVAL_SECONDS", "5")
    assert load().office == "Đảng ủy xã"
    assert load().poll_interval_seconds == 5
    assert load(poll_interval_seconds=7).poll_interval_seconds == 7


def test_a_rehearsal_looks_at_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    write('office = "Đảng ủy xã"\n')
    monkeypatch.setenv("BANTIN_TELEGRAM_TOKEN", SECRET)
    assert exactly() == exactly(office="Bản tin", telegram_token=None)


WRONG = {
    "office": ("", "1 đến 120 ký tự"),
    "address_form": ("mày", "đồng chí"),
    "contact": ("x" * 201, "200"),
    "telegram_api_url": ("https://api.telegram.org", "/bot ở cuối"),
    "poll_interval_seconds": ("mười", "từ 1 đến 86400"),
    "fetch_deadline_seconds": (0, "từ 1 đến 300"),
    "fetch_limit_bytes": (1, "từ 10000"),
    "fetch_gap_seconds": (61, "từ 0 đến 60"),
    "fetch_allowed_hosts": ("10.0.0.7", "10.0.0.7:8080"),
    "messages_per_second": (31, "tối đa 30"),
    "zalo_api_url": ("https://bot-api.zaloplatforms.com", "/bot ở cuối"),
    "zalo_webhook_url": ("http://bantin.example.vn", "https://"),
    "web_listen": ("127.0.0.1", "127.0.0.1:8088"),
    "zalo_monthly_messages": (0, "từ 1"),
    "zalo_people": (0, "từ 1"),
    "zalo_groups": (-1, "từ 0"),
    "other_platform_after_minutes": (0, "từ 1 đến 10080"),
    "quiet_from_hour": (24, "từ 0 đến 23"),
    "quiet_to_hour": (-1, "từ 0 đến 23"),
    "log_level": ("LOUD", "DEBUG"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_setting_names_itself_what_was_found_and_what_is_accepted(name: str) -> None:
    found, accepted = WRONG[name]
    told = refused(**{name: found})
    assert f"Cài đặt {name} ({variable(name)}) không đúng" in told
    assert f"“{found}”" in told
    assert accepted in told


HIDDEN = {
    "telegram_token": ["hunter2", "bot123456789", "123456789:short", f"{SECRET} x"],
    "telegram_proxy": ["mai:hunter2@10.0.0.1", "ftp://hunter2", "socks5://x:hunter2", "http://["],
    "zalo_tokens": ["hunter2", "1:hunter2, 2:hunter2", "1:hunter2 1:hunter3", "1:a 2:"],
    "zalo_webhook_secret": ["hunter2", "hunter2 hunter2", "hunter2" * 37, "hunter2-bí-mật"],
    "database_url": ["", "hunter2.db", "sqlite:///hunter2.db", "postgresql://mai:hunter2@db/x"],
}


@pytest.mark.parametrize(
    ("name", "found"), [(name, each) for name, found in HIDDEN.items() for each in found]
)
def test_a_secret_is_never_repeated(name: str, found: str) -> None:
    told = refused(**{name: found})
    assert f"Cài đặt {name} ({variable(name)}) không đúng" in told
    assert "hunter2" not in told
    assert SECRET not in told


def test_zalo_bots_are_named_by_one_token_each() -> None:
    settings = load(zalo_tokens=" 12345689:abc-xyz \n 777:d_e.f ")
    assert settings.each_zalo_token == ("12345689:abc-xyz", "777:d_e.f")
    assert load(zalo_tokens=" ").each_zalo_token == ()
    assert "abc-xyz" not in repr(settings)


def test_a_webhook_needs_a_secret() -> None:
    webhook = {"zalo_webhook_url": "https://bantin.example.vn/zalo"}
    assert "zalo_webhook_secret" in refused(**webhook)
    secret = load(**webhook, zalo_webhook_secret="x" * 256).zalo_webhook_secret
    assert secret is not None


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8088", "http://localhost/x", "https://a.vn:8443"]
)
def test_a_rehearsals_webhook_may_be_on_this_machine(url: str) -> None:
    settings = load(zalo_webhook_url=url, zalo_webhook_secret="x" * 8)
    assert settings.zalo_webhook_url == url


@pytest.mark.parametrize(
    ("listen", "address"),
    [("127.0.0.1:8088", ("127.0.0.1", 8088)), ("[::1]:99", ("::1", 99))],
)
def test_where_calls_are_listened_for(listen: str, address: tuple[str, int]) -> None:
    assert load(web_listen=listen).web_address == address


@pytest.mark.parametrize("listen", ["127.0.0.1:0", "127.0.0.1:65536", ":8088", "a b:1"])
def test_nobody_listens_at_no_port(listen: str) -> None:
    assert "web_listen" in refused(web_listen=listen)


def test_every_wrong_setting_is_named_at_once() -> None:
    told = refused(office="", log_level="LOUD")
    assert [line.split()[2] for line in told.splitlines()] == ["office", "log_level"]


@pytest.mark.parametrize(
    "proxy", ["http://10.0.0.1:3128", "socks5://mai:mat@[::1]:1080", "socks5h://proxy.example/"]
)
def test_these_are_proxies(proxy: str) -> None:
    telegram_proxy = load(telegram_proxy=proxy).telegram_proxy
    assert telegram_proxy is not None
    assert telegram_proxy.get_secret_value() == proxy


def test_hosts_of_the_own_network_are_named_with_their_ports() -> None:
    settings = load(fetch_allowed_hosts=" 10.0.0.7:8080\nCong.NoiBo:80 [::1]:8765 ")
    assert settings.allowed_hosts == {("10.0.0.7", 8080), ("cong.noibo", 80), ("::1", 8765)}
    assert load().allowed_hosts == frozenset()


@pytest.mark.parametrize(
    "hosts", ["*:80", "10.0.0.0/8:80", "http://a:80", "a:0", "a:", ":80", "a:80,b:80", "::1:80"]
)
def test_no_host_of_the_own_network_is_allowed_by_half(hosts: str) -> None:
    assert "fetch_allowed_hosts" in refused(fetch_allowed_hosts=hosts)


def test_what_was_pasted_with_blanks_is_taken_without() -> None:
    token = load(telegram_token=f" {SECRET}\n").telegram_token
    assert token is not None
    assert token.get_secret_value() == SECRET


def test_an_empty_secret_is_none() -> None:
    assert load(telegram_token="", telegram_proxy=" ").telegram_token is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param('offise = "x"\n', "“offise”", id="an unknown name"),
        pytest.param('office = "a"\noffice "b"\n', "dòng 2, cột 8", id="no equals sign"),
        pytest.param('office = "a\n', "dòng 1", id="an open quote"),
        pytest.param("office = 'a", "cuối tệp", id="an open end"),
        pytest.param('office = "a"\noffice = "b"\n', "dòng 2", id="twice"),
    ],
)
def test_a_file_that_is_wrong_says_where(text: str, told: str) -> None:
    write(text)
    assert told in refused()
    assert FILE.name in refused()


def test_a_file_that_is_no_utf_8_is_named() -> None:
    Path(FILE).write_bytes('office = "Đảng ủy"'.encode("utf-16"))
    assert "UTF-8" in refused()


def test_a_misspelt_variable_is_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANTIN_OFISE", "Đảng ủy xã")
    told = refused()
    assert "“BANTIN_OFISE”" in told
    assert "office" in told
    assert "Đảng ủy" not in told


def test_every_setting_says_what_it_means_and_what_is_accepted() -> None:
    for name, field in fields().items():
        assert field.description, name
        assert isinstance(field.json_schema_extra, dict)
        assert field.json_schema_extra["accepted"]


def test_settings_show_no_secrets() -> None:
    settings = load(telegram_token=SECRET, telegram_proxy="http://mai:hunter2@10.0.0.1")
    assert isinstance(settings, Settings)
    assert SECRET not in repr(settings)
    assert "hunter2" not in repr(settings)
