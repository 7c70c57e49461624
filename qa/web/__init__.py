"""Attest in the browser and over HTTP."""

import os

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # gradio reads it while it is imported
