# syntax=docker/dockerfile:1
# One image per service, each process of it by command:
#   docker build --build-arg SERVICE=inventory --tag trueshelf-inventory .
#   docker run trueshelf-inventory api|worker|relay|migrate|topics

# The version the tests run on.
ARG PYTHON_VERSION=3.11

FROM python:${PYTHON_VERSION}-slim-bookworm AS build
ARG SERVICE
ARG UV_VERSION=0.13.9
ENV UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_PYTHON_DOWNLOADS=never
RUN test -n "${SERVICE}" && pip install --no-cache-dir "uv==${UV_VERSION}"
WORKDIR /app
# What others wrote changes less often than what we write: a layer of its own.
COPY pyproject.toml uv.lock ./
COPY libs/contracts/pyproject.toml libs/contracts/
COPY libs/servicekit/pyproject.toml libs/servicekit/
COPY libs/sheets/pyproject.toml libs/sheets/
COPY libs/attachments/pyproject.toml libs/attachments/
COPY libs/papers/pyproject.toml libs/papers/
COPY services/${SERVICE}/pyproject.toml services/${SERVICE}/
RUN --mount=type=cache,target=/root/.cache/uv \
    uv sync --frozen --no-dev --no-install-workspace --package "trueshelf-${SERVICE}"
COPY libs libs
COPY services/${SERVICE} services/${SERVICE}
RUN --mount=type=cache,target=/root/.cache/uv \
    uv sync --frozen --no-dev --package "trueshelf-${SERVICE}"
# `exec`, so that the service itself is process 1 and hears SIGTERM.
RUN printf '#!/bin/sh\nexec python -m %s "$@"\n' "${SERVICE}" > .venv/bin/service \
    && chmod 755 .venv/bin/service

FROM python:${PYTHON_VERSION}-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin trueshelf \
    && install --directory --owner=10001 /var/lib/trueshelf
WORKDIR /app
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:${PATH} \
    PYTHONUNBUFFERED=1 \
    TRUESHELF_HTTP_HOST=0.0.0.0 \
    TRUESHELF_HTTP_PORT=8000
USER 10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ['TRUESHELF_HTTP_PORT']}/health/live\", timeout=2)"]
ENTRYPOINT ["service"]
CMD ["api"]
