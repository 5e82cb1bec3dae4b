// Every way to a response, twice, since the parser is loaded with the first; and the errors.
import { createServer } from 'node:http'
import { Agent, Client, fetch as fetched, Pool, pipeline, request, stream } from 'undici'

const server = createServer((incoming, outgoing) => {
  if (incoming.url === '/broken') return incoming.socket.destroy()
  outgoing.setHeader('x-a', '1')
  outgoing.end(`${incoming.method} ${incoming.url}`)
})
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
const url = `http://127.0.0.1:${server.address().port}`
const attempt = async (name, work) => {
  try {
    console.log(name, await work())
  } catch (error) {
    console.log(name, error.name, error.code, error.message, error.cause?.code, error.cause?.message)
  }
}
const read = async body => {
  let text = ''
  for await (const chunk of body) text += chunk
  return text
}
for (const turn of [1, 2]) {
  await attempt(`request ${turn}`, async () => {
    const { statusCode, headers, body } = await request(`${url}/r?q=1`, { method: 'POST', body: 'x' })
    return [statusCode, headers['x-a'], await body.text()]
  })
  await attempt(`fetch ${turn}`, async () => (await fetched(`${url}/f`)).text())
  await attempt(`stream ${turn}`, async () => {
    const chunks = []
    const { Writable } = await import('node:stream')
    await stream(
      `${url}/s`,
      { method: 'GET' },
      () => new Writable({ write: (chunk, _, done) => done(null, chunks.push(String(chunk))) }),
    )
    return chunks
  })
  await attempt(`pipeline ${turn}`, () => read(pipeline(`${url}/p`, { method: 'PUT' }, ({ body }) => body).end('y')))
}
const client = new Client(url)
await attempt('client', async () => (await client.request({ path: '/c', method: 'GET' })).body.text())
await client.close()
await attempt('closed client', () => client.request({ path: '/c', method: 'GET' }))
const pool = new Pool(url, { connections: 1 })
await attempt('pool', async () => (await pool.request({ path: '/pool', method: 'GET' })).body.text())
await pool.destroy()
const dispatcher = new Agent({ connect: { timeout: 500 } })
await attempt('agent', async () => (await fetched(`${url}/agent`, { dispatcher })).text())
await attempt('broken', () => request(`${url}/broken`))
await attempt('refused', () => request('http://127.0.0.1:1'))
await attempt('refused fetch', () => fetched('http://127.0.0.1:1'))
await attempt('wrong url', () => request('nonsense'))
await attempt('aborted', () => request(url, { signal: AbortSignal.abort() }))
await dispatcher.destroy()
server.closeAllConnections()
server.close()
process.exit()
