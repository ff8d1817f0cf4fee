"""Fetching pages: guarded, limited, polite."""
