"""Where the files of ``resources/`` lie, in a wheel, an editable install or a plain checkout."""

from pathlib import Path

from gdstudio.core.errors import InputError

_PACKAGE = Path(__file__).resolve().parent.parent
_CANDIDATES = (_PACKAGE / "_resources", _PACKAGE.parent / "resources")


def resource(*parts: str) -> Path:
    """Return the path of a file or folder below ``resources/``.

    Raises
    ------
    InputError
        Where the installation holds no resources, naming the places looked at.
    """
    for root in _CANDIDATES:
        if root.is_dir():
            return root.joinpath(*parts)
    looked = " or ".join(str(root) for root in _CANDIDATES)
    raise InputError(f"this installation of gdstudio has no resources ({looked}); install it again")
