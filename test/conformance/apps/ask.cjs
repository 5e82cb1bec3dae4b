// Asks the provider of garbage as apps ask one, and says all that the app could see of what came back.
const { createHash } = require('node:crypto')
const http = require('node:http')
const undici = require('undici')
const OpenAI = require('openai')

const { PROVIDER, SEED } = process.env
const paths = [
  'v1/chat/completions',
  'v1/chat/completions',
  'v1/responses',
  'v1/messages',
  'v1/embeddings',
  'v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse',
  'api/chat',
  'v2/chat',
  'model/anthropic.claude-3/invoke-with-response-stream',
]
const messages = [{ role: 'user', content: 'how many pots are left?' }]
const body = JSON.stringify({ model: 'gpt-5-mini', stream: true, messages, input: 'how many?', contents: [] })
const method = 'POST'
const headers = {
  'content-type': 'application/json',
  authorization: 'Bearer sk-test',
  'anthropic-version': '2023-06-01',
}

const sum = () => {
  const hash = createHash('sha1')
  let length = 0
  return {
    add(chunk) {
      hash.update(chunk)
      length += chunk.length
    },
    text: () => `${length} ${hash.digest('hex')}`,
  }
}
const named = list => [...list].filter(([name]) => name !== 'date')

async function read(chunks, seen) {
  const bytes = sum()
  try {
    for await (const chunk of chunks) bytes.add(chunk)
  } finally {
    seen.body = bytes.text()
  }
}

async function fetched(fetch, url, seen) {
  const response = await fetch(url, { method, headers, body })
  seen.status = [response.status, response.statusText, response.redirected, named(response.headers)]
  return response
}

const clients = [
  async (url, seen) => read((await fetched(fetch, url, seen)).body ?? [], seen),
  async (url, seen) => {
    const text = await (await fetched(fetch, url, seen)).text()
    seen.body = text.length
    seen.json = typeof JSON.parse(text)
  },
  async (url, seen) => {
    // leaves in the middle
    for await (const chunk of (await fetched(fetch, url, seen)).body ?? []) {
      seen.first = chunk.length > 0
      break
    }
  },
  async (url, seen) => read((await fetched(undici.fetch, url, seen)).body ?? [], seen),
  async (url, seen) => {
    const answer = await undici.request(url, { method, headers, body })
    seen.status = [answer.statusCode, named(Object.entries(answer.headers))]
    await read(answer.body, seen)
    seen.trailers = answer.trailers
  },
  (url, seen) =>
    new Promise((resolve, reject) => {
      const request = http.request(url, { method, headers, agent: false }, answer => {
        seen.status = [answer.statusCode, answer.statusMessage, answer.rawHeaders]
        read(answer, seen).then(() => {
          seen.trailers = answer.rawTrailers
          resolve()
        }, reject)
      })
      request.on('information', ({ statusCode }) => {
        seen.informed = (seen.informed ?? 0) + statusCode
      })
      request.on('error', reject)
      request.end(body)
    }),
  async (url, seen) => {
    seen.result = await client(url).chat.completions.create({ model: 'gpt-5-mini', messages })
  },
  async (url, seen) => {
    seen.events = 0
    for await (const event of await client(url).chat.completions.create({
      model: 'gpt-5-mini',
      messages,
      stream: true,
    })) {
      seen.events++
      seen.last = event
    }
  },
  async (url, seen) => {
    seen.result = await client(url).responses.create({ model: 'gpt-5-mini', input: 'how many?' })
  },
]
const client = url =>
  new OpenAI({ apiKey: 'sk-test', baseURL: `${new URL(url).origin}/${url.split('/')[3]}/v1`, maxRetries: 0 })

function failure(error, depth = 0) {
  if (!(error instanceof Error) || depth > 4) return String(error)
  const { name, message, code, status, cause } = error
  return { name, message, code, status, ...(cause && { cause: failure(cause, depth + 1) }) }
}

module.exports = async id => {
  const seed = createHash('sha1').update(`${SEED} ${id}`).digest().readUInt32BE(0)
  const seen = {}
  try {
    await clients[seed % clients.length](`${PROVIDER}/${seed}/${paths[(seed >>> 8) % paths.length]}`, seen)
  } catch (error) {
    // of a connection that was reset it is chance how much was read before
    if (seed % 16 === 0) return 'perhaps reset'
    seen.failure = failure(error)
  }
  const text = JSON.stringify(seen)
  return text.length < 2000
    ? text
    : `${text.slice(0, 2000)} ${text.length} ${createHash('sha1').update(text).digest('hex')}`
}
