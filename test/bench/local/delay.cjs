// Loaded into the server by test/bench/local.mjs: for each message says how long the event loop was held at most since the
// message before, in ms.
const { monitorEventLoopDelay } = require('node:perf_hooks')

const delay = monitorEventLoopDelay({ resolution: 1 })
delay.enable()
process.on('message', () => {
  process.send(delay.max / 1e6)
  delay.reset()
})
// the server ends at a signal, not when the bench does
process.channel.unref()
