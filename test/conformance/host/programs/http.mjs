// node's own client and server: functions, events in their order, listeners, errors, what goes over the wire.
import http from 'node:http'
import https from 'node:https'
import Module from 'node:module'

for (const method of [
  http.request,
  http.get,
  https.request,
  https.get,
  http.createServer,
  http.Server.prototype.emit,
]) {
  console.log(method.name, method.length, typeof method.prototype)
}
console.log(Object.keys(http).length, http.default === undefined, process.emit.name, process.emit.length)
console.log(Module.prototype.require.length, process.getBuiltinModule?.name, process.getBuiltinModule?.length)
console.log(http.ClientRequest.prototype.write.name, http.ClientRequest.prototype.end.length)
const server = http.createServer((incoming, outgoing) => {
  const chunks = []
  incoming.on('data', chunk => chunks.push(chunk))
  incoming.on('end', () => {
    outgoing.setHeader('x-b', ['1', '2'])
    outgoing.end(JSON.stringify([incoming.method, incoming.url, incoming.headers, String(Buffer.concat(chunks))]))
  })
  if (incoming.url === '/broken') outgoing.destroy()
})
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
const { port } = server.address()
const events = ['socket', 'finish', 'response', 'end', 'close', 'error', 'abort', 'timeout']
const call = (options, body) =>
  new Promise(resolve => {
    const seen = []
    let text = ''
    let request
    try {
      request = http.request({ port, host: '127.0.0.1', agent: false, ...options }, answer => {
        seen.push('callback')
        answer.setEncoding('utf8').on('data', chunk => {
          text += chunk
        })
        answer.on('end', () => seen.push('answer end')).on('close', () => seen.push('answer close'))
      })
    } catch (error) {
      return resolve([error.name, error.code, error.message])
    }
    for (const event of events)
      request.on(event, argument => seen.push(argument instanceof Error ? `${event} ${argument.code}` : event))
    request.on('close', () =>
      setImmediate(() => resolve([...seen, text.replaceAll(String(port), 'PORT'), request.getHeaderNames()])),
    )
    request.end(body)
  })
console.log(JSON.stringify(await call({ path: '/get' })))
console.log(
  JSON.stringify(await call({ method: 'POST', path: '/post', headers: { 'content-type': 'text/plain' } }, 'body')),
)
console.log(JSON.stringify(await call({ path: '/list', headers: ['x-c', '1', 'x-c', '2'] })))
console.log(JSON.stringify(await call({ path: '/broken' })))
console.log(JSON.stringify(await call({ port: 1, path: '/refused' })))
console.log(JSON.stringify(await call({ path: '/a b' })))
console.log(JSON.stringify(await call({ method: 'A B' })))
console.log(JSON.stringify(await call({ headers: { 'x-é': '✓' } })))
// as many listeners as Node takes without a warning
const many = http.get({ port, host: '127.0.0.1', agent: false })
for (let n = 0; n < 9; n++) for (const event of ['response', 'error', 'close', 'socket']) many.on(event, () => {})
await new Promise(resolve => many.on('response', answer => answer.resume().on('end', resolve)))
server.closeAllConnections()
server.close()
