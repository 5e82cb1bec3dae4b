// Sends the requests that plan.json names (test/e2e/http-client-requests.ts makes it), one after the other, to servers of its own.
// Prints what the servers got, what the app got, and in which context its listeners ran. Ends by itself.
const http = require('node:http')
const https = require('node:https')
const url = require('node:url')
const { readFileSync } = require('node:fs')
const { once } = require('node:events')
const { setTimeout: later } = require('node:timers/promises')
const { trace } = require('@opentelemetry/api')

const modules = { http, https }
const { plan, server: certificate } = JSON.parse(readFileSync('plan.json', 'utf8'))
const lines = []
const say = line => lines.push(line)
const tracer = trace.getTracer('app')

const isTraceHeader = name => /^(traceparent|tracestate)$/i.test(name)

/** What came in, in its order, but for the trace headers; of those, whether they are there once. */
function told({ method, url: target, rawHeaders, httpVersion }, body) {
  const pairs = rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [[name, rawHeaders[i + 1]]] : []))
  const own = pairs.filter(([name]) => !isTraceHeader(name))
  say(`traced: ${pairs.filter(([name]) => isTraceHeader(name)).length}`)
  say(`got ${JSON.stringify([method, target, httpVersion, own, body])}`)
}

/** What a server does, by the first part of the path. */
const actions = {
  ok: response => response.writeHead(Number(response.req.url.split('/')[2]) || 200, { 'x-kind': 'a' }).end('body'),
  chunks(response) {
    response.write('one')
    setTimeout(() => response.end('two'), 2)
  },
  cut(response) {
    response.writeHead(200, { 'content-length': 100 }).write('part')
    setTimeout(() => response.socket?.destroy(), 3)
  },
  hangUp: response => response.socket.destroy(),
  junk: response => response.socket.end('no http\r\n\r\n'),
  silent() {},
  early(response) {
    response.writeEarlyHints({ link: '</a.css>; rel=preload' })
    response.writeProcessing()
    response.end('late')
  },
  redirect: response => response.writeHead(302, { location: '/ok' }).end(),
}

function handOver(socket, head) {
  socket.on('error', () => {}).on('end', () => socket.end())
  socket.write(`HTTP/1.1 ${head}\r\n\r\n`)
  socket.resume()
}

function serve(server) {
  server.on('request', (request, response) => {
    let body = ''
    request.on('error', () => {})
    const act = () => (actions[request.url.split(/[/?]/)[1]] ?? actions.ok)(response)
    if (/^\/(silent|hangUp|cut)/.test(request.url)) {
      told(request, '')
      return act()
    }
    request.on('data', chunk => (body += chunk))
    request.on('end', () => {
      told(request, body)
      act()
    })
  })
  server.on('upgrade', (request, socket) => {
    told(request, '')
    handOver(socket, '101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x')
  })
  server.on('connect', (request, socket) => {
    told(request, '')
    handOver(socket, '200 Connected')
  })
  server.keepAliveTimeout = 60_000
  return server
}

const servers = {
  http: serve(http.createServer()),
  https: serve(https.createServer({ cert: readFileSync(certificate.cert), key: readFileSync(certificate.key) })),
}
const agents = {
  http: new http.Agent({ keepAlive: true }),
  https: new https.Agent({ keepAlive: true }),
}
const asPort = {
  http: Object.assign(new http.Agent(), { defaultPort: 0 }),
  https: Object.assign(new https.Agent(), { defaultPort: 0 }),
}

/** The arguments of a request, but for the function at the end. */
function argumentsOf(request, port, controller) {
  const { module, form, host, path, auth, headers, method, agent, timeout, odd } = request
  if (form === 'raw') return request.raw
  const where = `${module}://${auth && form !== 'options' ? `${auth}@` : ''}${host}${port ? `:${port}` : ''}${path}`
  const bare = host.replace(/[[\]]/g, '')
  const more = {
    ...(method !== undefined && { method }),
    ...(headers !== undefined && { headers }),
    ...(timeout && { timeout }),
    ...(agent === 'none' && { agent: false }),
    ...(agent === 'kept' && { agent: agents[module] }),
    ...(agent === 'port' && { agent: asPort[module] }),
    ...(request.signal && { signal: controller.signal }),
    ...odd,
  }
  const options = {
    ...(request.named === 'host'
      ? { host: bare }
      : request.named === 'both'
        ? { hostname: bare, host: 'nobody' }
        : { hostname: bare }),
    ...(port && { port: request.textPort ? String(port) : port }),
    path,
    ...(request.protocol && { protocol: `${module}:` }),
    ...(auth && { auth: decodeURIComponent(auth) }),
    ...more,
  }
  const isPlain = Object.keys(more).length === 0
  switch (form) {
    case 'options':
      return [options]
    case 'legacy':
      return [Object.assign(url.parse(where), more)]
    case 'text':
      return isPlain ? [where] : [where, more]
    case 'url':
      return isPlain ? [new URL(where)] : [new URL(where), more]
    case 'extended':
      return [Object.assign(new URL(where), more)]
    case 'nothing':
      return [new URL(where), undefined]
  }
}

