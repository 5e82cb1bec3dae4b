// What the OpenTelemetry Operator adds to NODE_OPTIONS with `--require`.
require('@afn/otel')
