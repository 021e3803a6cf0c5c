# One image for web, worker and beat. What each runs stands in docker-compose.yml.
FROM python:3.11-slim-bookworm AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gettext \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements.txt .
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --no-deps --require-hashes --only-binary=:all: -r requirements.txt
COPY . .
# Without DATABASE_URL the settings make keys for a trial; they must not be in the image.
RUN python -c "from scripts.setup import compile_translations; compile_translations()" \
    && DATA_DIR=/data /venv/bin/python manage.py collectstatic --noinput \
    && rm -f /data/keys.json /data/*.sqlite3*

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        postgresql-client libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core fonts-sil-scheherazade fonts-sil-abyssinica fonts-symbola \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 1000 --home-dir /data --shell /usr/sbin/nologin bti \
    && install --directory --owner bti /data /data/files
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build --chown=bti /data /data
COPY --from=build /app /app
USER bti
EXPOSE 8000
CMD ["gunicorn", "bti_portal.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", \
     "--worker-class", "gthread", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