const withoutAgent = (key, value) => (key === 'agent' ? undefined : value)

/** What happens to a request, in its order. */
async function send(request, parent) {
  const { module, call, act, body } = request
  const seen = []
  const own = trace.getActiveSpan()
  const context = what => {
    const active = trace.getActiveSpan()
    if (parent && active !== own) say(`context of ${what}: ${active ? 'another' : 'none'}`)
  }
  const controller = new AbortController()
  const port = request.refused ? 1 : servers[module].address().port
  const args = argumentsOf(request, request.agent === 'port' ? undefined : port, controller)
  const before = JSON.stringify(args, withoutAgent)
  const responded = response => {
    context('response')
    seen.push(`response ${response.statusCode}`)
    response.on('close', () => seen.push('response close'))
    response.on('aborted', () => seen.push('aborted'))
    if (act !== 'noErrorListener')
      response.on('error', error => seen.push(`response error ${error.code ?? error.message}`))
    if (act === 'abort') return sent.abort()
    if (act === 'destroy') return response.destroy()
    if (act === 'fail') return sent.destroy(new RangeError('enough'))
    if (act === 'throw') {
      response.resume()
      throw new TypeError('of a listener')
    }
    if (act === 'unread') return
    let text = ''
    response.on('data', chunk => {
      context('data')
      text += chunk
    })
    response.on('end', () => {
      context('end')
      seen.push(`end ${text}`)
    })
  }
  let sent
  try {
    const hasCallback = act !== 'listen' && act !== 'nobody'
    sent = modules[module][call](...args, ...(hasCallback ? [responded] : []))
  } catch (error) {
    say(`thrown ${error.name} ${error.code} ${error.message}`)
    return
  }
  if (JSON.stringify(args, withoutAgent) !== before) say('the arguments were changed')
  if (act === 'listen') sent.on('response', responded)
  sent.on('error', error => {
    context('error')
    seen.push(`error ${error.code ?? error.message}`)
  })
  for (const event of ['information', 'continue', 'timeout', 'abort', 'finish'])
    sent.on(event, () => {
      seen.push(event)
      if (event === 'timeout') sent.destroy()
      if (event === 'finish' && request.signal) setTimeout(() => controller.abort(), 9)
    })
  for (const event of ['upgrade', 'connect'])
    sent.on(event, (response, socket) => {
      context(event)
      seen.push(`${event} ${response.statusCode}`)
      socket
        .on('error', () => {})
        .resume()
        .end()
    })
  const closed = new Promise(resolve => sent.on('close', resolve))
  say(`headers ${sent.getHeaderNames().filter(name => !isTraceHeader(name))}`)
  say(
    `listeners ${['response', 'close', 'error', 'socket'].map(event => sent.listenerCount(event))}, ${sent.getMaxListeners()}`,
  )
  if (call === 'request') {
    if (act === 'setLater' && !sent.headersSent) sent.setHeader('x-later', '1')
    if (act === 'flush') sent.flushHeaders()
    if (act === 'abortAtOnce') sent.abort()
    if (act === 'destroyAtOnce') sent.destroy()
    if (body) for (const piece of body) sent.write(piece)
    sent.end()
  }
  // what never comes to its end by itself: an answer that is not read, whose listener has thrown, or that does not come
  // CONNECT and an upgrade are answered whatever the path, and on a busy machine later than a silent server is given up
  const isSilent =
    request.path === '/silent' && request.method !== 'CONNECT' && !request.headers?.Upgrade && !request.timeout
  const limits = [later(3000, undefined, { ref: false })]
  if (isSilent || act === 'unread' || act === 'throw') {
    const begun = new Promise(resolve => sent.prependListener(isSilent ? 'finish' : 'response', resolve))
    limits.push(begun.then(() => later(25)))
  }
  const isClosed = await Promise.race([closed.then(() => true), ...limits.map(limit => limit.then(() => false))])
  if (!isClosed) {
    sent.destroy()
    await closed
  }
  await later(1)
  say(`events ${seen.join(', ')}`)
}

process.on('uncaughtException', error => say(`uncaught ${error.name} ${error.message}`))

async function main() {
  for (const [name, server] of Object.entries(servers)) {
    server.listen(0)
    await once(server, 'listening')
    asPort[name].defaultPort = server.address().port
  }
  const names = new Map(
    Object.entries(servers).map(([name, server]) => [String(server.address().port), name.toUpperCase()]),
  )
  for (const request of plan) {
    say(`${request.n} ${JSON.stringify(request)}`)
    await tracer.startActiveSpan(
      `request ${request.n}`,
      { attributes: { ports: JSON.stringify([...names]) } },
      async span => {
        await send(request, span)
        span.end()
      },
    )
  }
  for (const agent of Object.values(agents)) agent.destroy()
  for (const server of Object.values(servers)) {
    server.close()
    server.closeAllConnections()
  }
  const text = lines.join('\n').replaceAll(new RegExp([...names.keys()].join('|'), 'g'), port => names.get(port))
  process.stdout.write(`${text}\n`)
}
main()
