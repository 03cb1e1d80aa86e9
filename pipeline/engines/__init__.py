"""Translation engines: the contract, the registry, selection, and the response cache.

The names are imported on first use, so that a command that needs the registry alone does not
load the model store and SQLite.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from pipeline.engines.base import (
        DEFAULT_BATCH_SIZE,
        Engine,
        EngineConfig,
        EngineInfo,
        Signals,
        TranslationRequest,
        TranslationResult,
        accepts_style,
        batch_size,
        takes_tags,
        uses_formality,
    )
    from pipeline.engines.cache import CachedResponse, CacheScope, ResponseCache
    from pipeline.engines.http.credentials import is_loopback
    from pipeline.engines.reach import (
        download_reaches,
        draft_reaches,
        engine_reaches,
        estimator_reaches,
        project_reaches,
    )
    from pipeline.engines.registry import (
        AUTO,
        COPIED,
        ENGINES,
        OFF,
        EngineOption,
        EngineSpec,
        command_line_options,
        draft_origins,
        engine_help,
        engine_names,
        find_engine,
    )
    from pipeline.engines.selection import (
        EngineSelection,
        is_installed,
        resolve_engine,
        select_engine,
        select_second_engine,
        select_term_engine,
    )
    from pipeline.engines.tags import TagName, escape_tagged, parse_answer, start_tag

__all__ = [
    "AUTO",
    "COPIED",
    "DEFAULT_BATCH_SIZE",
    "ENGINES",
    "OFF",
    "CacheScope",
    "CachedResponse",
    "Engine",
    "EngineConfig",
    "EngineInfo",
    "EngineOption",
    "EngineSelection",
    "EngineSpec",
    "ResponseCache",
    "Signals",
    "TagName",
    "TranslationRequest",
    "TranslationResult",
    "accepts_style",
    "batch_size",
    "command_line_options",
    "download_reaches",
    "draft_origins",
    "draft_reaches",
    "engine_help",
    "engine_names",
    "engine_reaches",
    "escape_tagged",
    "estimator_reaches",
    "find_engine",
    "is_installed",
    "is_loopback",
    "parse_answer",
    "project_reaches",
    "resolve_engine",
    "select_engine",
    "select_second_engine",
    "select_term_engine",
    "start_tag",
    "takes_tags",
    "uses_formality",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_exports(
        __name__,
        {
            "base": (
                "DEFAULT_BATCH_SIZE",
                "Engine",
                "EngineConfig",
                "EngineInfo",
                "Signals",
                "TranslationRequest",
                "TranslationResult",
                "accepts_style",
                "batch_size",
                "takes_tags",
                "uses_formality",
            ),
            "cache": (
                "CachedResponse",
                "CacheScope",
                "ResponseCache",
            ),
            "http.credentials": ("is_loopback",),
            "reach": (
                "download_reaches",
                "draft_reaches",
                "engine_reaches",
                "estimator_reaches",
                "project_reaches",
            ),
            "registry": (
                "AUTO",
                "COPIED",
                "ENGINES",
                "OFF",
                "EngineOption",
                "EngineSpec",
                "command_line_options",
                "engine_help",
                "draft_origins",
                "engine_names",
                "find_engine",
            ),
            "selection": (
                "EngineSelection",
                "is_installed",
                "resolve_engine",
                "select_engine",
                "select_second_engine",
                "select_term_engine",
            ),
            "tags": ("TagName", "escape_tagged", "parse_answer", "start_tag"),
        },
    )
