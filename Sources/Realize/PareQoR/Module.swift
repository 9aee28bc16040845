// PareQoR: filled by its own commit.
