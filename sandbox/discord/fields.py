"""Reading JSON that anybody may have written, and collecting what is wrong with it under its path, as Discord does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast, final

from .refusals import invalid_form

if TYPE_CHECKING:
    from collections.abc import Collection

    from .refusals import Json


def as_object(value: object) -> Json:
    """Return a JSON object, or an empty one where there is something else."""
    return cast("Json", value) if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """Return a JSON array, or an empty one where there is something else."""
    return cast("list[Any]", value) if isinstance(value, list) else []


def objects(value: object) -> list[Json]:
    """Return the objects of a JSON array."""
    return [as_object(item) for item in as_list(value)]


def as_id(value: object) -> int | None:
    """Read a snowflake, which may come as text or as a number."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value)
    return int(text) if text.isdecimal() and text.isascii() else None


@final
class Form:
    """One object of a request body, at its path in the tree of errors."""

    def __init__(self, data: object, path: tuple[str, ...] = (), tree: Json | None = None) -> None:
        self.data = as_object(data)
        self.path = path
        self._tree: Json = {} if tree is None else tree

    def fail(self, key: str | int | None, code: str, message: str) -> None:
        """Note one error at `key` of this object, or at the object itself."""
        node = self._tree
        for step in (*self.path, *(() if key is None else (str(key),))):
            node = node.setdefault(step, {})
        cast("list[Json]", node.setdefault("_errors", [])).append({"code": code, "message": message})

    def check(self) -> None:
        """Refuse the request if anything was wrong.

        Raises
        ------
        Refusal
            50035, with the tree of errors.
        """
        if self._tree:
            raise invalid_form(self._tree)

    def __contains__(self, key: str) -> bool:
        return key in self.data

    def get(self, key: str) -> object:
        """Return the raw value."""
        return self.data.get(key)

    def text(self, key: str, least: int = 0, most: int | None = None, *, required: bool = False) -> str | None:
        """Read a text of `least` to `most` characters; None if it is absent, null or wrong."""
        value = self.data.get(key)
        if value is None or (required and value == "" and least):
            if required:
                self.fail(key, "BASE_TYPE_REQUIRED", "This field is required")
            return None
        if not isinstance(value, str):
            self.fail(key, "STRING_TYPE_CONVERT", f'Could not interpret "{value}" as string.')
            return None
        if most is not None and not least <= len(value) <= most:
            if least:
                self.fail(key, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
            else:
                self.fail(key, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
            return None
        return value

    def whole(self, key: str, least: int, most: int, default: int) -> int:
        """Read a whole number between two bounds."""
        value = self.data.get(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int):
            self.fail(key, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
            return default
        if not least <= value <= most:
            self.fail(key, "NUMBER_TYPE_MAX", f"int value should be between {least} and {most}.")
            return default
        return value

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Read a truth value."""
        value = self.data.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.fail(key, "BOOLEAN_TYPE_CONVERT", 'Must be either "true" or "false".')
            return default
        return value

    def choice(self, key: str, allowed: Collection[int]) -> int | None:
        """Read one of a set of numbers; None, and an error, for anything else."""
        value = self.data.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and value in allowed:
            return value
        wanted = ", ".join(str(item) for item in sorted(allowed))
        self.fail(key, "BASE_TYPE_CHOICES", f"Value must be one of {{{wanted}}}.")
        return None

    def below(self, key: str) -> Form:
        """Return the object at `key`."""
        return Form(self.data.get(key), (*self.path, key), self._tree)

    def each(self, key: str, least: int = 0, most: int | None = None) -> list[Form]:
        """Return the objects of the array at `key`, which must have `least` to `most` entries."""
        value = self.data.get(key)
        if not isinstance(value, list | None):
            self.fail(key, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return []
        items = as_list(self.data.get(key))
        if most is not None and not least <= len(items) <= most:
            self.fail(key, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        return [Form(item, (*self.path, key, str(index)), self._tree) for index, item in enumerate(items)]
