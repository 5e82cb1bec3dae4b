// Answers, streams, retries and errors of got.
import { createServer } from 'node:http'
import got from 'got'

let requests = 0
const server = createServer((incoming, outgoing) => {
  requests++
  if (incoming.url === '/retry' && requests % 2 === 1) outgoing.statusCode = 503
  if (incoming.url === '/missing') outgoing.statusCode = 404
  if (incoming.url === '/moved') outgoing.writeHead(302, { location: '/json' })
  if (incoming.url === '/broken') return outgoing.destroy()
  if (incoming.url === '/slow') return
  outgoing.end(JSON.stringify({ method: incoming.method, url: incoming.url }))
})
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
const url = `http://127.0.0.1:${server.address().port}`
const attempt = async (name, work) => {
  try {
    console.log(name, await work())
  } catch (error) {
    console.log(name, error.name, error.code, error.message.replaceAll(url, 'URL'), error.response?.statusCode)
  }
}
const client = got.extend({ retry: { limit: 1, calculateDelay: ({ computedValue }) => computedValue && 10 } })
await attempt('json', () => client(`${url}/json`).json())
await attempt('post', () => client.post(`${url}/json`, { json: { a: 1 } }).json())
await attempt('moved', () => client(`${url}/moved`).json())
requests = 0
await attempt('retry', () => client(`${url}/retry`).json())
await attempt('missing', () => client(`${url}/missing`))
await attempt('broken', () => client(`${url}/broken`, { retry: { limit: 0 } }))
await attempt('refused', () => client('http://127.0.0.1:1', { retry: { limit: 0 } }))
await attempt('timeout', () => client(`${url}/slow`, { timeout: { request: 100 }, retry: { limit: 0 } }))
await attempt('stream', async () => {
  let text = ''
  for await (const chunk of client.stream(`${url}/json`)) text += chunk
  return text
})
server.closeAllConnections()
server.close()
