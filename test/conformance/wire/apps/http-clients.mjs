import http2 from 'node:http2'
import https from 'node:https'
import axios from 'axios'
import { HttpsProxyAgent } from 'https-proxy-agent'
import fetch from 'node-fetch'
import { plain, streamed, text, url } from './ask.mjs'
import { run } from './run.mjs'

const { origin, pathname } = new URL(url)

const byHttps = ({ body, ...options }, agent) =>
  new Promise((resolve, reject) => {
    https
      .request(url, { ...options, agent }, answer => resolve(text(answer)))
      .on('error', reject)
      .end(body)
  })

async function byHttp2({ method, headers, body }) {
  const session = http2.connect(origin)
  const stream = session.request({ ':method': method, ':path': pathname, ...headers })
  stream.end(body)
  const answer = await text(stream)
  session.close()
  return answer
}

const byAxios = ({ body, headers }, more) => axios.post(url, body, { headers, ...more }).then(({ data }) => data)

await run({
  https: name => byHttps(plain(name)),
  'https of a stream': name => byHttps(streamed(name)),
  'https, kept alive': async name => {
    const agent = new https.Agent({ keepAlive: true })
    const answer = await byHttps(streamed(name), agent)
    agent.destroy()
    return answer
  },
  'https-proxy-agent': name => byHttps(streamed(name), new HttpsProxyAgent(process.env.PROXY)),
  http2: name => byHttp2(plain(name)),
  'http2 of a stream': name => byHttp2(streamed(name)),
  axios: name => byAxios(plain(name)),
  'axios of a stream': async name => text(await byAxios(streamed(name), { responseType: 'stream' })),
  'axios by fetch': name => byAxios(plain(name), { adapter: 'fetch' }),
  'axios by fetch, of a stream': async name =>
    text(await byAxios(streamed(name), { adapter: 'fetch', responseType: 'stream' })),
  'node-fetch': async name => (await fetch(url, plain(name))).json(),
  'node-fetch of a stream': async name => text((await fetch(url, streamed(name))).body),
})
