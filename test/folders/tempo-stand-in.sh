#!/bin/sh
# Stands in for Tempo in a container where there is none: a Collector that writes what it is sent into files.
case "$1" in
-health) exec wget -q -O /dev/null http://127.0.0.1:13133/ ;;
*) exec /opt/otelcol --config=/opt/tempo-stand-in.yaml ;;
esac
