"""A frozen release: built aside, audited, compared with every earlier one, promoted in one step."""
