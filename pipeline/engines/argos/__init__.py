"""The Argos Translate engine, on CTranslate2."""
