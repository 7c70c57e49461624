# Attest in one container. docs/deployment.md explains it; compose.yaml starts it.
#
#     docker build --tag attest .
#     docker run -v ~/docs:/corpus:ro -v attest:/data -p 127.0.0.1:7860:7860 attest
FROM python:3.11-slim-bookworm

WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY qa qa
# The address of PyTorch's builds for processors; without it, pip brings the build for graphics cards.
ARG TORCH_INDEX=
RUN PIP_INDEX_URL="$TORCH_INDEX" pip install --no-cache-dir --no-deps --constraint constraints.txt torch \
 && pip install --no-cache-dir --constraint constraints.txt '.[milvus]'

RUN useradd --create-home attest && install --directory --owner attest /data
USER attest
WORKDIR /data
ENV ATTEST_CACHE=/data/models ATTEST_INDEX=/data/index ATTEST_CORPUS=/corpus ATTEST_HOST=0.0.0.0 ATTEST_PORT=7860
EXPOSE 7860
# The first start downloads the models and indexes the documents.
HEALTHCHECK --start-period=1800s CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:7860/health')"]
CMD ["sh", "-c", "attest index && exec attest serve"]
