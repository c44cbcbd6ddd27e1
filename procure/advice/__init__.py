"""The adviser at work: advice from the command line and on the pages of a case, the choice and what it rested on."""
