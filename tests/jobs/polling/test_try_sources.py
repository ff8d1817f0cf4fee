"""What an admin is shown of an address before it becomes a source."""

import pytest

from jobs.try_sources import try_sources
from storage.records import SourceKind, Trial, TrialState
from tests.jobs.polling.desk import (
    LISTED,
    TODAY,
    Desk,
    a_feed,
    a_list,
    an_article_page,
    an_item,
)
from tests.samples import a_bot, a_subscriber, at
from tests.web import Web, answer

LEAD = "Sáng 12/11/2026, xã Tân Lập họp dân bàn làm đường nông thôn dài 4 km ở ấp Cái Sao."
TITLES = [f"Bài viết số {n} của xã Tân Lập" for n in range(7)]


async def tried(desk: Desk, url: str) -> Trial:
    asked_by = await a_subscriber(desk.database, at(await a_bot(desk.database), "5001"))
    async with desk.database.transaction() as tx:
        trial_id = await tx.sources.ask_trial(url, asked_by=asked_by, now=desk.clock.now())
    assert (await try_sources(*desk.tools)).looked_at == 1
    assert (await try_sources(*desk.tools)).looked_at == 0
    async with desk.database.transaction() as tx:
        trial = await tx.sources.trial(trial_id)
    assert trial is not None
    return trial


def shows_articles(web: Web) -> bytes:
    """A list of Liferay's whose articles can be read."""
    for n, title in enumerate(TITLES):
        path = f"/-/asset_publisher/X/content/s{n}"
        web.answers[path] = answer("200 OK", an_article_page(title, LEAD))
    return a_list(*(LISTED.format(slug=f"s{n}", title=title, number=n)
                    for n, title in enumerate(TITLES)))  # fmt: skip


async def test_a_list_is_shown_as_its_articles_would_be_told(desk: Desk, web: Web) -> None:
    web.answers["/list"] = answer("200 OK", shows_articles(web))
    trial = await tried(desk, f"{web.url}/list")
    assert (trial.state, trial.kind, trial.listed) == (TrialState.FOUND, SourceKind.LIFERAY, 7)
    assert trial.found_url == f"{web.url}/list"
    assert [sample.title for sample in trial.samples] == TITLES[:5]
    assert {sample.day for sample in trial.samples} == {"12/11/2026"}
    assert trial.samples[0].words == LEAD


async def test_the_feed_that_a_page_names_is_read_before_it_is_believed(
    desk: Desk, web: Web
) -> None:
    link = b'<link rel="alternate" type="application/rss+xml" href="/%s">'
    web.answers["/list"] = answer("200 OK", link % b"chet" + link % b"rss" + shows_articles(web))
    web.answers["/chet"] = answer("200 OK", b"<html><title>404</title></html>")
    items = [an_item(title, f"{web.url}/-/asset_publisher/X/content/s{n}", date=TODAY, text=LEAD)
             for n, title in enumerate(TITLES)]  # fmt: skip
    web.answers["/rss"] = answer("200 OK", a_feed(*items))
    trial = await tried(desk, f"{web.url}/list")
    assert (trial.kind, trial.found_url) == (SourceKind.FEED, f"{web.url}/rss")
    assert trial.samples[0].words == LEAD


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        pytest.param("404 Not Found", b"", "404", id="not there"),
        pytest.param("200 OK", b"", "không có nội dung", id="empty"),
        pytest.param("200 OK", b"<html><title>Xin</title><p>Xin", "danh sách", id="no list"),
        pytest.param(
            "200 OK",
            b'<html><body><div id="root"></div><script src="/app.js"></script></body></html>',
            "JavaScript",
            id="a page that scripts fill",
        ),
    ],
)
async def test_why_nothing_was_found_is_said_with_what_to_try(
    desk: Desk, web: Web, status: str, body: bytes, said: str
) -> None:
    web.answers["/x"] = answer(status, body, content_type="text/html")
    trial = await tried(desk, f"{web.url}/x")
    assert (trial.state, trial.kind, trial.samples) == (TrialState.FAILED, None, ())
    assert said in trial.reason
    assert trial.advice


async def test_an_address_inside_the_office_is_not_read(desk: Desk) -> None:
    trial = await tried(desk, "http://169.254.169.254/latest/meta-data/")
    assert trial.state is TrialState.FAILED
    assert "nội bộ" in trial.reason


async def test_old_trials_are_forgotten(desk: Desk, web: Web) -> None:
    await tried(desk, f"{web.url}/x")
    async with desk.database.transaction() as tx:
        assert await tx.sources.forget_trials(before=desk.clock.now()) == 0
        assert await tx.sources.forget_trials(before=desk.clock.now().replace(year=2027)) == 1
