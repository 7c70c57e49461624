"""Attest in the browser and over HTTP.

Requests go in. The page, the JSON of the API and the results of the MCP tools come out.
"""

import os

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # Gradio reads it when it is imported
