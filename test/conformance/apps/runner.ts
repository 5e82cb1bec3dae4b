// Runs apps in batches, looks once more at each that differs, alone, and sorts what stays by its class.
import { compare, type Difference, type Outcomes } from './compare'
import { frameworkOf, named } from './frameworks'
import { type App, makeApp } from './model'
import { makePlace, modes, type Place, runBatch } from './run'
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
const perBatch = 100

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
  let once = 0
  try {
    for (let from = 0; from < apps.length; from += perBatch) {
      const batch = apps.slice(from, from + perBatch)
      const verdict = compare(batch, await runAll(batch, place))
      requests += verdict.requests
      for (const [reason, times] of verdict.explained) explained.set(reason, (explained.get(reason) ?? 0) + times)
      // a busy machine may have let a client go too soon
      const differing = new Set(verdict.differences.map(({ app }) => app))
      const again = differing.has(undefined) ? batch : [...differing].filter(app => app !== undefined)
      const second = again.length > 0 ? compare(again, await runAll(again, place)).differences : []
      const stays = new Set(second.map(keyOf))
      for (const difference of verdict.differences) {
        if (!stays.has(keyOf(difference))) {
          once++
          continue
        }
        differences++
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
      line: `${apps.length} apps, ${requests} requests, ${differences} differences unexplained, ${sum} explained, ${once} not there a second time`,
    }
  } finally {
    place.remove()
  }
}

export async function runAll(apps: readonly App[], place: Place): Promise<Outcomes> {
  const [bare, stock, ours] = await Promise.all(modes.map(mode => runBatch(apps, mode, place)))
  return { bare: bare!, stock: stock!, ours: ours! }
}

const keyOf = ({ app, request, field }: Difference) => `${app?.seed} ${request} ${field}`

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
