// The whole catalogue of the package, with the defaults of its parameters; those without one get a value of the corpus.
import path from 'node:path'
import { readCatalogue } from '../../../../src/shared/queries/catalogue'
import { substitute } from '../../../../src/shared/queries/substitute'
import { root } from '../../../support/packed'
import { instants, type Question, searches, series } from './question'

const values: Record<string, Record<string, string>> = {
  'user-traces': { user: 'u1' },
  'conversation-growth': { conversation: 'c1' },
  // so that something is found
  'agent-loops': { steps: '2' },
  'repeated-calls': { times: '2' },
  'tool-loops': { times: '1' },
  'slow-first-token': { over: '300' },
}

const ask = { traces: searches, series, instant: instants }

export function catalogue(): Question[] {
  const queries = [...readCatalogue(path.join(root, 'collector/queries')).values()]
  return queries
    .filter(({ language }) => language === 'traceql')
    .flatMap(query =>
      ask[query.kind]([substitute(query, values[query.name] ?? {}, {})]).map(question => ({
        ...question,
        text: `catalogue ${query.name}`,
      })),
    )
}
