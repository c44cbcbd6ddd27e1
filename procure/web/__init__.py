"""What all pages share: who may open them, the language, headers, errors, form fields, words for outcomes."""
