"""Charts that are not in the repository: who wants which, what was pulled, where it goes."""
