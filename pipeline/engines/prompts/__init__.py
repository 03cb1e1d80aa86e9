"""Prompts for language models: messages, presets, examples and chat templates."""
