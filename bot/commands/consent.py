"""The consent question: who this is, what is stored. Nothing is stored before its answer."""

from bot.commands.command import Reply, Request
from bot.commands.wording import addressed, bulletin_of, button, paragraphs

CONSENT_VERSION = 1  # raised when the question comes to cover more

CONSENTED = "yes"  # what its buttons say
DECLINED = "no"


def consent_question(
    request: Request, *, introduction: str = "", organisation_id: int | None = None
) -> Reply:
    """The organisation that was asked for along with it waits in the button."""
    choice = CONSENTED if organisation_id is None else f"{CONSENTED}={organisation_id}"
    if request.in_group:
        return _group_question(request, choice)
    return Reply(
        text=paragraphs(
            introduction or f"Đây là {bulletin_of(request.office)}.",
            "Tin mới và thông báo sẽ được gửi vào cuộc trò chuyện này.",
            "Hệ thống chỉ lưu mã cuộc trò chuyện, tên hiển thị, lựa chọn nhận tin "
            "và những tin đã gửi. Xem bằng /dulieu, xóa bằng /xoadulieu bất cứ lúc nào.",
            _kept(request),
            addressed(request.office, "{You} có đồng ý nhận tin không?"),
        ),
        buttons=((button("Đồng ý", "dangky", choice), button("Không", "start", DECLINED)),),
    )


def _group_question(request: Request, choice: str) -> Reply:
    return Reply(
        text=paragraphs(
            f"Đây là {bulletin_of(request.office)}.",
            "Khi được đồng ý, tin mới và thông báo sẽ được gửi vào nhóm này. "
            "Ngoài ra Bản tin không tham gia và không lưu lời trò chuyện của nhóm.",
            "Hệ thống chỉ lưu mã nhóm, tên nhóm, lựa chọn nhận tin và những tin đã gửi. "
            "Xem bằng /dulieu, xóa bằng /xoadulieu bất cứ lúc nào.",
            _kept(request),
            "Việc này do quản trị viên của nhóm quyết định."
            if request.incoming.tells_admins
            else "Việc này do trưởng nhóm quyết định. Chỉ người đồng ý mới đổi hoặc dừng được, "
            "nên hệ thống lưu thêm một mã để nhận ra người ấy trong nhóm.",
        ),
        buttons=((button("Đồng ý nhận tin", "dangky", choice),),),
    )


def _kept(request: Request) -> str:
    has_been_here = request.subscriber is not None and request.subscriber.consent_version
    return "Các lựa chọn trước đây vẫn được giữ." if has_been_here else ""


def not_subscribed(request: Request) -> Reply:
    who = "Nhóm này" if request.in_group else "{You}"
    return Reply(
        text=paragraphs(
            addressed(request.office, f"{who} hiện chưa nhận tin."),
            "Khi nào muốn nhận tin, gửi /dangky.",
        ),
        buttons=((button("Đăng ký nhận tin", "dangky"),),),
    )
