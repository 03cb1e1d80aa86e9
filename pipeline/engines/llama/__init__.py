"""The engine for large language models in this process, on llama.cpp."""
