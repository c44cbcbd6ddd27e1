"""`python -m procure` is the program `procure`."""

from procure.cli import main

main()
