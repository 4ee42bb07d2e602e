FROM python:3.13-slim AS build
WORKDIR /build
# The environment has no pip of its own: nothing that installs is left in the image.
RUN python -m venv --without-pip /opt/chatwarden
COPY constraints.txt ./
RUN python -m pip --python /opt/chatwarden/bin/python install --no-cache-dir --no-deps --requirement constraints.txt
COPY pyproject.toml README.md LICENSE ./
COPY rules ./rules
COPY worker ./worker
RUN python -m pip --python /opt/chatwarden/bin/python install --no-cache-dir --no-deps .
RUN python -m pip --python /opt/chatwarden/bin/python check && /opt/chatwarden/bin/chatwarden --version

FROM python:3.13-slim
COPY --from=build /opt/chatwarden /opt/chatwarden
ENV PATH=/opt/chatwarden/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
# A number, so that whoever runs the image can tell that it is not root.
USER 10001:10001
WORKDIR /tmp
EXPOSE 8484
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8484/healthz', timeout=4)"]
ENTRYPOINT ["chatwarden"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8484"]
