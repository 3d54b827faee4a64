"""What a service raises when it must leave no trace. A refusal to remember is a returned value."""


class ServiceError(Exception):
    """Base of the refusals below; the portal turns each into one page."""


class NotFound(ServiceError):
    """Nothing the actor may see has this id. Also said of what exists but is not his."""


class NotAllowed(ServiceError):
    """The actor may see the thing but not do this to it."""


class StateConflict(ServiceError):
    """The thing is no longer in a state that allows this; nothing was changed."""


class TooManyAttempts(ServiceError):
    """A limit is reached. ``retry_after`` is in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"retry after {retry_after} s")
        self.retry_after = retry_after


class Unavailable(ServiceError):
    """A register, a gateway or the database does not answer now: neither a yes nor a no."""
