"""What the page does for those who play: one JSON act for each button. Tests may use them too."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.rehearsal.faults import fault_fields
from bot.rehearsal.page.act_routes import Act, act_routes
from bot.rehearsal.page.phones import TelegramPhone, faults_json, telegram_phone
from bot.rehearsal.portal.portal import Portal, PortalFault
from bot.rehearsal.telegram import samples
from bot.rehearsal.telegram.faults import Fault
from bot.rehearsal.telegram.files import StoredFile
from bot.rehearsal.telegram.people import People
from bot.rehearsal.telegram.records import Json, Person
from bot.rehearsal.telegram.world import TelegramWorld


class Acts:
    def __init__(self, world: TelegramWorld, people: People, portal: Portal) -> None:
        self._world = world
        self._people = people
        self._portal = portal

    def routes(self) -> list[BaseRoute]:
        acts: dict[str, Act] = {
            "write": self._write,
            "send-file": self._send_file,
            "send-album": self._send_album,
            "forward": self._forward,
            "press": self._press,
            "block": self._block,
            "unblock": self._unblock,
            "add-bot": self._add_bot,
            "remove-bot": self._remove_bot,
            "upgrade-group": self._upgrade_group,
            "publish": self._publish,
            "edit": self._edit,
            "withdraw": self._withdraw,
            "break-portal": self._break_portal,
            "repair-portal": self._repair_portal,
            "add-fault": self._add_fault,
            "clear-faults": self._clear_faults,
        }
        return [Route("/rehearsal/faults", self._faults), *act_routes(acts)]

    def _write(self, given: Json) -> Json:
        phone, person = _player(given)
        message = self._people.write(
            person, str(given["text"]), chat=phone.chat_id, reply_to=given.get("reply_to")
        )
        return {"message_id": message.id}

    def _send_file(self, given: Json) -> Json:
        phone, person = _player(given)
        file = self._sample(given["sample"])
        caption = str(given.get("caption", ""))
        return {
            "message_id": self._people.send(person, file, caption=caption, chat=phone.chat_id).id
        }

    def _send_album(self, given: Json) -> Json:
        phone, person = _player(given)
        sent = self._people.send_album(
            person,
            [self._sample(name) for name in given["samples"]],
            caption=str(given.get("caption", "")),
            chat=phone.chat_id,
        )
        return {"message_ids": [message.id for message in sent]}

    def _sample(self, name: object) -> StoredFile:
        """Raises KeyError."""
        ready: dict[object, Callable[[], StoredFile]] = {
            "photo": self._people.photo,
            "document": self._people.document,
            "large": lambda: self._people.document(
                samples.LARGE_NAME, size_bytes=samples.LARGE_BYTES
            ),
        }
        return ready[name]()

    def _forward(self, given: Json) -> Json:
        """A message that the phone shows, to the bot of whoever holds it."""
        phone, person = _player(given)
        message = self._world.chat(phone.chat_id).messages[int(given["message_id"])]
        return {"message_id": self._people.forward(person, message).id}

    def _press(self, given: Json) -> Json:
        phone, person = _player(given)
        place = (int(given["message_id"]), int(given["row"]), int(given["column"]))
        return {"query": self._people.press_at(person, *place, chat=phone.chat_id)}

    def _block(self, given: Json) -> None:
        self._people.block(_player(given)[1])

    def _unblock(self, given: Json) -> None:
        self._people.unblock(_player(given)[1])

    def _add_bot(self, given: Json) -> None:
        phone, person = _player(given)
        self._people.add_bot(person, phone.chat_id)

    def _remove_bot(self, given: Json) -> None:
        phone, person = _player(given)
        self._people.remove_bot(person, phone.chat_id)

    def _upgrade_group(self, given: Json) -> Json:
        phone, person = _player(given)
        return {"chat": self._people.upgrade_group(person, phone.chat_id).id}

    def _publish(self, given: Json) -> Json:
        words = {key: str(given[key]) for key in ("title", "body", "category") if given.get(key)}
        return {"id": self._portal.publish(**words).id}

    def _edit(self, given: Json) -> None:
        words = {key: str(given[key]) for key in ("title", "body") if given.get(key)}
        self._portal.edit(int(given["id"]), **words)

    def _withdraw(self, given: Json) -> None:
        self._portal.withdraw(int(given["id"]))

    def _break_portal(self, given: Json) -> None:
        self._portal.break_down(
            PortalFault(given["kind"]),
            times=given.get("times"),
            seconds=float(given.get("seconds", 5)),
        )

    def _repair_portal(self, _given: Json) -> None:
        self._portal.repair()

    def _add_fault(self, given: Json) -> Json:
        """For the chat with this id or on this phone, or for all."""
        chat = given.get("chat")
        if given.get("phone"):
            chat = self._world.chat(telegram_phone(given["phone"]).chat_id).id
        fault = Fault(chat=chat, **fault_fields(given))
        return {"id": self._world.faults.add(fault)}

    def _clear_faults(self, given: Json) -> None:
        self._world.faults.clear(given.get("id"))

    async def _faults(self, _request: Request) -> Response:
        return JSONResponse(faults_json(self._world))


def _player(given: Json) -> tuple[TelegramPhone, Person]:
    phone = telegram_phone(given["phone"])
    return phone, phone.holder(given)
