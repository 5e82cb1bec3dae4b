import { setup } from '../support/packed'
import { frameworkOf, named } from './apps/frameworks'
import { makeApp } from './apps/model'
import { makePlace, modes, runBatch, sourceOf } from './apps/run'
export async function main(args: string[]): Promise<number> {
  setup()
  const place = makePlace()
  const [count, seed = '1'] = args
  const apps = Array.from({ length: Number(count) }, (_, i) => makeApp(Number(seed) + i, frameworkOf(Number(seed) + i)))
  console.log(sourceOf(apps.slice(0, 24)))
  console.time('run')
  const outcomes = await Promise.all(modes.map(async mode => { console.time(mode); const r = await runBatch(apps, mode, place); console.timeEnd(mode); return r }))
  for (const [i, o] of outcomes.entries()) {
    console.log(modes[i], o.code, o.answers.size, [...o.servers.values()].flat().length, [...o.traces.values()].flat().length, o.stderr.slice(0, 300))
    console.log(o.built.filter(x => typeof x === 'string'), [...o.answers.values()].filter(a => a.failure).reduce((m, a) => { m[a.failure!] = (m[a.failure!] ?? 0) + 1; return m }, {} as any))
    console.log(o.uncaught.length, o.uncaught.slice(0, 10))
  }
  const byf: any = {}
  for (const [i, app] of apps.entries()) if (typeof outcomes[0]!.built[i] === 'string') (byf[app.framework] ??= []).push(outcomes[0]!.built[i])
  console.log(byf)
  place.remove()
  return 0
}
