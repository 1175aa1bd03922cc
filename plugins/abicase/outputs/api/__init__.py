"""The format of the files below ``api/v1/``, the JSON API, and its JSON Schema.

These classes are a promise and are separate from the record format, which can change. A published
field stays, with its meaning, as long as ``v1`` does. Fields can be added. A field without a value
is left out.
"""

from abicase.outputs.api.argument import *  # noqa: F403
from abicase.outputs.api.case import *  # noqa: F403
from abicase.outputs.api.files import *  # noqa: F403
from abicase.outputs.api.parts import *  # noqa: F403
from abicase.outputs.api.schemas import *  # noqa: F403
from abicase.outputs.api.search import *  # noqa: F403
