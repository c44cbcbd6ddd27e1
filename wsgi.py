"""The application as a WSGI server finds it."""

import gc

from procure.app import create_app

app = create_app()

gc.collect()
gc.freeze()  # what was read at the start lives as long as the process: the collector need not go through it during a request
