// `.` for CommonJS: `node --require @afn/otel app.js`, or `require('@afn/otel')`. Built to `dist/index.cjs` for old Node
// versions, so that on one that is not supported the app gets one line and runs on.
import type * as Api from '../api'

function supported(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  return major >= 22 || (major === 20 && minor >= 6)
}

if (supported()) {
  require('./start.cjs').start()
} else if (process.env.AFN_LOG_LEVEL !== 'none') {
  require('fs').writeSync(
    2,
    `[@afn/otel] AFN101 Node.js ${process.versions.node} is not supported (20.6 or newer, 22 or newer); the app runs without telemetry\n`,
  )
}

// lazily: a preload has no use for the API
for (const name of ['flush', 'status'] satisfies (keyof typeof Api)[]) {
  Object.defineProperty(exports, name, { enumerable: true, get: () => require('./api.cjs')[name] })
}
