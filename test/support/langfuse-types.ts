// LangFuse's own description of its API and of its attributes: @langfuse/core, whose types are generated from the definitions
// that its server is built with. Nothing of it is in our product.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { installOnce } from './install.mjs'

const manifest = path.resolve(import.meta.dirname, '../peers/langfuse/package.json')

export interface Typed {
  /** A type of @langfuse/core. */
  readonly type: 'IngestionRequest' | 'GetObservationsV2Request' | 'GetScoresV3Request' | 'DeleteTracesRequest'
  readonly value: unknown
}

/** What TypeScript says of the values as literals of their types: what is missing, of a wrong type, or unknown. */
export function typeErrors(values: readonly Typed[]): string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-langfuse-types-'))
  symlinkSync(path.join(installOnce(manifest, 'langfuse'), 'node_modules'), path.join(folder, 'node_modules'))
  const names = [...new Set(values.map(({ type }) => type))]
  const text = [
    `import type { ${names.join(', ')} } from '@langfuse/core'`,
    ...values.map(({ type, value }, n) => `export const _${n}: ${type} = ${JSON.stringify(value)}`),
  ]
  writeFileSync(path.join(folder, 'requests.ts'), text.join('\n'))
  const compilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    module: 'esnext',
    target: 'es2022',
  }
  const config = { compilerOptions: { ...compilerOptions, moduleResolution: 'bundler' }, files: ['requests.ts'] }
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(config))
  const tsc = path.resolve(import.meta.dirname, '../../node_modules/typescript/bin/tsc')
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], { encoding: 'utf8' })
  rmSync(folder, { recursive: true, force: true })
  return stdout.split('\n').filter(Boolean)
}

/** The attributes that LangFuse's own SDK writes and its server reads. */
export function langfuseAttributes(): Set<string> {
  const require = createRequire(import.meta.url)
  const core = require(path.join(installOnce(manifest, 'langfuse'), 'node_modules/@langfuse/core'))
  return new Set(Object.values(core.LangfuseOtelSpanAttributes as Record<string, string>))
}
