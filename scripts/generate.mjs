// `npm run generate [-- --check]`: writes every generated file from its table, or fails when one has drifted.
// A generator is a TypeScript file with a default export `() => GeneratedFile[] | Promise<GeneratedFile[]>`.
// A file says in its first line that it is generated. JSON has no comments: boards say it in `__generated`, and slo.schema.json, which
// editors read, says it here alone. docs/settings.md and docs/collector.md are written by hand around one generated table.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const generators = [
  'semconv/generator/generate.ts',
  'src/pipeline/deployment/agent-prices/generate.ts',
  'src/pipeline/deployment/generate.ts',
  'src/shared/config/generate.ts',
  'src/cli/collector/generate.ts',
  'src/cli/reference/generate.ts',
  'src/monitoring/slo/generate.ts',
]

/** @returns {Promise<{path: string, content: string}[]>} paths are relative to the repository */
async function run(generator) {
  const outfile = path.join(root, 'node_modules/.cache/afn-generate', `${generator.replaceAll('/', '-')}.mjs`)
  await build({
    entryPoints: [path.join(root, generator)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    // commands look for the package from where their bundle lies
    define: { __dirname: JSON.stringify(path.join(root, 'dist')) },
    logLevel: 'warning',
  })
  process.chdir(root)
  const { default: generate } = await import(outfile)
  return generate()
}

// help of commands is as wide as a terminal; a file is not
process.env.COLUMNS = '120'

const check = process.argv.includes('--check')
const drifted = []
for (const generator of generators) {
  for (const file of await run(generator)) {
    const target = path.join(root, file.path)
    const old = await readFile(target, 'utf8').catch(() => undefined)
    if (old === file.content) continue
    if (check) drifted.push(file.path)
    else {
      await mkdir(path.dirname(target), { recursive: true })
      await writeFile(target, file.content)
      console.log(`wrote ${file.path}`)
    }
  }
}
if (drifted.length) {
  console.error(`generated files differ from their tables: ${drifted.join(', ')}; run npm run generate`)
  process.exitCode = 1
}
