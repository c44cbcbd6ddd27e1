"""Procure guides city staff through an innovative public procurement.

Reading order: `domain` holds the rules (standard library only), `catalogue` the dated data the rules read, `infra` the doors to
the outside world, `web` what all pages share, then the features from the lowest to the highest: `accounts`, `cases`,
`questionnaires`, `support`, `documents`, `desk`. `app` puts them together. Imports go one way only; CI holds that.
"""
