"""The engine for Argos Translate packages in this process, on CTranslate2."""
