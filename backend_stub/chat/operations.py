"""What a chat needs of the FHIR server beyond reading and writing: telling that the resident is writing."""

from backend_stub.chat import shape
from backend_stub.chat.desk import ChatDesk
from backend_stub.fhir.context import Operation, Request
from backend_stub.fhir.errors import NotFound
from backend_stub.fhir.exchange import Reply, parse_json

DEFINITION = "https://digiklinikka.example/fhir/OperationDefinition/typing"


def typing_operation(desk: ChatDesk) -> Operation:
    """POST Task/[id]/$typing: the resident is writing just now. Nothing is stored; a bad moment to fail, so it never
    hinders anything."""

    def run(request: Request) -> Reply:
        request.guard.require("Task", "u")
        kept = request.guard.read("Task", request.id)
        if not shape.is_chat_task(parse_json(kept.text.encode())):
            raise NotFound("not a chat")
        desk.hear_typing(request.id)
        return Reply(204)

    return Operation("typing", "instance", ("Task",), run, False, DEFINITION)
