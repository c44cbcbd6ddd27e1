"""The application as a WSGI server finds it."""

import gc

from procure.app import create_app
from procure.catalogue.calendar import days_off_in
from procure.infra import clock, memory

memory.few_heaps()
app = create_app()

for year in range(
    clock.today().year - 1, clock.today().year + 4
):  # what counts days is read before the processes part, and shared
    days_off_in(year)
gc.collect()
gc.freeze()  # what was read at the start lives as long as the process: the collector need not go through it during a request
memory.give_back()
