"""Small Argos packages for tests, what they were made with, and tests of installing them."""

from pathlib import Path

DE_EN = Path(__file__).parent / "translate-de_en-1_0.argosmodel"
EN_FR = Path(__file__).parent / "translate-en_fr-1_0.argosmodel"
