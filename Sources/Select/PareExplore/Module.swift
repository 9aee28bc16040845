// PareExplore: filled by its own commit.
