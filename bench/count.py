"""`python -m bench.count LOG SESSION`: how many SQL statements each page sends, as page=number."""

import sys

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.inside import requests_for


def main(log: str, session: str) -> None:
    for page, ask in requests_for(log, session).items():
        ask()
        with CaptureQueriesContext(connection) as queries:
            ask()
        print(f"{page}={len(queries)}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
