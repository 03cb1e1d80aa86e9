"""Names of days, months and seasons, numeric dates, and times of day."""
