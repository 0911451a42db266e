"""The two errors that crossread raises on purpose: bad input, and running text that is not here."""


class CrossreadError(ValueError):
    """What was wrong, where, and what to do about it, in sentences for the person at the keyboard."""


class TextNeeded(CrossreadError):
    """A method needs running text and only the published counts are here."""

    def __init__(self, what: str, corpus: str):
        super().__init__(
            f"{what[:1].upper() + what[1:]} needs the running texts of “{corpus}”, and only its published counts "
            "are here. Attach your own copies with: crossread attach FOLDER"
        )
