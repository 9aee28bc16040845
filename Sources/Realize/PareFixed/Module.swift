// PareFixed: filled by its own commit.
