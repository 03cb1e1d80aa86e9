"""Articles: file formats, and how their text is cut into segments."""
