// Every sample of the documentation that imports this package is right TypeScript against the types of the tarball. What a sample leaves to its
// reader (a name such as `chat`, a package of somebody else) may be missing; a name, an option or a type of ours may not be wrong.
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { expect, it } from 'vitest'
import { makeApp, root } from '../support/packed'
import { blocksOf, pages } from '../support/pages'

/** TypeScript's codes for what the sample leaves open: names, modules, types of parameters. */
const OPEN = /TS(?:2304|2307|2503|2552|2580|2582|2591|2792|7006|7016|7031|18004|1259)\b/

const samples = pages
  .filter(page => page !== 'CHANGELOG.md')
  .flatMap(blocksOf)
  .filter(({ language, text }) => /^(?:js|ts|tsx|mjs)$/.test(language) && text.includes("'@afn/otel"))

/** @returns lines of errors, each with the page and the line of its sample */
function errorsOf(texts: Record<string, string>): string[] {
  const files = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, `${text}\nexport {}\n`]))
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2023',
    lib: ['es2023', 'dom'],
    types: [],
    jsx: 'preserve',
    noEmit: true,
    skipLibCheck: true,
  }
  const modules = { '@opentelemetry/api': '@opentelemetry/api', '@opentelemetry/sdk-node': '@opentelemetry/sdk-node' }
  const folder = makeApp({
    files: { ...files, 'tsconfig.json': JSON.stringify({ compilerOptions, include: ['*.ts', '*.tsx'] }) },
    packageJson: { name: 'samples', type: 'module' },
    modules,
  })
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc')
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], {
    cwd: folder,
    encoding: 'utf8',
  })
  return stdout.split('\n').filter(line => line.includes('error TS') && !OPEN.test(line))
}

it('samples of the documentation use names, options or types that the package does not have', () => {
  expect(samples.length).toBeGreaterThan(10)
  const texts = samples.map(({ page, line, language, text }): [string, string] => [
    `${page.replaceAll('/', '-').replace('.md', '')}-${line}.${language === 'tsx' ? 'tsx' : 'ts'}`,
    text,
  ])
  const wrong = {
    'wrong-name.ts': "import { withAgnet } from '@afn/otel/api'",
    'wrong-option.ts': "import { initializeMonitor } from '@afn/otel/browser'\ninitializeMonitor({ servceName: 'a' })",
  }
  const errors = errorsOf({ ...Object.fromEntries(texts), ...wrong })
  expect(errors.filter(line => line.startsWith('wrong-')).length).toBe(2)
  expect(errors.filter(line => !line.startsWith('wrong-'))).toEqual([])
})
