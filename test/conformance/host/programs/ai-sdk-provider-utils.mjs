// The AI SDK downloads what a model names, and refuses private addresses, where it knows fetch to be Node's own.
import { createServer } from 'node:http'
import { hostname } from 'node:os'
import { downloadBlob } from '@ai-sdk/provider-utils'

const server = createServer((_, outgoing) => outgoing.setHeader('content-type', 'text/plain').end('internal secret'))
await new Promise(resolve => server.listen(0, resolve))
const { port } = server.address()
for (const host of [hostname(), 'localhost', '127.0.0.1']) {
  try {
    console.log(host, await (await downloadBlob(`http://${host}:${port}/`)).text())
  } catch (error) {
    const causes = []
    for (let cause = error; cause; cause = cause.cause)
      causes.push(`${cause.name} ${cause.message}`.replaceAll(String(port), 'PORT'))
    console.log(host, causes)
  }
}
process.exit()
