"""Where arriving goods go: rules by supplier, category, item and shelf life."""
