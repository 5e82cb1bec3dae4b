// node's own HTTP/2: functions, sessions and streams.
import http2 from 'node:http2'
import { promisify } from 'node:util'

console.log(http2.connect.name, http2.connect.length, Reflect.ownKeys(http2.connect).map(String))
const server = http2.createServer()
server.on('stream', (stream, headers) => {
  stream.respond({ ':status': 200, 'x-path': headers[':path'] })
  stream.end(`${headers[':method']} ${headers[':path']}`)
})
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
const url = `http://127.0.0.1:${server.address().port}`
const session = await promisify(http2.connect)(url)
const call = (headers, body) =>
  new Promise(resolve => {
    let stream
    try {
      stream = session.request(headers)
    } catch (error) {
      return resolve([error.name, error.code])
    }
    const seen = []
    let text = ''
    stream.on('response', head => seen.push(head[':status'], head['x-path']))
    stream.setEncoding('utf8').on('data', chunk => {
      text += chunk
    })
    for (const event of ['end', 'close', 'error']) stream.on(event, error => seen.push(error ? error.code : event))
    stream.on('close', () => resolve([...seen, text]))
    stream.end(body)
  })
console.log(await call({ ':path': '/a' }))
console.log(await call({ ':path': '/b', ':method': 'POST' }, 'body'))
console.log(await call({ ':nonsense': 'x' }))
console.log(session.request.name, session.request.length)
session.close()
http2.connect('http://127.0.0.1:1').on('error', error => console.log(error.code))
server.close()
