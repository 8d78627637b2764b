"""One class per person who must act. Messages never hold a respondent's answer, id or text."""


class UppvaxtError(Exception):
    """Something a person can put right; shown without a traceback."""

    exit_code = 1


class UsageError(UppvaxtError):
    """The command was called with something that does not exist, e.g. an unknown area."""

    exit_code = 2


class DefinitionError(UppvaxtError):
    """The author of a YAML file must act."""

    exit_code = 3


class ExportError(UppvaxtError):
    """The supplier of the data must act."""

    exit_code = 4


class DisclosureError(UppvaxtError):
    """The publisher must act: something would show more than may be shown."""

    exit_code = 4


class BusyError(UppvaxtError):
    """Another run is at work on the site; try again when it has ended."""

    exit_code = 75
