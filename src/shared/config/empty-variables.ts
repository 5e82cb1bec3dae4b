// A variable that is set to nothing counts as unset: the OpenTelemetry specification says so of its own, and compose's `${NAME:-}`
// sets every variable. The Collector's `${env:NAME:-default}` and Node's `??` see it otherwise.

const ours = /^(?:AFN_|OTEL_|LANGFUSE_|OTELCOL_BIN$|PROMETHEUS_BIN$)/

/** The same environment without the variables of ours that are empty. */
export function withoutEmpty(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name, value]) => !(ours.test(name) && value?.trim() === '')))
}
