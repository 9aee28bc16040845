// PareTools: filled by its own commit.
