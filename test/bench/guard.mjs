// `npm run bench:guard [-- CALLS]`: what `guard()` adds to a call of fetch, in microseconds, with its sums in this process. Needs `npm run build`.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const calls = Number(process.argv[2] ?? 5_000)
const dist = fileURLToPath(new URL('../../dist/', import.meta.url))
const answer = JSON.stringify({
  id: 'c',
  model: 'gpt-4o-mini',
  choices: [{ index: 0, message: { role: 'assistant', content: 'No.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
})
const app = `
  const answer = ${JSON.stringify(answer)}
  globalThis.fetch = async () => new Response(answer, { headers: { 'content-type': 'application/json' } })
  const { guard } = require(${JSON.stringify(`${dist}index.cjs`)})
  const content = 'a'.repeat(2_000)
  const body = JSON.stringify({ model: 'gpt-4o-mini', max_tokens: 100, messages: [{ role: 'user', content }] })
  const round = async () => {
    const start = performance.now()
    for (let n = 0; n < ${calls}; n++) await (await fetch('https://api.openai.com/v1/chat/completions', { method: 'POST', body })).text()
    return ((performance.now() - start) * 1e3) / ${calls}
  }
  async function main() {
    const rounds = { off: [], on: [] }
    await round()
    for (let n = 0; n < 7; n++) {
      rounds.off.push(await round())
      const budget = guard({ budget: { period: 'day', amount: 100_000 } })
      if (n === 0) await round()
      rounds.on.push(await round())
      budget.stop()
    }
    const median = list => list.sort((a, b) => a - b)[list.length >> 1]
    const [off, on] = [median(rounds.off), median(rounds.on)]
    console.log('a call without a guard ' + off.toFixed(1) + ' µs, with one ' + on.toFixed(1) + ' µs: ' + (on - off).toFixed(1) + ' µs more')
    process.exit()
  }
  main()`
execFileSync(process.execPath, ['-e', app], {
  stdio: 'inherit',
  env: { ...process.env, OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' },
})
