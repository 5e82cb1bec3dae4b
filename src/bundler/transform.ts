// What a bundler writes into a bundle, so that the instrumentations of a process find the libraries in it: each patched
// file hands its exports to the started distribution when it has run, and exports what comes back.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type Identifier, type Literal, type Pattern, type Program, parse } from 'acorn'
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
  // the file only passes on what one that is patched itself exports
  if (importsOf(code).some(specifier => isPatched(file, specifier))) return undefined
  return moduleInPlaceOf(file, code, target)
}

/** The marker tells `afn-otel doctor` what is in a bundle; a minifier keeps it, since it is read when the bundle runs. */
function handOver({ name, version }: Target, exports: string): string {
  const marker = JSON.stringify(`afn-otel:${name}@${version}`)
  return `((globalThis[Symbol.for("@afn/otel")] || {}).bundled || function (exports) { return exports; })(${exports}, ${marker})`
}

function moduleInPlaceOf(file: string, code: string, target: Target): string {
  const original = JSON.stringify(`./${path.basename(file)}${ORIGINAL}`)
  const names = [...exportsOf(file, code)].filter(name => /^[\w$]+$/.test(name))
  const others = names.filter(name => name !== 'default')
  return [
    `import * as original from ${original};`,
    `const patched = ${handOver(target, 'Object.assign({}, original)')};`,
    ...others.map((name, index) => `const export${index} = patched[${JSON.stringify(name)}];`),
    `export { ${others.map((name, index) => `export${index} as ${name}`).join(', ')} };`,
    ...(names.includes('default') ? ['export default patched.default;'] : []),
  ].join('\n')
}

type Declared = Extract<Statement, { type: 'ExportNamedDeclaration' }>['declaration']
type Statement = Program['body'][number]

function statementsOf(code: string): readonly Statement[] {
  return parse(code, { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true }).body
}

function importsOf(code: string): string[] {
  return statementsOf(code).flatMap(statement =>
    'source' in statement && statement.source ? [String(statement.source.value)] : [],
  )
}

function isPatched(file: string, specifier: string): boolean {
  return specifier.startsWith('.') && targetOf(path.resolve(path.dirname(file), specifier)) !== undefined
}

/** The names that a module exports, also those of `export * from './other.js'`. */
function exportsOf(file: string, code: string, seen = new Set<string>()): Set<string> {
  seen.add(file)
  const names = new Set<string>()
  for (const statement of statementsOf(code)) {
    if (statement.type === 'ExportDefaultDeclaration') names.add('default')
    if (statement.type === 'ExportNamedDeclaration') {
      for (const { exported } of statement.specifiers) names.add(nameOf(exported))
      for (const name of declaredBy(statement.declaration)) names.add(name)
    }
    if (statement.type !== 'ExportAllDeclaration') continue
    if (statement.exported) names.add(nameOf(statement.exported))
    const other = path.resolve(path.dirname(file), String(statement.source.value))
    if (statement.exported || seen.has(other) || !existsSync(other)) continue
    for (const name of exportsOf(other, readFileSync(other, 'utf8'), seen)) if (name !== 'default') names.add(name)
  }
  return names
}

function nameOf(exported: Identifier | Literal): string {
  return exported.type === 'Identifier' ? exported.name : String(exported.value)
}

/** Of `export const {a, b: [c]} = …`, `export function f` and `export class C`. */
function declaredBy(declaration: Declared): string[] {
  if (!declaration) return []
  if (declaration.type !== 'VariableDeclaration') return [declaration.id.name]
  return declaration.declarations.flatMap(({ id }) => namesIn(id))
}

function namesIn(pattern: Pattern | null): string[] {
  switch (pattern?.type) {
    case 'Identifier':
      return [pattern.name]
    case 'ArrayPattern':
      return pattern.elements.flatMap(namesIn)
    case 'ObjectPattern':
      return pattern.properties.flatMap(property =>
        namesIn(property.type === 'RestElement' ? property.argument : property.value),
      )
    case 'AssignmentPattern':
      return namesIn(pattern.left)
    case 'RestElement':
      return namesIn(pattern.argument)
    default:
      return []
  }
}
