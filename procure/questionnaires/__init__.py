"""Filing a case: guided questions, their answers, and the case file that carries them from one place to another."""
