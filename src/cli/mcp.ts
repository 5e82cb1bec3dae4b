// `afn-otel mcp`: lets an agent read what a running `afn-otel up` has, by the Model Context Protocol.
import { createServer } from 'node:http'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { getRequestListener } from '@hono/node-server'
import { type AccessPolicy, isLoopback, refusalOf } from '../backend/access-policy'
import { listen } from '../backend/listen'
import { runningIn } from '../backend/running'
import { up } from '../backend/up'
import type { Backend } from '../shared/queries/http'
import { configOption } from './cost/configuration'
import { helpOption, print } from './help'
import { localBackend, localOption } from './local/backend'
import { type McpServers, mcpServers } from './mcp/servers'
import { type Options, optionLines } from './options'
import { portOf, signalled } from './serving'
import { optionsOf, options as optionsOfUp, tokenOf } from './up'

export const options = {
  ...localOption,
  data: {
    type: 'string',
    argument: 'DIR',
    help: 'data folder to read, through the afn-otel up that has it open, or directly if none has',
    otherwise: 'read from --url',
  },
  http: {
    type: 'boolean',
    default: false,
    help: 'serves Streamable HTTP at /mcp until stopped, instead of stdin and stdout',
  },
  port: { type: 'string', default: '3201', help: 'with --http: port to listen on; 0 picks a free port' },
  host: {
    type: 'string',
    default: '127.0.0.1',
    help: 'with --http: address to bind to; an address that other machines can reach requires a token',
  },
  'token-file': optionsOfUp['token-file'],
  ...configOption,
} as const satisfies Options

const help = `Usage: afn-otel mcp [--url URL | --data DIR] [--http [--port 3201] [--host HOST] [--token-file FILE]]

Runs an MCP (Model Context Protocol) server for agents such as Claude Code, Cursor and VS Code. Its tools find and read traces,
explain the cost of LLM calls, list failed calls, alerts, SLOs, budgets, evaluations and erasure requests, and run the catalogue
queries. They are read-only; a response has at most 64 KiB, and content is masked as stored. Requires the official SDK:
npm i @modelcontextprotocol/server. A running afn-otel up serves the same tools at /mcp.

${optionLines(options)}

Exit codes: 0 stopped by the client or a signal; 1 failed to start; 2 usage error.`

/** @returns the exit code, as `help` says */
export async function mcp(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...options, ...helpOption } })
  if (values.help) return print(help)
  if (values.data !== undefined && values.url !== undefined) throw new Error('mcp takes either --url or --data')
  const access = accessOf(values)
  const port = portOf('--port', values.port)
  const end = signalled()
  try {
    const source = await sourceOf(values)
    const serve = async () => {
      const servers = mcpServers(source.backend, values.config)
      await (values.http ? serveHttp(servers, access, port, end) : serveStdio(servers, end))
    }
    await serve().finally(source.close)
    return 0
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const reason = code === 'EADDRINUSE' ? `port ${port} is already in use; choose another port with --port` : message
    console.error(`afn-otel mcp: ${reason}`)
    return 1
  }
}

function accessOf(values: { readonly host?: string; readonly 'token-file'?: string }): AccessPolicy {
  const [host, token] = [values.host ?? '', tokenOf(values['token-file'])]
  if (isLoopback(host) || token !== undefined) return { host, token }
  throw new Error(
    `--host ${host} is reachable from other machines and requires a token: set AFN_LOCAL_TOKEN or --token-file`,
  )
}

interface Source {
  readonly backend: Backend
  readonly close: () => Promise<void>
}

async function sourceOf({ url, data }: { url?: string | undefined; data?: string | undefined }): Promise<Source> {
  const none = async () => {}
  if (data === undefined) return { backend: localBackend(url), close: none }
  const folder = path.resolve(data)
  const running = runningIn(folder)
  if (running) return { backend: localBackend(running.url), close: none }
  process.umask(0o077)
  const opened = await up({
    ...optionsOf({ ...defaults, port: '0', 'otlp-port': '0', 'grpc-port': 'none', data: folder }, 'mcp'),
    // only this process asks it
    access: { host: '127.0.0.1', token: process.env.AFN_LOCAL_TOKEN || undefined },
  })
  return { backend: localBackend(opened.api.url), close: () => opened.close() }
}

const defaults = {
  'allow-origin': [],
  memory: false,
  repair: false,
  host: '127.0.0.1',
  redact: false,
  prometheus: false,
  open: false,
}

/** Until the client closes stdin, or a signal ends it. */
async function serveStdio({ make }: McpServers, end: Promise<void>): Promise<void> {
  const { serveStdio } =
    require('@modelcontextprotocol/server/stdio') as typeof import('@modelcontextprotocol/server/stdio')
  const closed = new Promise<void>(resolve => process.stdin.once('end', resolve).once('close', resolve))
  const connection = serveStdio(make, {
    onerror: error => console.error(`afn-otel mcp: ${error.message}`),
  })
  await Promise.race([closed, end])
  await connection.close()
}

async function serveHttp(
  { sdk, make }: McpServers,
  access: AccessPolicy,
  port: number,
  end: Promise<void>,
): Promise<void> {
  const handler = sdk.createMcpHandler(make)
  const answer = getRequestListener(request => handler.fetch(request), { overrideGlobalObjects: false })
  const server = createServer((request, response) => {
    const pathname = (request.url ?? '/').replace(/\?.*/s, '')
    const refusal = refusalOf(
      { headers: request.headers, path: pathname, localAddress: request.socket.localAddress },
      access,
    )
    if (refusal || pathname !== '/mcp') {
      const { status, message } = refusal ?? { status: 404, message: 'the MCP endpoint is /mcp' }
      response.writeHead(status, {
        'content-type': 'application/json',
        ...(status === 401 && { 'www-authenticate': 'Bearer' }),
      })
      response.end(JSON.stringify({ error: message }))
      return
    }
    void answer(request, response)
  })
  const listening = await listen(server, port, access.host)
  console.log(`MCP  ${listening.url}/mcp`)
  await end
  await handler.close()
  await listening.close()
}
