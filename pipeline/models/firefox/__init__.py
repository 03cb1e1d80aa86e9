"""Models of Firefox Translations: find, install, verify and remove them.

A model translates one language pair. It consists of a network, one or two vocabularies and
optionally a shortlist of words. Mozilla lists the files in a collection of Remote Settings, with
the digest of each before and after decompression. Models are installed from that list, from a
copy of it on a mirror, or from a folder of files.
"""

from __future__ import annotations

from pipeline.models.firefox.install import install, install_folder
from pipeline.models.firefox.package import (
    KIND,
    LABEL,
    LICENCE,
    PREFIX,
    FirefoxModel,
    ModelFile,
    ModelName,
    Role,
    mozilla_code,
    parse_name,
)
from pipeline.models.firefox.reach import REACH_SECONDS, Availability, ask_list
from pipeline.models.firefox.records import (
    RECORDS_VARIABLE,
    ListSettings,
    ModelOffer,
    list_offers,
    offers_for,
    published_quality,
    records_host,
    select_offers,
)
from pipeline.models.firefox.store import (
    digest,
    find,
    installed_models,
    remove,
    route,
    verified_files,
    verify,
)

__all__ = [
    "KIND",
    "LABEL",
    "LICENCE",
    "PREFIX",
    "REACH_SECONDS",
    "RECORDS_VARIABLE",
    "Availability",
    "FirefoxModel",
    "ListSettings",
    "ModelFile",
    "ModelName",
    "ModelOffer",
    "Role",
    "ask_list",
    "digest",
    "find",
    "install",
    "install_folder",
    "installed_models",
    "list_offers",
    "mozilla_code",
    "offers_for",
    "parse_name",
    "published_quality",
    "records_host",
    "remove",
    "route",
    "select_offers",
    "verified_files",
    "verify",
]
