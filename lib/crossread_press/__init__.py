"""The project's own machinery: it runs notebooks, compares figures, publishes counts and builds the site."""
