// Runs apps in batches, looks again at each that differs, and sorts what stays by its class.
import { compare, compareProcess, type Difference, type Outcomes } from './compare'
import { frameworkOf, named } from './frameworks'
import { type App, makeApp } from './model'
import { grouped, makePlace, modes, type Place, runBatch } from './run'
import { shrink } from './shrink'

export interface Options {
  readonly count: number
  readonly seed: number
  readonly only?: string | undefined
  readonly shrinks: boolean
  readonly progress?: (line: string) => void
}

/** Differences of one kind. */
export interface Class {
  readonly name: string
  readonly count: number
  /** The smallest app that has it, with the request and both values. */
  readonly example: string
}

export interface Sum {
  readonly classes: readonly Class[]
  readonly explained: ReadonlyMap<string, number>
  readonly line: string
}

/** Fewer series than the SDK's metrics keep apart. */
const perBatch = 200

export async function runApps({ count, seed, only, shrinks, progress }: Options): Promise<Sum> {
  const seeds = Array.from({ length: count * (only ? 40 : 1) }, (_, n) => seed + n)
  const apps = seeds
    .filter(one => !only || frameworkOf(one).name === only)
    .slice(0, count)
    .map(one => makeApp(one, frameworkOf(one)))
  const place = makePlace()
  const found = new Map<string, { count: number; first: Difference }>()
  const explained = new Map<string, number>()
  let requests = 0
  let differences = 0
  let chance = 0
  try {
    for (let from = 0; from < apps.length; from += perBatch) {
      const batch = apps.slice(from, from + perBatch)
      const verdict = compare(batch, await runAll(batch, place))
      requests += verdict.requests
      for (const [reason, times] of verdict.explained) explained.set(reason, (explained.get(reason) ?? 0) + times)
      const faults = await faultsAmong(verdict.differences, batch, place)
      differences += faults.length
      chance += verdict.differences.length - faults.length
      for (const difference of faults) {
        const name = classOf(difference)
        const before = found.get(name)
        if (before) before.count++
        else {
          found.set(name, { count: 1, first: difference })
          progress?.(`${name}\n${describe(difference)}`)
        }
      }
      progress?.(
        `${from + batch.length} apps, ${requests} requests, ${differences} differences in ${found.size} classes`,
      )
    }
    const firsts = new Map([...found].map(([name, { first }]) => [name, first]))
    const smallest = shrinks ? await shrink(firsts, place, runAll) : firsts
    const classes = [...found]
      .sort(([, a], [, b]) => b.count - a.count)
      .map(([name, { count }]): Class => ({ name, count, example: describe(smallest.get(name)!) }))
    const sum = [...explained.values()].reduce((a, b) => a + b, 0)
    return {
      classes,
      explained,
      line: `${apps.length} apps, ${requests} requests, ${differences} differences unexplained, ${sum} explained, ${chance} by chance`,
    }
  } finally {
    place.remove()
  }
}

export async function runAll(apps: readonly App[], place: Place): Promise<Outcomes> {
  const [bare, stock, ours] = await Promise.all(modes.map(mode => runBatch(apps, mode, place)))
  return { bare: bare!, stock: stock!, ours: ours! }
}

/**
 * Leaves out what is chance. Some apps are a race: of two layers that have a request at once, of an answer and the end of a body. What
 * such an app does with ours it does bare too, if it runs often enough.
 */
async function faultsAmong(
  differences: readonly Difference[],
  batch: readonly App[],
  place: Place,
): Promise<readonly Difference[]> {
  const found: Difference[] = []
  const apps = [...new Set(differences.map(({ app }) => app))].filter(app => app !== undefined)
  const copies = Math.max(2, Math.min(12, Math.floor(perBatch / apps.length)))
  const some = apps.flatMap(app => Array.from({ length: copies }, () => app))
  if (some.length > 0) found.push(...compare(some, await runAll(some, place)).differences.filter(({ app }) => app))
  let ofProcess = differences.filter(({ app }) => !app)
  for (let look = 0; look < 3 && ofProcess.length > 0; look++) {
    const again = new Set(compareProcess(await runAll(batch, place)).map(keyOf))
    ofProcess = ofProcess.filter(one => again.has(keyOf(one)))
  }
  const again = grouped(found, keyOf, one => one)
  return differences.filter(difference => {
    if (!difference.app) return ofProcess.includes(difference)
    const seen = again.get(keyOf(difference)) ?? []
    const bare = new Set(seen.map(({ expected }) => expected))
    return seen.some(({ got }) => !bare.has(got))
  })
}

function keyOf({ app, request, field, expected, got }: Difference): string {
  return app ? `${app.seed} ${request} ${field}` : `${field} ${expected} ${got}`
}

export function classOf({ app, field, expected, got }: Difference): string {
  const shape = (value: string) => (value === 'undefined' ? 'nothing' : /^[[{"]/.test(value) ? 'something' : value)
  return `${app?.framework ?? 'process'}: ${field}: ${shape(expected)} is ${shape(got)}`
}

function describe({ app, request, field, expected, got }: Difference): string {
  const lines = [`  ${field}: ${expected.slice(0, 1500)} is ${got.slice(0, 1500)}`]
  if (!app) return lines.join('\n')
  const one = request === undefined ? undefined : app.requests[request]
  return [
    `seed ${app.seed}`,
    ...named(app.framework).source(app).split('\n'),
    ...(one ? [`${one.method} ${one.path}${one.keepAlive ? ' (keep-alive)' : ''}`] : []),
    ...lines,
  ]
    .map(line => `    ${line}`)
    .join('\n')
}
