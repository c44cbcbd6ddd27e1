"""`python -m procure` is the program `procure`."""

from procure.cli import main

if __name__ == "__main__":  # not in the processes that it starts
    main()
