"""What the page does for those who play on Zalo: one JSON act for each button."""

from starlette.routing import BaseRoute

from bot.rehearsal.faults import fault_fields
from bot.rehearsal.page.act_routes import act_routes
from bot.rehearsal.page.zalo_phones import ZaloPhone, zalo_phone
from bot.rehearsal.zalo.faults import Fault
from bot.rehearsal.zalo.people import ZaloPeople
from bot.rehearsal.zalo.records import Json, MessageKind, Person
from bot.rehearsal.zalo.world import ZaloWorld

SAMPLES = {
    "image": "https://vidu.example/anh-hoi-nghi.jpg",
    "sticker": "d063f44dc80821567819",
    "voice": "https://vidu.example/loi-nhan.aac",
    "unsupported": "",
}


class ZaloActs:
    def __init__(self, world: ZaloWorld, people: ZaloPeople) -> None:
        self._world = world
        self._people = people

    def routes(self) -> list[BaseRoute]:
        return act_routes(
            {
                "zalo-write": self._write,
                "zalo-send": self._send,
                "zalo-block": self._block,
                "zalo-unblock": self._unblock,
                "zalo-add-bot": self._add_bot,
                "zalo-remove-bot": self._remove_bot,
                "zalo-add-fault": self._add_fault,
                "zalo-clear-faults": self._clear_faults,
            }
        )

    def _write(self, given: Json) -> Json:
        phone, person = _player(given)
        message = self._people.write(
            person,
            str(given["text"]).strip(),
            chat=phone.chat_id,
            mention=bool(given.get("mention", False)),
            reply_to=str(given.get("reply_to") or ""),
        )
        return {"message_id": message.id}

    def _send(self, given: Json) -> Json:
        phone, person = _player(given)
        kind = MessageKind(given["message"])
        caption = str(given.get("caption", "")) if kind is MessageKind.IMAGE else ""
        message = self._people.send(
            person, kind, SAMPLES[kind.value], caption=caption, chat=phone.chat_id
        )
        return {"message_id": message.id}

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

    def _add_fault(self, given: Json) -> Json:
        """For the chat on this phone, or for all."""
        phone = given.get("phone")
        chat = zalo_phone(phone).chat_id if phone else ""
        fault = Fault(chat=chat, **fault_fields(given))
        return {"id": self._world.faults.add(fault)}

    def _clear_faults(self, given: Json) -> None:
        self._world.faults.clear(given.get("id"))


def _player(given: Json) -> tuple[ZaloPhone, Person]:
    phone = zalo_phone(given["phone"])
    return phone, phone.holder(given)
