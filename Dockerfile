FROM python:3.13-slim AS build
WORKDIR /source
COPY . .
RUN pip wheel --no-cache-dir --wheel-dir /wheels .

FROM python:3.13-slim
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links /wheels fastapi-lint \
    && useradd --no-create-home --uid 10001 linter
USER 10001
WORKDIR /project
ENTRYPOINT ["fastapi-lint"]
