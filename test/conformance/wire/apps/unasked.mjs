// Streams of which the application does not request the counts, each by a client of its own.
import https from 'node:https'
import { PassThrough, Writable } from 'node:stream'
import { url } from './ask.mjs'
import { all, exit, run } from './run.mjs'

const headers = { 'content-type': 'application/json', authorization: `Bearer ${process.env.OPENAI_API_KEY}` }
const asked = name => ({ model: 'gpt-5-mini', messages: [{ role: 'user', content: `Say <${name}>` }], stream: true })
const decoder = new TextDecoder()
/** All that came, whatever ended it. */
async function text(body) {
  let text = ''
  try {
    for await (const chunk of body) text += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })
    return { text }
  } catch ({ name, code }) {
    return { text, name, code }
  }
}

const streamed = name => ({ method: 'POST', headers, body: JSON.stringify(asked(name)) })
const sdk = async (module, options, name) => {
  const { default: OpenAI } = await import(module)
  return all(await new OpenAI(options).chat.completions.create(asked(name)))
}
const axios = async (name, more) => {
  const { default: axios } = await import('axios')
  const { data } = await axios.post(url, asked(name), { headers, responseType: 'stream', ...more })
  return text(data)
}

const byHttps = (name, read, send = (request, body) => request.end(body)) =>
  new Promise((resolve, reject) => {
    const { body, ...options } = streamed(name)
    const request = https.request(url, options, answer => resolve(read(answer))).on('error', reject)
    send(request, body)
  })

await run({
  'global fetch': async name => text((await fetch(url, streamed(name))).body),
  'global fetch with a Request': async name => text((await fetch(new Request(url, streamed(name)))).body),
  'global fetch with bytes': async name =>
    text((await fetch(url, { ...streamed(name), body: new TextEncoder().encode(streamed(name).body) })).body),
  openai: name => sdk('openai', {}, name),
  'openai 4': name => sdk('openai-4', {}, name),
  'openai with undici': async name => sdk('openai', { fetch: (await import('undici')).fetch }, name),
  langchain: async name => {
    const { ChatOpenAI } = await import('@langchain/openai')
    const model = new ChatOpenAI({ model: 'gpt-5-mini', streamUsage: false })
    return (await all(await model.stream(`Say <${name}>`))).map(({ content }) => content)
  },
  'ai 7': async name => {
    const [{ streamText }, { openai }] = [await import('ai'), await import('@ai-sdk/openai')]
    return all(streamText({ model: openai.chat('gpt-5-mini'), prompt: `Say <${name}>` }).textStream)
  },
  'undici request': async name => text((await (await import('undici')).request(url, streamed(name))).body),
  'undici fetch': async name => text((await (await import('undici')).fetch(url, streamed(name))).body),
  'undici stream': async name => {
    const chunks = []
    const sink = new Writable({
      write(chunk, _, done) {
        chunks.push(chunk)
        done()
      },
    })
    await (await import('undici')).stream(url, streamed(name), () => sink)
    return Buffer.concat(chunks).toString()
  },
  'node-fetch': async name => text((await (await import('node-fetch')).default(url, streamed(name))).body),
  axios: name => axios(name),
  'axios by fetch': name => axios(name, { adapter: 'fetch' }),
  got: async name => text((await import('got')).default.stream(url, { method: 'POST', headers, json: asked(name) })),
  https: name => byHttps(name, text),
  'https with an encoding': name => byHttps(name, answer => text(answer.setEncoding('utf8'))),
  'https by a pipe': name => byHttps(name, answer => text(answer.pipe(new PassThrough()))),
  'https by events': name =>
    byHttps(name, answer => {
      const chunks = []
      answer.on('data', chunk => chunks.push(chunk))
      return new Promise(resolve =>
        answer.on('close', () => resolve([Buffer.concat(chunks).toString(), answer.complete])),
      )
    }),
  'https by readable': name =>
    byHttps(name, answer => {
      const chunks = []
      answer.on('readable', () => {
        for (let chunk = answer.read(); chunk !== null; chunk = answer.read()) chunks.push(chunk)
      })
      return new Promise(resolve =>
        answer.on('close', () => resolve([Buffer.concat(chunks).toString(), answer.complete])),
      )
    }),
  'https, written in parts': name =>
    byHttps(name, text, (request, body) => {
      request.write(body.slice(0, 10))
      request.end(body.slice(10))
    }),
  'https with a length': name =>
    byHttps(name, text, (request, body) => {
      request.setHeader('Content-Length', Buffer.byteLength(body))
      request.write(body)
      request.end()
    }),
})
await exit()
