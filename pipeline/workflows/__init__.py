"""The use cases, one function each; they neither print nor prompt."""
