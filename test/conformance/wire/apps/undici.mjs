import { Writable } from 'node:stream'
import * as undici from 'undici'
import { plain, streamed, text, url } from './ask.mjs'
import { run } from './run.mjs'

const { Agent, Client, EnvHttpProxyAgent, Pool, ProxyAgent, RetryAgent, fetch, interceptors, request } = undici
const { origin, pathname } = new URL(url)
const { H2, PROXY } = process.env
const options = H2 === undefined ? {} : { allowH2: H2 === 'true' }
const agent = new Agent(options)

async function through(dispatcher, name) {
  const { statusCode, body } = await request(url, { ...plain(name), dispatcher })
  const answer = { statusCode, json: await body.json() }
  await dispatcher.close()
  return answer
}

async function own(dispatcher, name) {
  const { body } = await dispatcher.request({ path: pathname, ...streamed(name) })
  const answer = await text(body)
  await dispatcher.close()
  return answer
}

await run({
  request: async name => (await request(url, { ...plain(name), dispatcher: agent })).body.json(),
  'request of a stream': async name => text((await request(url, { ...streamed(name), dispatcher: agent })).body),
  fetch: async name => (await fetch(url, { ...plain(name), dispatcher: agent })).json(),
  'fetch of a stream': async name => text((await fetch(url, { ...streamed(name), dispatcher: agent })).body),
  stream: async name => {
    const chunks = []
    const sink = new Writable({
      write(chunk, _, done) {
        chunks.push(chunk)
        done()
      },
    })
    await undici.stream(url, { ...streamed(name), dispatcher: agent }, () => sink)
    return Buffer.concat(chunks).toString()
  },
  pipeline: async name => {
    const { body, ...init } = streamed(name)
    const duplex = undici.pipeline(url, { ...init, dispatcher: agent }, ({ body: answer }) => answer)
    duplex.end(body)
    return text(duplex)
  },
  Client: name => own(new Client(origin, options), name),
  Pool: name => own(new Pool(origin, options), name),
  Agent: name => through(new Agent({ ...options, connections: 2 }), name),
  RetryAgent: name => through(new RetryAgent(new Agent(options)), name),
  ProxyAgent: name => through(new ProxyAgent({ ...options, uri: PROXY }), name),
  EnvHttpProxyAgent: name => through(new EnvHttpProxyAgent({ ...options, httpsProxy: PROXY }), name),
  interceptors: name => through(new Agent(options).compose(interceptors.redirect(), interceptors.retry()), name),
})
await agent.close()
