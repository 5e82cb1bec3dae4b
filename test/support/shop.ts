// A small app that fails, bundled as for a deploy.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'

const cart = `export interface Item {
  readonly price: number
}
export function priceOf(item: Item): number {
  return item.price
}
export function totalOf(items: Item[]): number {
  let sum = 0
  const again = items.slice()
  for (const one of again) sum += priceOf(one)
  return sum
}
`
const main = `import { totalOf } from './cart'
function checkout(): number {
  return totalOf([{ price: 3 }, undefined as never])
}
try {
  checkout()
} catch (error) {
  console.log((error as Error).stack)
  globalThis.reportError?.(error)
}
`
/** What a later deploy has more: it moves every line below it, and every minified name. */
const more = `export const greetings = ['a', 'b'].map(word => word + Math.random())
function another(given: number): string {
  return greetings.join(String(given))
}
console.error(another(Date.now()))
`

/**
 * The sources go into `src` beside it.
 * @param options moved: as the next deploy has it; hashed: names of files carry a hash
 */
export async function bundleShop(
  outdir: string,
  { moved = false, hashed = true }: { moved?: boolean; hashed?: boolean } = {},
): Promise<void> {
  const src = path.join(path.dirname(outdir), 'src')
  mkdirSync(src, { recursive: true })
  writeFileSync(path.join(src, 'cart.ts'), moved ? more + cart : cart)
  writeFileSync(
    path.join(src, 'main.ts'),
    moved ? main.replace('function', `${more.replaceAll('export ', '')}function`) : main,
  )
  await build({
    entryPoints: [path.join(src, 'main.ts')],
    outdir,
    bundle: true,
    minify: true,
    sourcemap: true,
    format: 'esm',
    entryNames: hashed ? '[name]-[hash]' : '[name]',
    logLevel: 'error',
  })
}

/** The stack that the bundle prints when Node.js runs it. */
export function throwing(dist: string): string {
  const file = readdirSync(dist).find(name => name.endsWith('.js'))!
  return execFileSync(process.execPath, [path.join(dist, file)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trimEnd()
}
