"""The commands that talk to a person, by what they are for."""
