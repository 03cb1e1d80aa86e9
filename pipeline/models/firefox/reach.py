"""Find out within a few seconds which models the list offers, or why it cannot be read."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from pipeline.core import ModelError
from pipeline.models.firefox import records
from pipeline.models.firefox.records import NO_SETTINGS, ListSettings, ModelOffer

REACH_SECONDS = 3.0
"""Time limit for the list, resolution of the host name and connection included."""


@dataclass(frozen=True, slots=True)
class Availability:
    """The models of the list, or the `problem` that prevented reading it ("" if none)."""

    offers: tuple[ModelOffer, ...] = ()
    problem: str = ""


def ask_list(seconds: float = REACH_SECONDS, settings: ListSettings = NO_SETTINGS) -> Availability:
    """Read the list within a time limit; never raises."""
    answers: list[Availability] = []

    def ask() -> None:
        from pipeline.models import download

        try:
            found = records.list_offers(
                lambda url, size: download.get(url, size, seconds), settings
            )
            answers.append(Availability(tuple(found)))
        except ModelError as error:
            answers.append(Availability(problem=error.message.removeprefix(records.NO_LIST)))

    # The system gives no limit for resolving a name: a thread is left behind instead.
    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(seconds)
    if answers:
        return answers[0]
    try:
        host = records.records_host(settings)
    except ModelError as error:
        return Availability(problem=error.message)
    return Availability(problem=f"{host} does not answer within {seconds:.0f} s")
