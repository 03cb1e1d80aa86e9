"""Quality checks of translations, and how they are run and reported."""
