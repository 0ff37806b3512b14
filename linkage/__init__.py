"""From delivered files to people, homes and households as they were known at each date."""
