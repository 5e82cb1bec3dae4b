// What a bundler writes into a bundle, so that the instrumentations of a process find the libraries in it: each patched
// file hands its exports to the started distribution when it has run, and exports what comes back.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'es-module-lexer/minimal'
import { type Target, targetOf } from './targets'

/** Added to the path of an ES module whose unchanged exports the code in its place passes on. */
export const ORIGINAL = '?afn-otel-original'

/**
 * The code that takes the place of a file.
 * @param read called for a file that an instrumentation patches
 * @returns `undefined` for a file that stays as it is
 */
export function transform(file: string, read: () => string): string | undefined {
  const target = targetOf(file)
  if (!target) return undefined
  const code = read()
  if (target.format === 'CommonJS') return `${code}\n;module.exports = ${handOver(target, 'module.exports')};\n`
  try {
    // many an entry for `import` only passes on what the one for `require` exports, which hands itself over
    return importsOf(code).some(specifier => isSame(target, file, specifier))
      ? undefined
      : moduleInPlaceOf(file, code, target)
  } catch {
    // the bundler says better what is wrong with the code
    return undefined
  }
}

/** The marker tells `afn-otel doctor` what is in a bundle; a minifier keeps it, since it is read when the bundle runs. */
function handOver({ name, version }: Target, exports: string): string {
  const marker = JSON.stringify(`afn-otel:${name}@${version}`)
  return `((globalThis[Symbol.for("@afn/otel")] || {}).bundled || function (exports) { return exports; })(${exports}, ${marker})`
}

function moduleInPlaceOf(file: string, code: string, target: Target): string | undefined {
  const exported = exportsOf(file, code)
  if (!exported) return undefined
  const original = JSON.stringify(`./${path.basename(file)}${ORIGINAL}`)
  const names = [...exported].filter(name => /^[\w$]+$/.test(name))
  const others = names.filter(name => name !== 'default')
  return [
    `import * as original from ${original};`,
    `const patched = ${handOver(target, 'Object.assign({}, original)')};`,
    ...others.map((name, index) => `var export${index} = patched[${JSON.stringify(name)}];`),
    `export { ${others.map((name, index) => `export${index} as ${name}`).join(', ')} };`,
    ...(names.includes('default') ? ['export default patched.default;'] : []),
  ].join('\n')
}

function importsOf(code: string): string[] {
  return parse(code)[0].flatMap(({ n: specifier }) => specifier ?? [])
}

function isSame({ name }: Target, file: string, specifier: string): boolean {
  return specifier.startsWith('.') && targetOf(path.resolve(path.dirname(file), specifier))?.name === name
}

/**
 * The names that a module exports, also those of `export * from './other.js'`; `undefined` where a file that is named so
 * can't be found, since a name that is left out would break the app.
 */
function exportsOf(file: string, code: string, seen = new Set<string>()): Set<string> | undefined {
  seen.add(file)
  const [imports, exports] = parse(code)
  const names = new Set(exports.map(({ n }) => n))
  for (const { n: specifier, ss: start, se: end } of imports) {
    if (!/^export\s*\*\s*from/.test(code.slice(start, end))) continue
    const other = specifier?.startsWith('.') ? existing(path.resolve(path.dirname(file), specifier)) : undefined
    if (other === undefined) return undefined
    if (seen.has(other)) continue
    const more = exportsOf(other, readFileSync(other, 'utf8'), seen)
    if (!more) return undefined
    for (const name of more) if (name !== 'default') names.add(name)
  }
  return names
}

/** With the extension that the builds of some packages leave to the bundler. */
function existing(file: string): string | undefined {
  return ['', '.js', '.mjs', '/index.js']
    .map(end => file + end)
    .find(candidate => /\.m?js$/.test(candidate) && existsSync(candidate))
}
