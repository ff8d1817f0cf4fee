"""A sample Liferay portal of an invented commune."""
