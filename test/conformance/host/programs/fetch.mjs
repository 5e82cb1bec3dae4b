// What others can read of the global fetch, and how it fails.
import { createServer } from 'node:http'

const text = Function.prototype.toString.call(fetch)
const { value, ...place } = Object.getOwnPropertyDescriptor(globalThis, 'fetch')
console.log(text, value.name, value.length, Reflect.ownKeys(value), place, value.prototype.constructor === value)
const server = createServer((_, outgoing) => outgoing.end('hi'))
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
const url = `http://127.0.0.1:${server.address().port}`
const attempts = {
  plain: () => fetch(url),
  bound: () => fetch.call(undefined, url),
  request: () => fetch(new Request(url, { method: 'POST', body: 'x' })),
  nothing: () => fetch(),
  symbol: () => fetch(Symbol('x')),
  method: () => fetch(url, { method: 'A B' }),
  body: () => fetch(url, { body: 'x' }),
  aborted: () => fetch(url, { signal: AbortSignal.abort(new RangeError('mine')) }),
  refused: () => fetch('http://127.0.0.1:1'),
  scheme: () => fetch('ftp://x'),
  data: () => fetch('data:text/plain,data'),
}
for (const [name, attempt] of Object.entries(attempts)) {
  try {
    const promise = attempt()
    console.log(name, Object.getPrototypeOf(promise) === Promise.prototype, await (await promise).text())
  } catch (error) {
    console.log(name, error.name, error.message, error.cause?.code)
  }
}
server.closeAllConnections()
server.close()
