"""Install the best model that the network offers, if `auto` would fall back to the default one.

The order of engines is that of the registry: models of Firefox Translations, Argos packages, a
translation model of the user's, the default language model. If one of the first three is
installed, nothing is asked. Otherwise the list of Firefox models is requested once in a run, and
only if the user agreed to installations.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec

from pipeline.core import ModelError
from pipeline.engines import EngineSelection, resolve_engine
from pipeline.models import firefox
from pipeline.workflows.events import Events
from pipeline.workflows.models import InstallOptions, InstallResult, install, install_firefox

__all__ = ["EngineChoice", "install_best"]

_SOURCE, _PIVOT = "de", "en"
_SIZE = "about 35 MB for a pair of languages"


class EngineChoice:
    """Replaces fallback selections of one run; the list is requested at most once.

    - `reselect` selects the engine of a language again.
    - `languages` are those of the run: notices name the models for all of them, once.
    - `install` means that the user agreed to installations.
    - `settings` returns the project's settings of the list; it is called before a request.
    """

    def __init__(
        self,
        events: Events,
        reselect: Callable[[str], EngineSelection],
        *,
        languages: Sequence[str],
        install: bool,
        settings: Callable[[], firefox.ListSettings] = firefox.ListSettings,
    ) -> None:
        self._events, self._reselect, self._install = events, reselect, install
        self._languages, self._read_settings = languages, settings
        self._settings = firefox.ListSettings()
        self._available: firefox.Availability | None = None
        self._announced = False

    def improve(self, selection: EngineSelection) -> EngineSelection:
        """Return a better selection, or the same one; reports what was tried and why.

        Raises TrustError for a list of the project's that the user has not agreed to,
        InstallInterruptedError on an interrupt.
        """
        if not selection.is_fallback or selection.offline:
            return selection
        if not _runtime_installed():
            if selection.spec.has_runtime():  # otherwise an error follows
                self._once(
                    f"{selection.name} is the fallback. Better drafts with Firefox models: "
                    "pip install 'translate-pipeline[firefox]', then translate models install"
                )
            return selection
        agreed = self._agreed(selection)
        if agreed is None:
            self._once(
                f"{selection.name} is the fallback. Better drafts with Firefox models ({_SIZE}): "
                f"{self._command()}"
            )
        return (agreed and self._installed(selection)) or selection

    def _once(self, notice: str) -> None:
        if not self._announced:
            self._announced = True
            self._events.notice(notice)

    def _agreed(self, selection: EngineSelection) -> bool | None:
        """Return whether to install a model; None if nobody was asked."""
        if self._install:
            return True
        if not selection.missing():
            return None
        self._settings = self._read_settings()
        names = " and ".join(_pairs([selection.language]))
        question = f"Install {names} ({_SIZE}, {firefox.LICENCE}, from {self._host()})?"
        return self._events.confirm(question)

    def _installed(self, selection: EngineSelection) -> EngineSelection | None:
        """Install a model and return its selection; None if that is not possible."""
        language = selection.language
        if self._available is None:
            self._settings = self._read_settings()
            self._events.notice(f"asking {self._host()} for Firefox models")
            self._available = firefox.ask_list(settings=self._settings)
            if self._available.problem:
                self._events.warn(
                    f"no Firefox models: {self._available.problem}. "
                    f"Drafting with {selection.name} instead. For better drafts, on a network that "
                    f"reaches {self._host()} or a mirror: {self._command()}"
                )
        if self._available.problem:
            return None
        name = firefox.ModelName(_SOURCE, firefox.mozilla_code(language))
        offers = list(self._available.offers)
        try:
            firefox.select_offers(offers, name, self._settings)
            install_firefox(name, self._events, offers=offers, settings=self._settings)
        except ModelError as error:
            self._events.warn(
                f"{language}: no Firefox model: {error.message}. "
                f"Drafting with {selection.name} instead. {error.hint}"
            )
            return None
        return self._reselect(language)

    def _command(self) -> str:
        """Return the command that installs the models of all languages of the run."""
        names = _pairs(self._languages)
        if len(names) == 1:
            return f"translate models install {names[0]}"
        return f"translate models install ({', '.join(names)})"

    def _host(self) -> str:
        try:
            return firefox.records_host(self._settings)
        except ModelError as error:
            return error.message  # the address in the environment is not valid


def install_best(
    languages: tuple[str, ...], options: InstallOptions, events: Events
) -> InstallResult:
    """Install the best model that the network offers for each language.

    Raises what `install` raises.
    """

    def select(language: str) -> EngineSelection:
        return resolve_engine("", "", language, force=True)

    choice = EngineChoice(
        events,
        select,
        languages=languages,
        install=not options.ask,
        settings=lambda: options.list_settings,
    )
    result = InstallResult()
    for language in languages:
        selection = choice.improve(select(language))
        if selection.model is None:
            events.notice(f"{language}: {selection.describe()} is installed")
        elif not result.installed:
            resolve_engine("", "", language).require_runtime()  # also raises if it is not fit
            result = install(options, events)
    return result


def _pairs(languages: Sequence[str]) -> list[str]:
    """Return the ids of missing models that translate into languages, through English.

    Which pairs have a direct model is unknown without the list; Mozilla's have English.
    """
    legs = {(_SOURCE, _PIVOT): None} | {
        (_PIVOT, code): None
        for language in languages
        if (code := firefox.mozilla_code(language)) != _PIVOT
    }
    present = {(model.source, model.target) for model in firefox.installed_models()}
    return [f"{firefox.PREFIX}{one}-{other}" for one, other in legs if (one, other) not in present]


def _runtime_installed() -> bool:
    return all(map(find_spec, ("fxtranslate", "sentencepiece", "zstandard")))
