// Calls that fail, are cut, are left, or are tried again, as the applications of these clients see it.
import { setTimeout as sleep } from 'node:timers/promises'
import { url } from './ask.mjs'
import { all, exit, run } from './run.mjs'

const headers = { 'content-type': 'application/json', authorization: 'Bearer sk-test' }
const messages = name => [{ role: 'user', content: `Say <${name}>` }]
const gpt = name => ({ model: 'gpt-5-mini', messages: messages(name) })
const gptStream = name => ({ ...gpt(name), stream: true, stream_options: { include_usage: true } })
const claude = name => ({ model: 'claude-sonnet-4-5', max_tokens: 100, messages: messages(name) })
const openai = async options => new (await import('openai')).default({ maxRetries: 0, ...options })
const anthropic = async options => new (await import('@anthropic-ai/sdk')).default({ maxRetries: 0, ...options })

/** What an application sees of an error, without the addresses and times in it. */
async function seen(work) {
  try {
    return { value: await work() }
  } catch (error) {
    return { error: { name: error.name, status: error.status, code: error.code } }
  }
}
const calls = {
  openai: async name => (await openai()).chat.completions.create(gpt(name)),
  'openai stream': async name => all(await (await openai()).chat.completions.create(gptStream(name))),
  'openai responses': async name => (await openai()).responses.create({ model: 'gpt-5-mini', input: `<${name}>` }),
  'openai responses stream': async name =>
    all(await (await openai()).responses.create({ model: 'gpt-5-mini', input: `<${name}>`, stream: true })),
  'openai retries': async name => (await openai({ maxRetries: 2 })).chat.completions.create(gpt(name)),
  'openai timeout': async name => (await openai({ timeout: 1000 })).chat.completions.create(gpt(name)),
  'openai timeouts': async name => (await openai({ timeout: 1000, maxRetries: 1 })).chat.completions.create(gpt(name)),
  'openai abort': async name => {
    const controller = new AbortController()
    const asked = (await openai()).chat.completions.create(gptStream(name), { signal: controller.signal })
    const events = []
    for await (const event of await asked) if (events.push(event) === 2) break
    controller.abort()
    await sleep(50)
    return events.length
  },
  anthropic: async name => (await anthropic()).messages.create(claude(name)),
  'anthropic stream': async name => all(await (await anthropic()).messages.create({ ...claude(name), stream: true })),
  'anthropic retries': async name => (await anthropic({ maxRetries: 2 })).messages.create(claude(name)),
  'anthropic timeout': async name => (await anthropic({ timeout: 1000 })).messages.create(claude(name)),
  genai: async name => {
    const { GoogleGenAI } = await import('@google/genai')
    const client = new GoogleGenAI({ apiKey: 'test', httpOptions: { retryOptions: { attempts: 1 } } })
    return client.models.generateContent({ model: 'gemini-2.5-flash', contents: `<${name}>` })
  },
  fetch: async name => (await fetch(url, { method: 'POST', headers, body: JSON.stringify(gpt(name)) })).text(),
  'fetch timeout': name =>
    fetch(url, { method: 'POST', headers, body: JSON.stringify(gpt(name)), signal: AbortSignal.timeout(1000) }),
  'axios timeout': async name => (await import('axios')).default.post(url, gpt(name), { headers, timeout: 1000 }),
  'got timeout': async name =>
    (await import('got')).default.post(url, { json: gpt(name), headers, timeout: { request: 1000 }, retry: { limit: 0 } }).json(), // biome-ignore format: one line
}

await run(Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, said => seen(() => call(said))])))
await exit()
