"""Loads ik_llama.cpp, and a GGUF model with it: the only place that knows its structures."""

from __future__ import annotations

import ctypes
import os
from importlib import import_module
from pathlib import Path
from typing import Any

from pipeline.core.errors import EngineError

_LOG = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)
_SILENT = _LOG(lambda level, text, data: None)  # kept alive: C calls it at any time


def library() -> Any:
    """Give the C interface of ik_llama.cpp; raises EngineError where it is not installed."""
    # GNU OpenMP's threads spin while they wait; with another process on the core that costs
    # up to 97 % of the speed. A short spin keeps what it gains on an idle machine.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    os.environ.setdefault("GOMP_SPINCOUNT", "10000")
    # After a failed assertion it would start a debugger.
    os.environ.setdefault("GGML_NO_BACKTRACE", "1")
    try:
        interface = import_module("ik_llama_cpp._ctypes_api")
    except (ImportError, OSError) as error:
        raise EngineError(
            f"the llama engine is not installed ({error})",
            "Install it: pip install 'translate-pipeline[llama]'.",
        ) from error
    _declare(interface._lib)
    return interface


def version() -> str:
    """Name the installed version of the library."""
    from importlib.metadata import version as installed

    return f"ik_llama.cpp {installed('ik-llama-cpp-python')}"


def load(interface: Any, path: Path, threads: int, context: int, chunk: int, lines: int) -> Any:
    """Load a model, and make a context of so many tokens and `lines` sequences for it.

    `chunk` tokens are computed at once. Gives the pair of both; raises EngineError where the
    file cannot be loaded.
    """
    interface._lib.llama_log_set(_SILENT, None)
    interface.llama_backend_init()
    of_model = interface.llama_model_default_params()
    # Weights in the order of the processor's instructions: half as fast again (measured).
    of_model.repack_tensors, of_model.use_mmap = True, False
    model = interface.llama_model_load_from_file(os.fsencode(path), of_model)
    if not model:
        raise EngineError(
            f"{path}: llama.cpp cannot load this model",
            "Check it with `translate models info --verify`, or install it again.",
        )
    wanted = interface.llama_context_default_params()
    wanted.n_ctx, wanted.n_batch, wanted.n_ubatch, wanted.n_seq_max = context, chunk, chunk, lines
    wanted.n_threads = wanted.n_threads_batch = threads
    # Its fast attention stops the process where a line of thought sees nothing of a block.
    wanted.flash_attn = False
    made = interface.llama_init_from_model(model, wanted)
    if not made:
        interface.llama_free_model(model)
        raise EngineError(
            f"{path}: there is no memory for {context} tokens of context",
            "End other programs, or take a smaller model.",
        )
    return model, made


def _declare(library: Any) -> None:
    """Tell the types of functions that the binding leaves out."""
    number, pointer = ctypes.c_int32, ctypes.c_void_p
    library.llama_kv_cache_seq_cp.argtypes = [pointer, *[number] * 4]
    library.llama_kv_cache_seq_rm.argtypes = [pointer, *[number] * 3]
    library.llama_get_logits.argtypes = [pointer]
    library.llama_get_logits.restype = ctypes.POINTER(ctypes.c_float)
    library.llama_log_set.argtypes = [_LOG, pointer]
    library.llama_model_meta_val_str.argtypes = [
        pointer, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_size_t,
    ]  # fmt: skip
    library.llama_token_get_text.argtypes = [pointer, number]
    library.llama_token_get_text.restype = ctypes.c_char_p
    for name in ("llama_token_bos", "llama_token_eos", "llama_add_bos_token"):
        getattr(library, name).argtypes = [pointer]
