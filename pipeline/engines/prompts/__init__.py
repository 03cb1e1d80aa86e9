"""Prompts: messages, few-shot examples, prompt formats and chat templates."""
