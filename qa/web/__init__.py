"""Attest in the browser and over HTTP.

Requests go in; the page, the JSON of the API and the tools of MCP come out.
"""

import os

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # gradio reads it while it is imported
