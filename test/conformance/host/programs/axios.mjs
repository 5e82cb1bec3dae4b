// Answers and errors of axios by both of its ways out.
import { createServer } from 'node:http'
import axios from 'axios'

const server = createServer((incoming, outgoing) => {
  if (incoming.url === '/missing') outgoing.statusCode = 404
  if (incoming.url === '/moved') return outgoing.writeHead(302, { location: '/json' }).end()
  if (incoming.url === '/broken') return outgoing.destroy()
  if (incoming.url === '/slow') return
  outgoing.setHeader('content-type', 'application/json')
  outgoing.end(JSON.stringify({ method: incoming.method, url: incoming.url }))
})
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
const url = `http://127.0.0.1:${server.address().port}`
for (const adapter of ['http', 'fetch']) {
  const client = axios.create({ baseURL: url, adapter })
  const attempts = {
    get: () => client.get('/json'),
    post: () => client.post('/json', { a: 1 }),
    moved: () => client.get('/moved'),
    missing: () => client.get('/missing'),
    broken: () => client.get('/broken'),
    refused: () => axios.get('http://127.0.0.1:1', { adapter }),
    timeout: () => client.get('/slow', { timeout: 100 }),
    aborted: () => client.get('/slow', { signal: AbortSignal.abort() }),
  }
  for (const [name, attempt] of Object.entries(attempts)) {
    try {
      console.log(adapter, name, (await attempt()).data)
    } catch (error) {
      console.log(adapter, name, error.name, error.code, error.message, error.response?.status)
    }
  }
}
server.closeAllConnections()
server.close()
