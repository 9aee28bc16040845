// PareTrain: filled by its own commit.
