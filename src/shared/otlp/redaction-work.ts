// How long the texts of one request may be read. The redactor's own budgets are for one text and one record, of which a request can
// have very many.
import type { Redactor } from '../redact'
import { PIECE } from '../redact/scan/ahead'

/** In milliseconds of the thread that redacts. */
export interface Work {
  readonly most: number
  spent: number
  /** Texts and attributes that were replaced unread. */
  unread: number
}

export const workOf = (most: number): Work => ({ most, spent: 0, unread: 0 })

const UNREAD = '[TRUNCATED]'
/** No text takes longer than this, in milliseconds, and this for a character; what did was stopped by the machine. */
const SLOWEST = 0.2
const SLOWEST_CHARACTER = 0.004
const SLOWEST_PIECE = PIECE * SLOWEST_CHARACTER

/** The redactor as long as the work lasts that all texts of a request share; what then comes is replaced unread. */
export function boundedRedactor(redactor: Redactor, work: Work): Redactor {
  function timed<Result>(input: unknown, read: () => Result, unread: Result): Result {
    if (work.spent > work.most) {
      work.unread++
      return unread
    }
    const begun = performance.now()
    const result = read()
    work.spent += Math.min(performance.now() - begun, SLOWEST + sizeOf(input) * SLOWEST_CHARACTER)
    return result
  }
  return {
    ...redactor,
    *ahead(values, isContent, redact) {
      const reading = redactor.ahead(values, isContent, redact)
      while (work.spent <= work.most) {
        const begun = performance.now()
        const { done, value } = reading.next()
        // what `redact` took counts by itself
        if (done) return value
        work.spent += Math.min(performance.now() - begun, SLOWEST_PIECE)
        yield
      }
      return redact()
    },
    text: text => timed(text, () => redactor.text(text), UNREAD),
    value: (key, value, isContent) => timed([key, value], () => redactor.value(key, value, isContent), UNREAD),
    // a name that nobody read may hold anything
    attributes: (input, isContent) => timed(input, () => redactor.attributes(input, isContent), {} as typeof input),
  }
}

/** In characters. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return 8
  return Object.entries(value).reduce((sum, [key, inner]) => sum + key.length + sizeOf(inner), 0)
}

/** What is read once, and compiled, with the first texts of a process counts for no request. */
export function warm(redactor: Redactor): Redactor {
  for (const end of 'abc')
    redactor.attributes({ note: `+49 170 1234567 at ${end}@example.com`, customer_name: `Ann ${end}` })
  return redactor
}
