// Random apps whose handlers ask a provider that answers with garbage, bare and with ours: what their clients get, what comes to nobody's
// hands, how the process ends, what the heap holds, and turns of the event loop.
import { compareOutput } from './apps/compare'
import { frameworkOf, named } from './apps/frameworks'
import { type App, makeApp } from './apps/model'
import { grouped, makePlace, type Outcome, runBatch } from './apps/run'
import { startGarbage } from './garbage'

export interface Fuzzed {
  /** Each with the seed of its app. */
  readonly differences: readonly string[]
  /** The heap after the last round for what it was after the second, at worst. */
  readonly growth: number
  readonly calls: number
  readonly text: string
}

const perBatch = 100

export async function fuzz(count: number, seed: number, rounds = 3): Promise<Fuzzed> {
  const apps: App[] = []
  for (let at = seed; apps.length < count; at++) {
    const framework = frameworkOf(at)
    if ('self' in framework.answers) apps.push(makeApp(at, framework, true))
  }
  const place = makePlace()
  const provider = await startGarbage()
  const differences: string[] = []
  const turns = { bare: { all: 0, long: 0, longest: 0 }, ours: { all: 0, long: 0, longest: 0 } }
  let [growth, calls, requests, lines] = [0, 0, 0, 0]
  try {
    for (let from = 0; from < apps.length; from += perBatch) {
      const batch = apps.slice(from, from + perBatch)
      const both = async (some: readonly App[], times: number) => {
        const env = {
          PROVIDER: provider.url,
          SEED: String(seed),
          AFN_CAPTURE_CONTENT: from % (2 * perBatch) ? 'full' : 'off',
        }
        return Promise.all((['bare', 'ours'] as const).map(mode => runBatch(some, mode, place, { env, rounds: times })))
      }
      const [bare, ours] = await both(batch, rounds)
      requests += bare!.answers.size
      for (const [mode, outcome] of [
        ['bare', bare!],
        ['ours', ours!],
      ] as const) {
        const { turns: all, long, longest } = outcome.rounds.at(-1)!
        turns[mode] = {
          all: turns[mode].all + all,
          long: turns[mode].long + long,
          longest: Math.max(turns[mode].longest, longest),
        }
      }
      if (rounds > 2) growth = Math.max(growth, ours!.rounds.at(-1)!.heap / ours!.rounds[1]!.heap)
      calls += [...ours!.traces.values()]
        .flat()
        .filter(({ attributes }) => 'gen_ai.operation.name' in attributes).length
      const [quiet, said] = withoutOurLines(ours!)
      lines += said
      differences.push(...compareOutput(bare!, quiet).map(one => `${one.field}: ${one.expected} is ${one.got}`))
      differences.push(...answersThatDiffer(batch, bare!, ours!))
    }
  } finally {
    place.remove()
    await provider.close()
  }
  const figures = (['bare', 'ours'] as const).map(mode => {
    const { all, long, longest } = turns[mode]
    return `${mode} ${long} of ${all} turns above 10 ms of CPU, the longest ${longest.toFixed(0)} ms`
  })
  const text = `${apps.length} apps, ${requests} requests, ${provider.asked()} questions to the provider, ${calls} spans of calls, ${lines} lines of ours, ${differences.length} differences; ${figures.join('; ')}; heap ${growth.toFixed(2)} at worst`
  return { differences, growth, calls, text }
}

/** What we say of ourselves has a code. */
function withoutOurLines(outcome: Outcome): [Outcome, number] {
  const lines = outcome.stderr.split('\n')
  const kept = lines.filter(line => !/\bAFN\d{3}\b/.test(line))
  return [{ ...outcome, stderr: kept.join('\n') }, lines.length - kept.length]
}

/** What a broken connection or a wrong encoding comes to is chance for some clients: one of what the bare app had in its rounds is right. */
function answersThatDiffer(batch: readonly App[], bare: Outcome, ours: Outcome): string[] {
  const requestOf = (id: string) => id.replace(/ again \d+$/, '')
  const right = grouped(
    [...bare.answers],
    ([id]) => requestOf(id),
    ([, answer]) => JSON.stringify(answer),
  )
  const found: string[] = []
  for (const [id, answer] of ours.answers) {
    const [expected, got] = [right.get(requestOf(id)) ?? [], JSON.stringify(answer)]
    if (expected.includes(got)) continue
    // what can't be decoded ends in an error or in nothing, bare as well: a few rounds need not see both
    if ([...expected, got].some(one => one.includes('Z_DATA_ERROR'))) continue
    const app = batch[appOf(id)]!
    const [source, brief] = [named(app.framework).source(app), expected[0]?.slice(0, 1500)]
    found.push(`seed ${app.seed} ${id}: ${brief} is ${got.slice(0, 1500)}\n${source}`)
  }
  return found
}

/** Of the letters in an id. */
const appOf = (id: string) =>
  [...id.split(' ')[1]!].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 96, 0) - 1
