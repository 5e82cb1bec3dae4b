// An app that has broken what everybody uses, while requests go out.
import http from 'node:http'

const server = http.createServer((_, outgoing) => outgoing.end('hi'))
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
const url = `http://127.0.0.1:${server.address().port}`
process.on('uncaughtException', error => console.log('UNCAUGHT', String(error)))
const get = () =>
  new Promise((resolve, reject) => http.get(url, answer => answer.on('data', resolve)).on('error', reject))
await fetch(url).then(answer => answer.text())
await get()
// the first metrics of a process leave after a second
await new Promise(resolve => setTimeout(resolve, 1_500))
const broken = [
  [Array.prototype, ['map', 'filter', 'find', 'reduce', 'flatMap', 'some']],
  [Object, ['entries', 'fromEntries']],
  [String.prototype, ['replaceAll', 'padStart', 'trim']],
  [JSON, ['parse', 'stringify']],
]
for (const [holder, names] of broken) {
  for (const name of names) {
    const before = Object.getOwnPropertyDescriptor(holder, name)
    Object.defineProperty(holder, name, {
      ...before,
      value() {
        throw new TypeError(`no ${name}`)
      },
    })
    const results = [fetch(url).then(answer => answer.text()), get().then(String)]
    const settled = await Promise.allSettled(results)
    Object.defineProperty(holder, name, before)
    console.log(
      name,
      settled[0].value ?? String(settled[0].reason?.cause ?? settled[0].reason),
      settled[1].value ?? String(settled[1].reason),
    )
  }
}
server.closeAllConnections()
server.close()
