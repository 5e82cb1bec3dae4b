// Runs the same app bare and preloaded, and holds what its user sees to be the same but for our own lines.
import { expect } from 'vitest'
import { type AppFolder, makeApp } from './packed'
import { type Run, type RunOptions, run } from './run'

/** An endpoint where nobody listens. */
export const nobody = 'http://127.0.0.1:1'
export const cjs = ['--require', '@afn/otel', 'app.cjs']
export const esm = ['--import', '@afn/otel', 'app.mjs']

const ourLine = /^\[@afn\/otel\] (AFN1\d\d) .*\n/gm

/** What the user sees, our own lines apart. */
export function seen(result: Run): Run {
  return { ...result, stderr: result.stderr.replace(ourLine, '').replace(/\(node:\d+\)/g, '(node:PID)') }
}

/** The codes of our lines, each once, sorted. */
export function ourCodes(result: Run): string[] {
  return [...new Set([...result.stderr.matchAll(ourLine)].map(([, code]) => code as string))].sort()
}

/** @param codes of the lines that are expected; by default any, but no line twice */
export async function compare(
  app: AppFolder,
  preload: string[],
  options: RunOptions = {},
  codes: string[] | undefined = undefined,
): Promise<{ bare: Run; preloaded: Run }> {
  const folder = makeApp(app)
  const bare = await run(folder, preload.slice(-1), options)
  const preloaded = await run(folder, preload, options)
  expect(seen(preloaded)).toEqual(seen(bare))
  if (codes) expect(ourCodes(preloaded)).toEqual(codes)
  const lines = preloaded.stderr.match(ourLine) ?? []
  expect(new Set(lines).size).toBe(lines.length)
  return { bare, preloaded }
}

/** An app in both module systems. */
export const both = (body: string, imports: string[] = []): Record<string, string> => ({
  'app.cjs': `${imports.map(name => `const ${name.replace(/\W/g, '')} = require('${name}')`).join('\n')}\n;(async () => {${body}})()`,
  'app.mjs': `${imports.map(name => `import ${name.replace(/\W/g, '')} from '${name}'`).join('\n')}\n${body}`,
})
