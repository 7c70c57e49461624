# Attest with its client of Milvus. docs/deployment.md explains it; compose.yaml starts it with all it needs.
FROM python:3.11-slim-bookworm

RUN useradd --create-home attest && install --directory --owner attest /cache /index
WORKDIR /app
COPY pyproject.toml constraints.txt README.md LICENSE app.py ./
COPY qa qa
COPY eval eval
COPY web web
# Where PyTorch's build for processors alone is; without it, pip brings the one for graphics cards too.
ARG TORCH_INDEX=
RUN PIP_INDEX_URL="$TORCH_INDEX" pip install --no-cache-dir --constraint constraints.txt torch \
 && pip install --no-cache-dir --constraint constraints.txt '.[milvus]'

USER attest
ENV ATTEST_CACHE=/cache ATTEST_INDEX=/index ATTEST_CORPUS=/corpus ATTEST_HOST=0.0.0.0 ATTEST_PORT=7860
EXPOSE 7860
HEALTHCHECK --start-period=120s CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:7860/health')"]
CMD ["attest", "serve"]
