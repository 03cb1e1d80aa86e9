"""The built-in large language model engine, on llama.cpp."""
