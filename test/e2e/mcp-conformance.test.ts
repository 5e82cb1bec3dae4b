// The official conformance suite of the Model Context Protocol, its client side: a client of each generation of the SDK passes what it
// passes without us, and sends no byte that the suite takes amiss.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { installOnce } from '../support/install.mjs'
import { isLong } from '../support/long'
import { nodeBinary, nodes } from '../support/nodes.mjs'
import { makeApp, root } from '../support/packed'
import { startReceiver } from '../support/receiver'

const node = isLong('agents') ? nodeBinary(nodes[24]) : { missing: 'AFN_TEST_LONG=agents runs it' }
if ('missing' in node) console.error(`skipped: the conformance suite of MCP: ${node.missing}`)

/** Of each scenario its line of the summary, such as `tools_call: 1 passed, 0 failed`. */
async function summaryOf(generation: string, env: Record<string, string>): Promise<Map<string, string>> {
  if ('missing' in node) throw new Error(node.missing)
  const peers = path.join(installOnce(path.join(root, 'test/peers/package.json'), 'peers'), 'node_modules')
  const suite = path.join(installOnce(path.join(root, 'test/mcp/package.json'), 'mcp'), 'node_modules/.bin/conformance')
  const sdk = '@modelcontextprotocol/sdk'
  const folder = makeApp({
    files: { 'client.mjs': readFileSync(path.join(root, 'test/mcp/conformance-client.mjs'), 'utf8') },
    modules: { [sdk]: path.join(peers, sdk), '@modelcontextprotocol/client': '@modelcontextprotocol/client' },
  })
  // the suite itself runs without us: it is the clients that are observed
  const preload = env.OTEL_EXPORTER_OTLP_ENDPOINT ? '--import @afn/otel' : ''
  const command = `${process.execPath} ${preload} client.mjs ${generation}`
  const stdout = await new Promise<string>(done =>
    execFile(
      node.path,
      [suite, 'client', '--command', command, '--suite', 'all'],
      { cwd: folder, env: { ...process.env, ...env }, maxBuffer: 1 << 26 },
      // it ends with 1 where a scenario fails without us too
      (_, said) => done(said),
    ),
  )
  const lines = [...stdout.matchAll(/^[✓✗] (\S+): (.+)$/gm)].map(([, name, result]) => [name!, result!] as const)
  return new Map(lines)
}

describe.skipIf('missing' in node)('a client in the official conformance suite', () => {
  it.each(['1', '2'])(
    'passes under the preload what it passes without, generation %s',
    async generation => {
      const receiver = await startReceiver()
      const bare = await summaryOf(generation, {})
      const preloaded = await summaryOf(generation, { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url })
      await receiver.close()
      expect(bare.size).toBeGreaterThanOrEqual(26)
      // how soon it is tried again is judged by the clock
      expect([bare, preloaded].map(all => all.get('sse-retry')?.includes(' 0 failed'))).toEqual([true, true])
      for (const all of [bare, preloaded]) all.delete('sse-retry')
      expect(Object.fromEntries(preloaded)).toEqual(Object.fromEntries(bare))
      const passed = [...preloaded.values()].filter(
        result => result.includes(' 0 failed') && !result.includes('warning'),
      )
      expect(passed.length).toBeGreaterThanOrEqual(22)
      const spans = receiver.spans().filter(({ scope }) => scope === '@afn/otel/mcp')
      expect(spans.filter(({ name }) => name.startsWith('tools/call')).length).toBeGreaterThanOrEqual(20)
    },
    300_000,
  )
})
