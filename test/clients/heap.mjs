// Many streams of `openai` in one process: read to the end, left after one event, never read.
// The process writes the heap in use at even distances.
import { writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import OpenAI from 'openai'
import { collectGarbage } from './harness.mjs'

const { PROVIDER, RESULTS, STREAMS } = process.env
const ask = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hi' }], stream: true }
const { completions } = new OpenAI({ apiKey: 'sk-test', baseURL: `${PROVIDER}/heap/chat-stream-usage/-/v1` }).chat

const ways = [
  async stream => {
    for await (const _ of stream);
  },
  async stream => {
    for await (const _ of stream) break
  },
  async () => {},
]
const steps = 5

async function main() {
  const heap = []
  for (let step = 0; step < steps; step++) {
    for (let i = 0; i < STREAMS / steps / 10; i++) {
      await Promise.all(Array.from({ length: 10 }, async (_, n) => ways[n % 3](await completions.create(ask))))
    }
    await collectGarbage()
    await sleep(300) // for what is sent in batches
    await collectGarbage()
    heap.push(process.memoryUsage().heapUsed)
  }
  writeFileSync(RESULTS, JSON.stringify({ heap }))
  process.exit()
}
main()
