"""Numbers in texts: parsing, number words and units."""
