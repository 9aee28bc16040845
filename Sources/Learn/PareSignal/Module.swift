// PareSignal: filled by its own commit.
