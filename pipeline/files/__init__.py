"""Safe file access: atomic writes, locks, caches, fingerprints, XML, CSV.

XML is in `files.xml`, CSV in `files.spreadsheet`, which load parsers.
"""

from pipeline.files.atomic import (
    FileChangedError,
    WriteGroup,
    is_temporary,
    move,
    replace_file,
    replace_if_unchanged,
    settle_folder,
    write_atomic,
)
from pipeline.files.cache_dir import cache_dir, database_error
from pipeline.files.cached_trie import open_trie
from pipeline.files.fingerprints import (
    FileState,
    FingerprintStore,
    digest,
    file_signature,
    lasting_signature,
    read_state,
)
from pipeline.files.locks import lock_directory, lock_file, lock_holder
from pipeline.files.writers import FileBusyError, describe_process, read_settled

__all__ = [
    "FileBusyError",
    "FileChangedError",
    "FileState",
    "FingerprintStore",
    "WriteGroup",
    "cache_dir",
    "database_error",
    "describe_process",
    "digest",
    "file_signature",
    "is_temporary",
    "lasting_signature",
    "lock_directory",
    "lock_file",
    "lock_holder",
    "move",
    "open_trie",
    "read_settled",
    "read_state",
    "replace_file",
    "replace_if_unchanged",
    "settle_folder",
    "write_atomic",
]
