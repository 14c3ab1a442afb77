"""What a service promises: the same words in every channel, from the one record of the service (row L5)."""

from app.components import use_text
from app.domain.services import Service


def answered_within(service: Service) -> str:
    """By when a message is answered; empty where the service takes none or promises nothing."""
    if not service.takes_messages or service.promise_days is None:
        return ""
    return use_text()("services.promise", n=service.promise_days)


def called_back(service: Service) -> str:
    """Within which time they call back; empty where nothing is promised."""
    return "" if service.callback_hours is None else use_text()("services.callback", n=service.callback_hours)


def promises(service: Service) -> list[str]:
    """Everything it promises, a sentence each."""
    return [words for words in (answered_within(service), called_back(service)) if words]
