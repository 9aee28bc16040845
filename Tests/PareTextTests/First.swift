// Holds the folder until the first test of the module.
