"""One file per group of tables; each hands out records, never rows."""
