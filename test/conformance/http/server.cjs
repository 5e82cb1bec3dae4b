// A server that is asked in every shape that a request can have, over plain sockets, one request after the other. Prints what came
// back, byte for byte, and in which context the listeners of each request ran. Ends by itself.
const http = require('node:http')
const net = require('node:net')
const { trace } = require('@opentelemetry/api')

const lines = []
const say = line => lines.push(line)
const same = span => (trace.getActiveSpan() === span ? 'same' : trace.getActiveSpan() ? 'other' : 'none')

const inner = http.createServer((_, response) => answer(response, 200, 'handed on'))

function answer(response, status, body) {
  response.sendDate = false
  response.writeHead(status, { 'x-kind': 'a' })
  response.end(body)
}

/** What the server does, by the header `x-do`. */
const actions = {
  status: (request, response) => answer(response, Number(request.headers['x-status'] ?? 200), 'body'),
  nothing: (_, response) => answer(response, 204),
  chunks(_, response) {
    response.sendDate = false
    response.write('one')
    setImmediate(() => response.end('two', () => {}))
  },
  echo(request, response) {
    const span = trace.getActiveSpan()
    const contexts = []
    let body = ''
    request.on('data', chunk => {
      body += chunk
      contexts.push(`data ${same(span)}`)
    })
    request.once('end', () => {
      contexts.push(`end ${same(span)}`)
      setTimeout(() => {
        contexts.push(`timer ${same(span)}`)
        answer(response, 200, body)
      }, 1)
    })
    request.on('close', () => contexts.push(`request close ${same(span)}`))
    response.on('finish', () => contexts.push(`finish ${same(span)}`))
    response.on('close', () => {
      contexts.push(`close ${same(span)}`)
      setImmediate(() => say(`contexts: ${[...new Set(contexts)].sort().join(', ')}`))
    })
  },
  async later(_, response) {
    const span = trace.getActiveSpan()
    await new Promise(resolve => setTimeout(resolve, 2))
    say(`awaited: ${same(span)}`)
    answer(response, 200, 'later')
  },
  named: (_, response) => {
    const span = trace.getActiveSpan()
    span?.updateName('named by the app').setAttribute('app.order', 7)
    span?.setStatus({ code: 1 })
    answer(response, 200, 'named')
  },
  handOn: (request, response) => inner.emit('request', request, response),
  destroy: (_, response) => response.destroy(),
  fail: (_, response) => response.destroy(new RangeError('gone wrong')),
  emitError(_, response) {
    response.on('error', () => {})
    response.emit('error', new TypeError('told'))
    answer(response, 200, 'after an error')
  },
  throws() {
    throw new SyntaxError('of the app')
  },
  silent() {},
  listeners(request, response) {
    const count = (emitter, event) => emitter.listenerCount(event)
    say(
      `listeners: ${['data', 'end', 'close', 'error'].map(event => count(request, event))}, ${['finish', 'close', 'error'].map(event => count(response, event))}, ${response.getMaxListeners()}`,
    )
    say(
      `own: ${[request, response].map(one => Reflect.ownKeys(one).filter(key => typeof key === 'string' && typeof one[key] === 'function'))}`,
    )
    const once = () => {}
    request.once('end', once).off('end', once)
    say(`removed: ${request.listenerCount('end')}`)
    answer(response, 200, 'counted')
  },
}

const server = http.createServer((request, response) => {
  request.on('error', () => {})
  ;(actions[request.headers['x-do']] ?? actions.status)(request, response)
})
// a busy machine must not close a connection between two requests
server.keepAliveTimeout = 60_000
process.on('uncaughtException', error => {
  say(`uncaught: ${error.message}`)
  for (const socket of sockets) socket.destroy()
})
server.on('clientError', (error, socket) => {
  say(`client error: ${error.code}`)
  socket.destroy()
})

const sockets = new Set()

