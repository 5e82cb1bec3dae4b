// Stands in for a server that can't be had here, for what doctor, health checks and the Collector ask of it. Written by us after
// the documentation: it proves where a request goes and with which key, and nothing about the server.
import { createServer } from 'node:http'

const [kind] = process.argv.slice(2)
const { LANGFUSE_INIT_PROJECT_PUBLIC_KEY: publicKey, LANGFUSE_INIT_PROJECT_SECRET_KEY: secretKey } = process.env
const authorization = `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString('base64')}`
let received = 0
let isAway = false

const servers = {
  // https://grafana.com/docs/grafana/latest/developers/http_api/other/#health-api
  grafana: ({ url }) => (url === '/api/health' ? [200, { database: 'ok', version: '12.3.0', commit: 'x' }] : [404, {}]),
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

createServer((request, response) => {
  const [status, body] = servers[kind](request)
  request.resume().on('end', () => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  })
}).listen(3000, '0.0.0.0')
process.on('SIGTERM', () => process.exit(0))
