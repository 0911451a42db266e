# An image for a JupyterHub: the exact packages of requirements.lock, the project in the home folder of each student.
# docker build --build-arg JUPYTERHUB_VERSION=5.2.1 -t crossread-seminar .
FROM python:3.12-slim

ARG JUPYTERHUB_VERSION=5.2.1
WORKDIR /opt/crossread
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.lock \
 && pip install --no-cache-dir "jupyterhub==${JUPYTERHUB_VERSION}"
COPY pyproject.toml README.md LICENSE CITATION.cff ./
COPY lib lib
COPY corpus corpus
COPY figures figures
COPY notebooks notebooks
RUN echo /opt/crossread/lib > "$(python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/crossread.pth" \
 && printf '#!/bin/sh\nexec python -m crossread_press "$@"\n' > /usr/local/bin/crossread && chmod +x /usr/local/bin/crossread \
 && useradd --create-home student && chown -R student /opt/crossread/notebooks /opt/crossread/figures /opt/crossread/corpus
USER student
WORKDIR /opt/crossread/notebooks/seminar
CMD ["jupyterhub-singleuser", "--ip=0.0.0.0"]
