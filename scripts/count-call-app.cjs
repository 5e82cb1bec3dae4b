// The app whose calls `count-call.mjs` counts: calls of one kind, of which the last are counted. It takes a span
// for exported when the file of the second argument grows, since any other sign would run through code of ours too.
const { appendFileSync, statSync, writeFileSync } = require('node:fs')
const { Session } = require('node:inspector/promises')
const { setTimeout: sleep } = require('node:timers/promises')

const [url, exported, counts] = process.argv.slice(2)
const headers = { 'content-type': 'application/json' }
const body = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Rain?' }] })

async function call() {
  const { size } = statSync(exported)
  const response = await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body })
  await response.json()
  while (statSync(exported).size === size) await sleep(5)
  await sleep(50) // the answer of the Collector is read too
}

async function main() {
  appendFileSync(exported, '')
  for (let n = 0; n < 5; n++) await call()
  await sleep(1_500) // the price table is loaded after a second
  for (let n = 0; n < 5; n++) await call()
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  const rounds = []
  for (let n = 0; n < 3; n++) {
    await session.post('Profiler.takePreciseCoverage')
    await call()
    const { result } = await session.post('Profiler.takePreciseCoverage')
    rounds.push(result.filter(script => /\/dist\/(chunks\/)?[a-z0-9-]+\.cjs$/.test(script.url)))
  }
  writeFileSync(counts, JSON.stringify(rounds))
}
main()
