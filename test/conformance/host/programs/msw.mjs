// Answers that msw gives in the place of servers, and requests that it lets through.
import http from 'node:http'
import { HttpResponse, http as mocked } from 'msw'
import { setupServer } from 'msw/node'

const real = http.createServer((_, outgoing) => outgoing.end('real'))
await new Promise(resolve => real.listen(0, '127.0.0.1', resolve))
const server = setupServer(
  mocked.get('http://example.test/a', ({ request }) =>
    HttpResponse.json({ a: 1, accept: request.headers.get('accept') }),
  ),
  mocked.post('http://example.test/b', async ({ request }) => HttpResponse.text(`b ${await request.text()}`)),
  mocked.get('http://example.test/e', () => HttpResponse.error()),
)
const before = fetch
server.listen({ onUnhandledRequest: 'bypass' })
const attempts = [
  async () => (await fetch('http://example.test/a')).text(),
  async () => (await fetch('http://example.test/b', { method: 'POST', body: 'x' })).text(),
  async () => (await fetch('http://example.test/e')).text(),
  async () => (await fetch(`http://127.0.0.1:${real.address().port}`)).text(),
  () =>
    new Promise((resolve, reject) =>
      http
        .get('http://example.test/a', answer => answer.on('data', chunk => resolve(String(chunk))))
        .on('error', reject),
    ),
]
for (const attempt of attempts) {
  try {
    console.log(await attempt())
  } catch (error) {
    console.log(error.name, error.message)
  }
}
server.close()
console.log(fetch === before)
real.closeAllConnections()
real.close()
