"""What a message is and what is owed to it: types, route, topics, flags, reasons."""

import os

# onnxruntime from 1.29 reports its use to its makers unless told not to before it is loaded
# (https://github.com/microsoft/onnxruntime/pull/27379). This service talks to nobody unasked.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
