#!/bin/sh
# Stands in for Loki in a container where there is none.
exec /opt/node /opt/stand-in.mjs loki "$@"
