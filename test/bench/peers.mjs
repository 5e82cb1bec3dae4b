// The preloads of others that stand beside ours in benches, as their users start them.
const line = Number.parseInt(process.versions.node, 10)

/** `from`: the line of Node.js that it needs. OpenTelemetry 3 is made for 22, and starts on 20 too. */
const all = {
  stock: { args: ['--require', '@opentelemetry/auto-instrumentations-node/register'], from: 20 },
  EDOT: { args: ['--require', '@elastic/opentelemetry-node'], from: 20 },
  'dd-trace': { args: ['--require', 'dd-trace/init'], from: 22 },
}

/** @type {Record<string, string[]>} arguments of Node.js by name, of those that run on this one */
export const peers = Object.fromEntries(
  Object.entries(all).flatMap(([name, { args, from }]) => (line >= from ? [[name, args]] : [])),
)
for (const [name, { from }] of Object.entries(all))
  if (line < from) console.log(`Without ${name}, which needs Node.js ${from}.`)

/** npm's options for a manifest with all of them: OpenTelemetry 3 wants API 1.10, on which EDOT's 2.x runs without saying so. */
export const npmOptions = ['--legacy-peer-deps']

/** Variables without which they write lines, or talk to their makers. */
export const quiet = {
  OTEL_LOG_LEVEL: 'none',
  ELASTIC_OTEL_OPAMP_ENDPOINT: '',
  DD_TRACE_STARTUP_LOGS: 'false',
  DD_INSTRUMENTATION_TELEMETRY_ENABLED: 'false',
  DD_REMOTE_CONFIGURATION_ENABLED: 'false',
}