/** Writes the pieces and resolves with what came back when the other side has closed, or `enough` of it is there. */
function exchange(pieces, { enough, half = false } = {}) {
  return new Promise(resolve => {
    const socket = net.connect(server.address().port, '127.0.0.1')
    sockets.add(socket)
    let back = ''
    const done = () => {
      sockets.delete(socket)
      socket.destroy()
      resolve(back)
    }
    socket.setEncoding('latin1')
    socket.on('error', () => {})
    socket.on('close', done)
    socket.on('data', chunk => {
      back += chunk
      if (enough?.(back)) done()
    })
    socket.on('connect', async () => {
      for (const [index, piece] of pieces.entries()) {
        if (index > 0) await new Promise(resolve => setTimeout(resolve, 3))
        socket.write(Buffer.from(piece, 'latin1'))
      }
      if (half) setTimeout(done, 5)
    })
  })
}

const request = ({
  method = 'GET',
  target = '/',
  version = '1.1',
  host = 'shop.example:8080',
  headers = {},
  body = '',
  close = true,
}) => {
  const all = { ...(host !== undefined && { Host: host }), ...headers, ...(close && { Connection: 'close' }) }
  if (body && !('Transfer-Encoding' in all)) all['Content-Length'] = body.length
  return `${method} ${target} HTTP/${version}\r\n${Object.entries(all)
    .flatMap(([name, value]) => [value].flat().map(one => `${name}: ${one}\r\n`))
    .join('')}\r\n${body}`
}

const doing = (action, more = {}) => ({ ...more, headers: { 'x-do': action, ...more.headers } })
const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331'

const shapes = [
  ...[
    'GET',
    'HEAD',
    'POST',
    'PUT',
    'DELETE',
    'OPTIONS',
    'PATCH',
    'TRACE',
    'PROPFIND',
    'M-SEARCH',
    'PURGE',
    'QUERY',
    'get',
    'BREW',
  ].map(method => ({ method, target: '/methods' })),
  ...[
    '/',
    '/a/b',
    '/a?x=1',
    '/a?x=1&y=2&z',
    '/a?sig=secret&x=1',
    '/a?x=1&X-Goog-Signature=s',
    '/a?AWSAccessKeyId=',
    '/a?q=%20+x',
    '/%7Efoo',
    '/a/../b',
    '/./a',
    '/a/.',
    '/.well-known/x',
    '/a.b/..c/d.',
    '//evil/x',
    '//',
    '/a//b',
    '/a%2e%2e/b',
    '/%2e%2e/b',
    '/\xfcn\xefc',
    '/a|b',
    '/a^b',
    '/a\\b',
    "/a'b",
    '/a"b',
    '/a`b',
    '/{a}',
    '/a;p=1,2!$&()*',
    '/a?',
    '/a??b',
    '/a?x=~',
    '/a?=v',
    '/a?x',
    '/a?x=1&&y=2',
    '/a?x=1=2',
    '/a?x=*&y=.-_',
    '/a?x=%zz',
    '/a%',
    '/a?\xfc=\xfc',
    '*',
    'http://other.example/x?y=1',
    '/:80',
    '/a@b',
    '/a?x=1;y=2',
    '/a?x[]=1',
    '/a#b',
    `/${'long/'.repeat(60)}`,
    `/a?x=${'y'.repeat(3000)}`,
  ].map(target => ({ target })),
  { method: 'OPTIONS', target: '*' },
  ...[
    'localhost',
    'shop.example',
    '127.0.0.1',
    '127.0.0.1:80',
    '[::1]:3000',
    '[::1]',
    '[::1',
    'EXAMPLE.com',
    'user@host',
    'host:99999',
    'host:',
    'host:80:90',
    '1.2.3.4.5',
    'a..b',
    '-',
    'xn--nxasmq6b',
    '',
  ].flatMap(host => [
    { host, target: '/host' },
    { host, target: '/host?x=1' },
  ]),
  { host: undefined, version: '1.0', target: '/old' },
  { version: '1.0', target: '/old?x=1' },
  { host: undefined, target: '/refused' },
  ...[
    'for=1.2.3.4;host=pub.example;proto=https',
    'for="[2001:db8::1]:80"',
    'for=unknown',
    'host=pub.example:8443',
    'nonsense;;',
    'for=1.1.1.1, for=2.2.2.2',
  ].map(forwarded => ({ target: '/forwarded', headers: { Forwarded: forwarded } })),
  ...['1.2.3.4', '1.2.3.4, 5.6.7.8', '[::1]:80', '2001:db8::1', 'junk junk', '999.1.1.1', '', ' 10.0.0.1:5555'].map(
    address => ({ target: '/for', headers: { 'X-Forwarded-For': address } }),
  ),
  ...[
    { 'X-Forwarded-Host': 'pub.example' },
    { 'X-Forwarded-Host': 'pub.example', 'X-Forwarded-Proto': 'https' },
    { 'X-Forwarded-Host': 'pub.example:81', 'X-Forwarded-Proto': 'http' },
    { 'X-Forwarded-Host': ['a.example', 'b.example'] },
    { 'X-Forwarded-Proto': 'https' },
  ].map(headers => ({ target: '/fh', headers })),
  ...['curl/8.5.0', 'Googlebot/2.1', 'alwayson', ''].map(agent => ({
    target: '/agent',
    headers: { 'User-Agent': agent },
  })),
  ...[
    { traceparent: `${parent}-01` },
    { traceparent: `${parent}-00` },
    { traceparent: `${parent}-01`, tracestate: 'a=b,c=d' },
    { traceparent: 'nonsense' },
    { traceparent: `00-${'0'.repeat(32)}-b7ad6b7169203331-01` },
    { baggage: 'user=mallory' },
    { traceparent: `${parent}-01`, baggage: 'user=mallory' },
  ].map(headers => ({ target: '/parent', headers })),
  ...[200, 201, 204, 301, 304, 400, 404, 499, 500, 503, 599, 600, 999].map(status => ({
    target: `/status`,
    headers: { 'x-status': status },
  })),
  ...[{ 'X-Tenant': 'a' }, { 'X-Tenant': ['a', 'b'] }, { 'X-Two': 'c', Cookie: ['a=1', 'b=2'] }].map(headers => ({
    target: '/headers',
    headers,
  })),
  ...['POST', 'PUT', 'GET', 'DELETE'].map(method => doing('echo', { method, target: '/echo', body: 'hello' })),
  doing('echo', { method: 'GET', target: '/echo' }),
  doing('echo', { method: 'HEAD', target: '/echo' }),
  doing('echo', { method: 'POST', target: '/echo', body: 'x'.repeat(200_000) }),
  doing('echo', {
    method: 'POST',
    target: '/chunked',
    headers: { 'Transfer-Encoding': 'chunked' },
    body: '5\r\nhello\r\n3\r\nyou\r\n0\r\nx-end: 1\r\n\r\n',
  }),
  doing('echo', { method: 'POST', target: '/continue', headers: { Expect: '100-continue' }, body: 'hello' }),
  { method: 'POST', target: '/expect', headers: { Expect: 'miracles' }, body: 'hello' },
  { target: '/upgrade', headers: { Upgrade: 'websocket', Connection: 'Upgrade, close' } },
  ...['nothing', 'chunks', 'later', 'named', 'handOn', 'destroy', 'fail', 'emitError', 'throws', 'listeners'].flatMap(
    action => [
      doing(action, { target: `/${action}` }),
      doing(action, { target: `/${action}?a=b`, method: 'POST', body: 'sent' }),
    ],
  ),
]

