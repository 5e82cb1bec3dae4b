// What an operator reads on stderr and in status(), in a process of its own, since both belong to a process.
import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buildSync } from 'esbuild'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Diagnostic } from '../../../src/shared/diag/report'

let built: string
beforeAll(() => {
  built = path.join(mkdtempSync(path.join(tmpdir(), 'afn-diag-')), 'report.cjs')
  buildSync({
    entryPoints: ['src/shared/diag/report.ts'],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: built,
  })
})

/** @param script uses `report`, `diagnostics` and `silence` */
function run(script: string): { lines: string[]; diagnostics: Diagnostic[] } {
  const code = `const { report, diagnostics, silence } = require(${JSON.stringify(built)})
    ${script}
    console.log(JSON.stringify(diagnostics()))`
  const { stdout, stderr } = spawn(code)
  return { lines: stderr.split('\n').filter(Boolean), diagnostics: JSON.parse(stdout) as Diagnostic[] }
}

function spawn(code: string): { stdout: string; stderr: string } {
  const script = `const { spawnSync } = require('child_process')
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', process.argv[1]], { encoding: 'utf8' })
    console.log(JSON.stringify({ stdout, stderr }))`
  return JSON.parse(execFileSync(process.execPath, ['-e', script, code], { encoding: 'utf8' }))
}

describe('report', () => {
  it('prints and records the second different failure of a code', () => {
    const { lines, diagnostics } = run(`
      report('AFN120', 'the instrumentation of pg failed (a)')
      report('AFN120', 'the instrumentation of redis failed (b)')
      report('AFN130', 'traces could not be delivered (HTTP 503)')
      report('AFN130', 'traces could not be delivered (HTTP 401)')`)
    expect(lines).toEqual([
      '[@afn/otel] AFN120 the instrumentation of pg failed (a)',
      '[@afn/otel] AFN120 the instrumentation of redis failed (b)',
      '[@afn/otel] AFN130 traces could not be delivered (HTTP 503)',
      '[@afn/otel] AFN130 traces could not be delivered (HTTP 401)',
    ])
    expect(diagnostics.map(({ message }) => message)).toEqual(
      lines.map(line => line.slice('[@afn/otel] AFN1xx '.length)),
    )
  })

  it('prints one failure once however often it comes, and counts it from its first to its last time', () => {
    const { lines, diagnostics } = run(`
      for (let i = 0; i < 1000; i++) report('AFN133', 'a span of ' + (9000000 + i) + ' bytes, trace 0af7651916cd43dd8448eb211c80' + (1000 + i))
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
      report('AFN133', 'a span of 9999999 bytes, trace 0af7651916cd43dd8448eb211c809999')`)
    expect(lines).toHaveLength(1)
    expect(diagnostics).toHaveLength(1)
    expect(diagnostics[0]).toMatchObject({ code: 'AFN133', count: 1001 })
    expect(Date.parse(diagnostics[0]!.lastAt)).toBeGreaterThan(Date.parse(diagnostics[0]!.firstAt))
  })

  it('neither fills stderr nor memory when each failure of thousands is another one', () => {
    const { lines, diagnostics } = run(`
      for (let i = 0; i < 5000; i++) report('AFN120', 'library ' + i + ' failed ' + 'x'.repeat(5000))
      for (let i = 0; i < 5000; i++) report('AFN140', 'value ' + i)`)
    expect(lines).toHaveLength(20)
    expect(lines.at(-1)).toContain('status().diagnostics')
    expect(diagnostics).toHaveLength(66)
    expect(diagnostics.reduce((sum, { count }) => sum + count, 0)).toBe(10_000)
    expect(diagnostics.find(({ message }) => message.startsWith('further different failures'))?.count).toBe(4968)
    expect(Math.max(...diagnostics.map(({ message }) => message.length))).toBeLessThan(1_100)
  })

  it('prints in the next minute what it had no room for in this one', () => {
    const { lines } = run(`
      let now = 1e6
      performance.now = () => now
      for (let i = 0; i < 25; i++) report('AFN120', 'library ' + i)
      now += 61000
      report('AFN120', 'library 24')
      report('AFN120', 'library 0')`)
    expect(lines).toHaveLength(21)
    expect(lines.at(-1)).toBe('[@afn/otel] AFN120 library 24')
  })

  it('records and prints nothing when it is silent', () => {
    const { lines, diagnostics } = run(`silence(); report('AFN120', 'one'); report('AFN120', 'two')`)
    expect(lines).toEqual([])
    expect(diagnostics).toHaveLength(2)
  })
})
