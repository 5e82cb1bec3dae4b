// Stands in for a server that can't be had here, for what doctor, health checks and the Collector ask of it. Written by us after
// the documentation: it proves where a request goes and with which key, and nothing about the server.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { gunzipSync } from 'node:zlib'

const [kind, argument] = process.argv.slice(2)
const { LANGFUSE_INIT_PROJECT_PUBLIC_KEY: publicKey, LANGFUSE_INIT_PROJECT_SECRET_KEY: secretKey } = process.env
const authorization = `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString('base64')}`
let received = 0
let isAway = false
let records = Buffer.alloc(0)

const servers = {
  // https://grafana.com/docs/grafana/latest/developers/http_api/other/#health-api
  grafana: ({ url }) => (url === '/api/health' ? [200, { database: 'ok', version: '12.3.0', commit: 'x' }] : [404, {}]),
  // https://grafana.com/docs/loki/latest/reference/loki-http-api/ and, what it was sent, in hexadecimal
  loki({ url }, body) {
    if (url === '/ready' || url === '/metrics') return [200, '']
    if (url === '/loki/api/v1/status/buildinfo') return [200, { version: '3.7.8', goVersion: 'go1.26.6' }]
    if (url === '/config') return [200, readFileSync('/etc/loki/loki.yaml', 'utf8')]
    if (url === '/bytes') return [200, records.toString('hex')]
    if (url !== '/otlp/v1/logs') return [404, {}]
    records = Buffer.concat([records, gunzipSync(body)])
    return [204, '']
  },
  // https://api.reference.langfuse.com
  langfuse({ url, headers }) {
    const { pathname } = new URL(url, 'http://x')
    if (pathname === '/api/public/health') return [200, { status: 'OK', version: '4.16.0' }]
    if (pathname === '/received') return [200, { received }]
    // as it answers while its S3 or its Redis is away
    if (pathname === '/away' || pathname === '/back') {
      isAway = pathname === '/away'
      return [200, { isAway }]
    }
    if (headers.authorization !== authorization) return [401, { message: 'Invalid credentials' }]
    if (pathname === '/api/public/projects') return [200, { data: [{ id: 'afn-otel', name: 'afn-otel' }] }]
    if (pathname !== '/api/public/otel/v1/traces') return [404, {}]
    if (isAway) return [500, { message: 'Internal Server Error' }]
    if (Number(headers['content-length']) !== 0) received++
    return [200, {}]
  },
}

const port = kind === 'loki' ? 3100 : 3000

if (argument === '-health') {
  const { ok } = await fetch(`http://127.0.0.1:${port}/ready`)
  process.exit(ok ? 0 : 1)
}

createServer((request, response) => {
  const chunks = []
  request.on('data', chunk => chunks.push(chunk))
  request.on('end', () => {
    const [status, body] = servers[kind](request, Buffer.concat(chunks))
    const isText = typeof body === 'string'
    response.writeHead(status, { 'content-type': isText ? 'text/plain; version=0.0.4' : 'application/json' })
    response.end(isText ? body : JSON.stringify(body))
  })
}).listen(port, '0.0.0.0')
process.on('SIGTERM', () => process.exit(0))
