// What agents do: loops of several kinds, and runs that get on, out of a seed.
import type { Random } from '../../support/random'
import type { Called, Turn } from './agents'

export const call = (tool: string, args: object, result: unknown): Turn => ({ calls: [{ tool, args, result }] })
export const times = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n))

export const TOOLS = ['search', 'read_file', 'run_tests', 'query_database', 'list_orders']
const RESULTS = [
  'Error: no such file',
  '',
  'no results',
  { rows: [], next: null },
  'exit code 1\nFAILED tests/a.py',
  ['a', 1],
]

/** What loops: one tool, several at once, two or three in turn, or an answer that a parser refuses. Words beside the calls vary. */
export function loopOf(next: Random, kind: number): Turn[] {
  const one = (): Called => ({
    tool: next.pick(TOOLS),
    args: { query: `q${next.below(1e6)}`, limit: 5, nested: { b: 1, a: [1, 2] } },
    result: next.pick(RESULTS),
  })
  if (kind === 4) return [{ text: 'The answer is 42', reply: 'Invalid Format: Missing "Action:" after "Thought:"' }]
  if (kind === 3) return [{ calls: [one(), one()] }]
  return times(kind + 1, n => ({ calls: [{ ...one(), tool: TOOLS[n]! }] }))
}
export const excused = (next: Random, turn: Turn): Turn =>
  turn.calls && next.below(2) === 0 ? { ...turn, text: `Let me try again (${next.below(1e6)}).` } : turn
/** The same arguments in another order. */
export const reordered = (turn: Turn): Turn =>
  turn.calls
    ? {
        ...turn,
        calls: turn.calls.map(one => ({ ...one, args: Object.fromEntries(Object.entries(one.args).reverse()) })),
      }
    : turn

export function goodRun(next: Random, kind: number): Turn[] {
  const tool = next.pick(TOOLS)
  const args = { id: next.below(100) }
  const length = 3 + next.below(6)
  switch (kind) {
    case 0: // waits for a job that gets on
      return times(length, n => call('get_status', args, { state: 'running', percent: n }))
    case 1: // tries twice more after an error
      return [...times(2, () => call(tool, args, 'Error: timeout')), call(tool, args, 'ok')]
    case 2: // reads page after page, with the same words
      return times(length, page => ({ text: 'Next page.', ...call('list_orders', { page }, 'empty') }))
    case 3: // asks for several things at once, of which each has the same answer
      return [{ calls: times(length, n => ({ tool, args: { n }, result: 'ok' })) }]
    case 4: // the same call several times at once, twice
      return times(2, () => ({ calls: times(3, () => ({ tool, args, result: 'ok' })) }))
    case 5: // edits and tests in turn until the tests pass
      return times(length, n => [call('edit', { line: n }, 'ok'), call('run_tests', {}, `${length - n} failed`)]).flat()
    case 6: // probes path after path with the same error
      return times(length, n => call('read_file', { path: `src/${n}.ts` }, 'Error: no such file'))
    case 7: // a scheduler that asks the same each hour, with nothing new
      return times(length, () => ({ text: 'Nothing new.', reply: 'Check the inbox.' }))
    default: // a person who asks the same again, and gets the same again
      return times(length, () => [
        call('weather', { city: 'Osaka' }, 'rain'),
        { text: 'It rains.', reply: 'And now?' },
      ]).flat()
  }
}
