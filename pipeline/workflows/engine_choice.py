"""Install the best model that the network offers, if `auto` would fall back to the default one.

The order of engines is that of the registry: models of Firefox Translations, Argos packages, a
translation model of the user's, the default language model. If one of the first three is
installed, nothing is asked. Otherwise the list of Firefox models is requested once in a run, and
only if the user agreed to installations.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

from pipeline.core import ModelError
from pipeline.engines import EngineSelection, resolve_engine
from pipeline.models import firefox
from pipeline.workflows.events import Events
from pipeline.workflows.models import InstallOptions, InstallResult, install, install_firefox

__all__ = ["EngineChoice", "install_best"]

_SOURCE = "de"
_PAIR_SIZE = "about 35 MB"


class EngineChoice:
    """Replaces fallback selections of one run; the list is requested at most once.

    `install` means that the user agreed to installations, `reselect` selects the engine of a
    language again.
    """

    def __init__(
        self, events: Events, reselect: Callable[[str], EngineSelection], *, install: bool
    ) -> None:
        self._events, self._reselect, self._install = events, reselect, install
        self._available: firefox.Availability | None = None

    def improve(self, selection: EngineSelection) -> EngineSelection:
        """Return a better selection, or the same one; reports what was tried and why.

        Raises InstallInterruptedError on an interrupt.
        """
        if not selection.is_fallback or selection.offline:
            return selection
        language = selection.language
        name = f"{firefox.PREFIX}{_SOURCE}-{firefox.mozilla_code(language)}"
        if not _runtime_installed():
            self._events.notice(
                f"{language}: better drafts with Firefox models: "
                "pip install 'translate-pipeline[firefox]'"
            )
            return selection
        agreed = self._agreed(selection, name)
        if not agreed:
            if agreed is None:
                self._events.notice(
                    f"{language}: better drafts with a Firefox model ({_PAIR_SIZE} for a pair of "
                    f"languages): translate models install {name}"
                )
            return selection
        return self._installed(selection, name) or selection

    def _agreed(self, selection: EngineSelection, name: str) -> bool | None:
        """Return whether to install a model; None if nobody was asked."""
        if self._install:
            return True
        if not selection.missing():
            return None
        question = (
            f"Install the Firefox model {name} ({_PAIR_SIZE} for a pair of languages, "
            f"{firefox.LICENCE}, from {_host()})?"
        )
        return self._events.confirm(question)

    def _installed(self, selection: EngineSelection, name: str) -> EngineSelection | None:
        """Install a model and return its selection; None if that is not possible."""
        language, fallback = selection.language, selection.name
        if self._available is None:
            self._events.notice(f"asking {_host()} for Firefox models")
            self._available = firefox.ask_list()
        problem = self._available.problem
        offers = firefox.offers_for(self._available.offers, _SOURCE, language)
        if not problem and not offers:
            problem = f"the list has no model for {name.removeprefix(firefox.PREFIX)}"
        if not problem:
            wanted = firefox.parse_name(name)
            assert wanted is not None
            try:
                install_firefox(wanted, self._events, offers=list(self._available.offers))
            except ModelError as error:
                problem = error.message
            else:
                return self._reselect(language)
        self._events.warn(
            f"{language}: no Firefox model: {problem}. Drafting with {fallback} instead. "
            f"For better drafts, on a network that reaches {_host()} or a mirror: "
            f"translate models install {name}"
        )
        return None


def install_best(
    languages: tuple[str, ...], options: InstallOptions, events: Events
) -> InstallResult:
    """Install the best model that the network offers for each language.

    Raises what `install` raises.
    """

    def select(language: str) -> EngineSelection:
        return resolve_engine("", "", language, force=True)

    choice = EngineChoice(events, select, install=not options.ask)
    result = InstallResult()
    for language in languages:
        selection = choice.improve(select(language))
        if selection.model is None:
            events.notice(f"{language}: {selection.describe()} is installed")
        elif not result.installed:
            resolve_engine("", "", language)  # raises if the default model is not fit
            result = install(options, events)
    return result


def _host() -> str:
    try:
        return firefox.records_host()
    except ModelError as error:
        return error.message  # the address in the environment is not valid


def _runtime_installed() -> bool:
    return all(map(find_spec, ("fxtranslate", "sentencepiece", "zstandard")))
