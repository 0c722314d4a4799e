"""Charts that came from elsewhere: which ones there are, their bytes, where they came from, and what differs from their lock."""
