"""The errors that crossread raises on purpose: bad input, running text that is not here, a file that is not written."""

import re


class CrossreadError(ValueError):
    """What was wrong, where, and what to do about it, in sentences for the person at the keyboard."""

    def __init__(self, message: str = ""):
        # half characters, as the name of a file that is not UTF-8 has them, can be written to no terminal
        super().__init__(re.sub("[\ud800-\udfff]", "\ufffd", str(message)))


class TextNeeded(CrossreadError):
    """A method needs running text and only the published counts are here."""

    def __init__(self, what: str, corpus: str):
        super().__init__(
            f"{what[:1].upper() + what[1:]} needs the running texts of “{corpus}”, and only its published counts "
            "are here. Attach your own copies with: crossread attach FOLDER"
        )


class NoEntries(CrossreadError):
    """A lexicon is there and is still empty."""


class NotThere(CrossreadError, AttributeError):
    """A name was typed after a dot and nothing is called so; what asks with `hasattr` hears that it is not there."""


class NotWritten(CrossreadError, OSError):
    """A file or folder could not be written; what was there before is as it was."""

    def __init__(self, place: object, error: OSError):
        super().__init__(f"{place} cannot be written: {error.strerror or error}. What was there before is as it was.")
