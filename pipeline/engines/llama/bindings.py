"""Bindings to ik_llama.cpp: loading the library and a GGUF model."""

from __future__ import annotations

import ctypes
import os
from importlib import import_module
from pathlib import Path
from typing import Any

from pipeline.core import EngineError

_LOG = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)
_SILENT = _LOG(lambda level, text, data: None)  # Referenced here because C may call it at any time.


def load_library() -> Any:
    """Return the C interface of ik_llama.cpp; raises EngineError if it is not installed."""
    # Threads of GNU OpenMP spin while they wait, which is very slow if another process uses
    # the core. A short spin keeps the benefit on an idle machine.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    os.environ.setdefault("GOMP_SPINCOUNT", "10000")
    # A failed assertion would start a debugger.
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
    """Return the name and the installed version of the library."""
    from importlib.metadata import version as installed

    return f"ik_llama.cpp {installed('ik-llama-cpp-python')}"


def load_model(
    interface: Any, path: Path, threads: int, context: int, batch: int, sequences: int
) -> Any:
    """Load a model and create a context of `context` tokens and `sequences` sequences.

    `batch` is the number of tokens per evaluation. Returns the pair (model, context); raises
    EngineError if the file cannot be loaded or memory is short.
    """
    interface._lib.llama_log_set(_SILENT, None)
    interface.llama_backend_init()
    model_params = interface.llama_model_default_params()
    # Weights in the layout of the processor's instructions are about 50 % faster.
    model_params.repack_tensors, model_params.use_mmap = True, False
    model = interface.llama_model_load_from_file(os.fsencode(path), model_params)
    if not model:
        raise EngineError(
            f"{path}: llama.cpp cannot load this model",
            "Check it with `translate models info --verify`, or install it again.",
        )
    params = interface.llama_context_default_params()
    params.n_ctx, params.n_seq_max = context, sequences
    params.n_batch = params.n_ubatch = batch
    params.n_threads = params.n_threads_batch = threads
    # Its flash attention aborts the process if a sequence has no token in a block.
    params.flash_attn = False
    native_context = interface.llama_init_from_model(model, params)
    if not native_context:
        interface.llama_free_model(model)
        raise EngineError(
            f"{path}: not enough memory for {context} tokens of context",
            "Close other programs, or select a smaller model.",
        )
    return model, native_context


def _declare(library: Any) -> None:
    """Declare the types of functions that the binding omits."""
    number, pointer = ctypes.c_int32, ctypes.c_void_p
    library.llama_kv_cache_seq_cp.argtypes = [pointer, *[number] * 4]
    library.llama_kv_cache_seq_rm.argtypes = [pointer, *[number] * 3]
    library.llama_get_logits.argtypes = [pointer]
    library.llama_get_logits.restype = ctypes.POINTER(ctypes.c_float)
    library.llama_log_set.argtypes = [_LOG, pointer]
    library.llama_model_meta_val_str.argtypes = [
        pointer,
        ctypes.c_char_p,
        ctypes.c_char_p,
        ctypes.c_size_t,
    ]
    library.llama_token_get_text.argtypes = [pointer, number]
    library.llama_token_get_text.restype = ctypes.c_char_p
    for name in ("llama_token_bos", "llama_token_eos", "llama_add_bos_token"):
        getattr(library, name).argtypes = [pointer]
