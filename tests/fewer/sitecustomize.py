"""Put in front of a program's path: it cuts lists as early as the environment says."""

import json
import os
from importlib import import_module

for _module, _name, _value in json.loads(os.environ["LIMITS"]):
    setattr(import_module(_module), _name, _value)
