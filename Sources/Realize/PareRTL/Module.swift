// PareRTL: filled by its own commit.
