// Streams of which the application does not request the counts, each by a client of its own.
import https from 'node:https'
import { Writable } from 'node:stream'
import { text, url } from './ask.mjs'
import { all, exit, run } from './run.mjs'

const headers = { 'content-type': 'application/json', authorization: `Bearer ${process.env.OPENAI_API_KEY}` }
const asked = name => ({ model: 'gpt-5-mini', messages: [{ role: 'user', content: `Say <${name}>` }], stream: true })
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
  https: name =>
    new Promise((resolve, reject) => {
      const { body, ...options } = streamed(name)
      https
        .request(url, options, answer => resolve(text(answer)))
        .on('error', reject)
        .end(body)
    }),
})
await exit()
