"""One conversation of a bot and a person, held at our Telegram or at telemelya's."""

from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx

from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.telegram.cast import MEMBER
from bot.rehearsal.telegram.samples import picture
from tests.bot.rehearsal.hook import Hook

TOKEN = "123456789:telemelya-has-this-bot-and-no-other"  # noqa: S105
BOLD = {"type": "bold", "offset": 0, "length": 7}
YES = {"text": "Có", "callback_data": "yes"}
READ = {"text": "Đọc bài", "url": "https://vidu.example/tin"}
KEYBOARD = {"inline_keyboard": [[YES], [READ]]}
NO_MESSAGE = 999_999_999
KEY = {"Authorization": "Bearer any"}  # telemelya was told of none, so it takes all

Json = dict[str, Any]


class Phone(Protocol):
    """What a person holds, at one of the two servers."""

    async def write(self, text: str) -> None: ...

    async def send_picture(self, caption: str) -> None: ...

    async def press(self, message_id: int) -> None:
        """The button YES."""
        ...


@dataclass(frozen=True, kw_only=True)
class OurPhone:
    server: RehearsalServer

    async def write(self, text: str) -> None:
        self.server.people.write(MEMBER, text)

    async def send_picture(self, caption: str) -> None:
        people = self.server.people
        people.send(MEMBER, people.photo(picture()), caption=caption)

    async def press(self, message_id: int) -> None:
        self.server.people.press(MEMBER, YES["text"], message_id=message_id)


@dataclass(frozen=True, kw_only=True)
class TheirPhone:
    """telemelya's "control API"."""

    http: httpx.AsyncClient

    async def write(self, text: str) -> None:
        await self._send(text=text)

    async def send_picture(self, caption: str) -> None:
        file = await self._post("upload_media", files={"file": ("anh.jpg", picture())})
        await self._send(photo_file_id=file["file_id"], photo_caption=caption)

    async def press(self, message_id: int) -> None:
        await self._send(callback_data=YES["callback_data"], callback_message_id=message_id)

    async def taken(self) -> list[Json]:
        """What the bot asked for, as telemelya understood it."""
        answer = await self.http.get("/api/v1/test/responses", headers=KEY)
        return list(answer.raise_for_status().json()["responses"])

    async def _send(self, **what: object) -> None:
        person = {"id": MEMBER.id, "first_name": MEMBER.first_name}
        given = {"chat_id": MEMBER.id, "from_user": person, **what}
        await self._post("send_update", params={"bot_token": TOKEN}, json=given)

    async def _post(self, name: str, **given: Any) -> Json:  # noqa: ANN401 - as httpx takes it
        answer = await self.http.post(f"/api/v1/test/{name}", headers=KEY, **given)
        return dict(answer.raise_for_status().json())


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """`said` is all that came back, by what it came for."""

    http: httpx.AsyncClient
    phone: Phone
    hook: Hook
    said: dict[str, Json] = field(default_factory=dict)

    async def hold(self) -> dict[str, Json]:
        await self._call("getMe")
        await self._call("setWebhook", url=self.hook.url)
        await self._call("setWebhook", "again", url=self.hook.url)
        await self._call("getWebhookInfo")
        await self._listen()
        await self._send_text()
        await self._send_photos()
        await self._be_refused()
        await self._call("deleteWebhook")
        await self._call("deleteWebhook", "again")
        await self._call("getWebhookInfo", "without one")
        await self._call("setWebhook", "to nothing", url="")
        return self.said

    async def _listen(self) -> None:
        await self.phone.write("Xin chào 👋")
        await self._told("a text")
        await self.phone.write("/tim đường liên xã")
        await self._told("a command")
        await self.phone.send_picture("Hội nghị")
        photo = (await self._told("a photo"))["message"]["photo"][-1]
        file = await self._call("getFile", file_id=photo["file_id"])
        content = await self.http.get(f"/file/bot{TOKEN}/{file['file_path']}")
        self.said["download"] = {"is the picture": content.content == picture()}

    async def _send_text(self) -> None:
        text: Json = {"text": "Tin mới 👋 hôm nay", "entities": [BOLD], "reply_markup": KEYBOARD}
        sent = await self._call("sendMessage", chat_id=MEMBER.id, **text)
        at = {"chat_id": MEMBER.id, "message_id": sent["message_id"]}
        await self.phone.press(at["message_id"])
        query = (await self._told("a pressed button"))["callback_query"]
        await self._call("answerCallbackQuery", callback_query_id=query["id"], text="Đã ghi")
        await self._call("editMessageText", **at, text="Tin đã sửa", reply_markup=KEYBOARD)
        only_yes = {"inline_keyboard": [[YES]]}
        await self._call("editMessageReplyMarkup", **at, reply_markup=only_yes)
        await self._call("deleteMessage", **at)
        await self._call("sendChatAction", chat_id=MEMBER.id, action="typing")

    async def _send_photos(self) -> None:
        form = {"chat_id": str(MEMBER.id), "caption": "Ảnh"}
        upload = {"photo": ("anh.jpg", picture())}
        sent = await self._call("sendPhoto", "uploaded", data=form, files=upload)
        at = {"chat_id": MEMBER.id, "message_id": sent["message_id"]}
        await self._call("editMessageCaption", **at, caption="Ảnh khác", reply_markup=KEYBOARD)
        file_id = sent["photo"][-1]["file_id"]
        await self._call("getFile", "of an upload", file_id=file_id)
        await self._call("sendPhoto", "by its id", chat_id=MEMBER.id, photo=file_id)

    async def _be_refused(self) -> None:
        nowhere = {"chat_id": MEMBER.id, "message_id": NO_MESSAGE}
        await self._call("editMessageText", "refused", **nowhere, text="Tin")
        await self._call("editMessageReplyMarkup", "refused", **nowhere, reply_markup=KEYBOARD)
        await self._call("getFile", "refused", file_id="no-such-file")

    async def _call(self, method: str, named: str = "", **given: Any) -> Any:  # noqa: ANN401 - JSON
        """With JSON, or with an upload when `files` are given beside `data`."""
        body = given if "files" in given else {"json": given}
        answer = await self.http.post(f"/bot{TOKEN}/{method}", **body)
        said = self.said[f"{method} {named}".strip()] = answer.json()
        said["HTTP status"] = answer.status_code
        return said.get("result")

    async def _told(self, named: str) -> Json:
        """The next update."""
        headers, update = await self.hook.next()
        self.said[named] = {"content type": headers["content-type"], **update}
        return update