async function main() {
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  for (const shape of shapes) say(JSON.stringify(await exchange([request(shape)])))
  const kept = doing('echo', { method: 'POST', target: '/kept', body: 'one', close: false })
  const count = times => back => back.split('HTTP/1.1 200').length > times && back.endsWith('\r\n0\r\n\r\n')
  say(await exchange(Array(3).fill(request(kept)), { enough: count(3) }))
  // three at once in one segment
  say(await exchange([request(kept).repeat(3)], { enough: count(3) }))
  // the client leaves: in its own body, and before the answer
  say(await exchange([request({ ...kept, target: '/left' }).slice(0, -2)], { half: true }))
  say(await exchange([request(doing('silent', { target: '/silent' }))], { half: true }))
  // a body that comes in pieces, of which the context is looked at
  const whole = request(doing('echo', { method: 'POST', target: '/pieces', body: 'abcdef' }))
  say(await exchange([whole.slice(0, -4), whole.slice(-4, -2), whole.slice(-2)]))
  say(await exchange(['nonsense\r\n\r\n']))
  await new Promise(resolve => setTimeout(resolve, 20))
  server.close(() => {
    process.stdout.write(
      `${shapes.length + 9} requests\n${lines.join('\n').replaceAll(`${server.address()?.port}`, 'PORT')}\n`,
    )
  })
  server.closeAllConnections()
}
main()
