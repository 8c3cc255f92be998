"""Files that people send along: kept outside the database, in a place of objects."""
