// An app whose Object.prototype somebody has polluted: it worked before, and works on.
import http from 'node:http'

const server = http.createServer((incoming, outgoing) => outgoing.end(`hi ${incoming.url}`))
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
const { port } = server.address()
const get = path =>
  new Promise((resolve, reject) => {
    http.get({ port, path }, answer => answer.setEncoding('utf8').on('data', resolve)).on('error', reject)
  })
const circle = {}
circle.self = circle
const kinds = {
  plain: { value: { x: 1 } },
  circle: { value: circle },
  deep: { value: JSON.parse(`${'['.repeat(3000)}${']'.repeat(3000)}`) },
  thrower: {
    get() {
      throw new RangeError('read')
    },
    set() {},
  },
  function: { value() {} },
}
process.on('uncaughtException', error => {
  console.log('UNCAUGHT', String(error))
  process.exit(1)
})
console.log(await get('/clean'), await (await fetch(`http://127.0.0.1:${port}/clean`)).text())
for (const [kind, descriptor] of Object.entries(kinds)) {
  for (const name of ['extra', 'attributes', 'events', 'links', 'body', 'kind', 'toJSON', 'parent', 'route', 'then']) {
    if (name === 'then' && kind !== 'plain') continue
    if (name === 'toJSON' || (name === 'body' && kind !== 'plain')) continue
    Object.defineProperty(Object.prototype, name, { ...descriptor, enumerable: true, configurable: true })
    let answers
    try {
      answers = [await get(`/${name}`), await get('/again')]
    } catch (error) {
      answers = [String(error)]
    }
    delete Object.prototype[name]
    console.log(kind, name, ...answers)
  }
}
// with one of them left there, to the end of the process
Object.prototype.extra = circle
console.log(await get('/last'))
server.closeAllConnections()
server.close()
