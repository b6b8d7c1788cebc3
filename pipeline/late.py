"""polars, imported when it is first used: what declares a package names it, and the processes that read records never need it.

It brings a tenth of a second to every command that needs no tables, and lets workers be forked from a process in which polars has not
started its threads yet.
"""

from __future__ import annotations

import sys
from importlib.util import LazyLoader, find_spec, module_from_spec
from types import ModuleType
from typing import TYPE_CHECKING

__all__ = ["polars"]


def _late(name: str) -> ModuleType:
    """The module, which is loaded when something in it is asked for."""
    if name in sys.modules:
        return sys.modules[name]
    spec = find_spec(name)
    assert spec is not None
    assert spec.loader is not None
    spec.loader = LazyLoader(spec.loader)
    module = sys.modules[name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if TYPE_CHECKING:
    import polars
else:
    polars = _late("polars")
