// `afn-otel mcp` before the official inspector, whose CLI judges the schemas of the tools too, and before the official conformance suite.
// Both need a newer Node.js than this repository, so they are started with one of npm.
import { execFile, spawn } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { installOnce } from '../support/install.mjs'
import { isLong } from '../support/long'
import { nodeBinary, nodes } from '../support/nodes.mjs'
import { makeApp, root } from '../support/packed'
import { type RunningUp, startUp } from '../support/up'

const node = isLong('agents') ? nodeBinary(nodes[24]) : { missing: 'AFN_TEST_LONG=agents runs it' }
if ('missing' in node) console.error(`skipped: the inspector of MCP: ${node.missing}`)

/** Of the 32 scenarios those that are about what this server has; the others want tools, prompts and resources of a test server. */
const scenarios = [
  'server-initialize',
  'ping',
  'tools-list',
  'resources-list',
  'prompts-list',
  'dns-rebinding-protection',
]

describe.skipIf('missing' in node)('afn-otel mcp', () => {
  let up: RunningUp
  let modules: string
  let url: string
  /** Of one that runs under the preload. */
  let preloaded: string
  let cli: string
  const ends: (() => void)[] = []

  beforeAll(async () => {
    modules = path.join(installOnce(path.join(root, 'test/mcp/package.json'), 'mcp'), 'node_modules')
    const names = ['@duckdb/node-api', '@modelcontextprotocol/server']
    up = await startUp(['--memory'], {
      folder: makeApp({ files: {}, modules: Object.fromEntries(names.map(name => [name, name])) }),
    })
    cli = path.join(up.folder, 'node_modules/@afn/otel/dist/cli.cjs')
    const preload = { NODE_OPTIONS: '--import @afn/otel', OTEL_EXPORTER_OTLP_ENDPOINT: up.otlp }
    url = await started({})
    preloaded = await started(preload)
  }, 300_000)
  afterAll(async () => {
    for (const end of ends) end()
    await up.stop()
  })

  /** @returns its address */
  async function started(env: Record<string, string>): Promise<string> {
    const args = [cli, 'mcp', '--http', '--port', '0', '--url', up.url]
    const child = spawn(process.execPath, args, { cwd: up.folder, env: { ...process.env, ...env } })
    ends.push(() => child.kill())
    let said = ''
    for await (const chunk of child.stdout) {
      said += chunk
      if (said.endsWith('\n')) break
    }
    return said.replace('MCP', '').trim()
  }

  /** @throws with what it said, when it ends with another code than 0 */
  async function official(script: string, args: string[]): Promise<string> {
    if ('missing' in node) throw new Error(node.missing)
    const env = { ...process.env, PATH: `${path.dirname(node.path)}:${process.env.PATH}` }
    const { stdout, stderr } = await promisify(execFile)(node.path, [path.join(modules, '.bin', script), ...args], {
      env,
    })
    return stdout + stderr
  }

  it('has tools whose schemas the inspector has nothing to say against', async () => {
    const target = [url, '--transport', 'http']
    const said = await official('mcp-inspector', ['--cli', ...target, '--method', 'tools/list', '--strict'])
    expect(said).toContain('"traceql-search"')
    expect(said).not.toMatch(/\d+ (errors|warnings?)\b.*[1-9]|Warning:/)
  })

  it.each(['stdio', 'http'])('is used by the inspector over %s', async transport => {
    const target = transport === 'http' ? [url, '--transport', 'http'] : [process.execPath, cli, 'mcp', '--url', up.url]
    const use = (...args: string[]) => official('mcp-inspector', ['--cli', ...target, ...args])
    const call = ['--method', 'tools/call', '--tool-name', 'traceql-search', '--tool-arg', 'limit=2']
    expect(JSON.parse(await use(...call)).structuredContent.data.traces).toEqual([])
    expect(JSON.parse(await use('--method', 'prompts/list')).prompts.length).toBeGreaterThan(0)
    expect(JSON.parse(await use('--method', 'resources/templates/list')).resourceTemplates).toHaveLength(1)
  })

  it.each(scenarios)('passes the conformance suite: %s', async scenario => {
    for (const server of [url, preloaded]) {
      const said = await official('conformance', ['server', '--url', server, '--scenario', scenario])
      expect(said).toMatch(/Passed: [1-9]\d*\/\d+, 0 failed, 0 warnings/)
    }
  })
})
