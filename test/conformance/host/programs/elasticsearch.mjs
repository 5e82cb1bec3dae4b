// Elasticsearch's client brings undici of its own, and publishes what it does.
import { createServer } from 'node:http'
import { Client } from '@elastic/elasticsearch'

const server = createServer((incoming, outgoing) => {
  outgoing.setHeader('x-elastic-product', 'Elasticsearch').setHeader('content-type', 'application/json')
  if (incoming.url.includes('missing')) outgoing.statusCode = 404
  outgoing.end(JSON.stringify({ tagline: 'x', hits: { hits: [] } }))
})
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
const client = new Client({ node: `http://127.0.0.1:${server.address().port}`, maxRetries: 0 })
for (const attempt of [
  () => client.info(),
  () => client.search({ index: 'a' }),
  () => client.get({ index: 'missing', id: '1' }),
]) {
  try {
    console.log(JSON.stringify(await attempt()))
  } catch (error) {
    console.log(error.name, error.statusCode, error.message)
  }
}
const nobody = new Client({ node: 'http://127.0.0.1:1', maxRetries: 0 })
await nobody.info().catch(error => console.log(error.name, error.message))
process.exit()
