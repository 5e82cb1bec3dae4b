/**
 * The embedded backend while `afn-otel up` runs, which locks the file: up carries out the erasure's queries. This file has both sides of
 * that API.
 */
import path from 'node:path'
import { Refused } from '../../../backend/body'
import { runningIn } from '../../../backend/running'
import type { Store, StoreOptions } from '../../../backend/store/store'
import { type Backend, request } from '../../../shared/queries/http'
import { messageWithout } from '../failure'
import { type Identifier, type Identity, identifierKinds, LONGEST_VALUE, type Pseudonym } from '../subject'
import { embeddedFacts, embeddedFile, embeddedStore } from './embedded'
import type { ExportRecord, SubjectRecords, SubjectStore, Target } from './store'

type Question = 'find' | 'export' | 'erase' | 'verify'
type Answers = Record<Question, (target: Target, signal: AbortSignal) => Promise<unknown>>

/** Answers queries on behalf of up. @returns a function of the query's name and body @throws Refused for an invalid query */
export function answersOf(
  store: Pick<Store, 'query' | 'erase'>,
): (question: string, body: unknown, signal: AbortSignal) => Promise<unknown> {
  const embedded = embeddedStore(store)
  const answers: Answers = {
    find: embedded.find,
    async export(target, signal) {
      const records: ExportRecord[] = []
      for await (const record of embedded.export(target, signal)) records.push(record)
      return { records }
    },
    async erase(target, signal) {
      await embedded.erase(target, signal)
      return {}
    },
    verify: async (target, signal) => ({ records: await embedded.verify(target, signal) }),
  }
  return async (question, body, signal) => {
    if (!Object.hasOwn(answers, question))
      throw new Refused(404, `unknown question "${question}"; known are ${Object.keys(answers).join(', ')}`)
    const target = targetOf(body)
    try {
      return await answers[question as Question](target, signal)
    } catch (error) {
      if (error instanceof Refused) throw error
      // DuckDB's message quotes the statement, and up prints messages
      const [kind = ''] = /^[A-Z][\w ]* Error/.exec((error as Error).message) ?? []
      throw new Error(`${kind} ${messageWithout(target.identity, (error as Error).message)}`.trim())
    }
  }
}

/** Validates every text, because they become part of SQL statements. @throws Refused */
function targetOf(body: unknown): Target {
  const { identity, traceIds } = (body ?? {}) as { identity?: Partial<Identity>; traceIds?: unknown }
  const isValue = (one: Identifier) =>
    identifierKinds.includes(one?.kind) &&
    typeof one.value === 'string' &&
    one.value !== '' &&
    one.value.length <= LONGEST_VALUE
  const isPseudonym = (one: Pseudonym) => isValue(one) && typeof one.keyId === 'string'
  const { identifiers, pseudonyms } = identity ?? {}
  const isTarget =
    Array.isArray(identifiers) &&
    identifiers.length > 0 &&
    identifiers.every(isValue) &&
    Array.isArray(pseudonyms) &&
    pseudonyms.every(isPseudonym) &&
    Array.isArray(traceIds) &&
    traceIds.every(id => typeof id === 'string' && /^[\da-f]{32}$/.test(id))
  if (!isTarget)
    throw new Refused(400, 'the body must be a person: { identity: { identifiers, pseudonyms }, traceIds }')
  return { identity: { identifiers, pseudonyms }, traceIds }
}

export interface UpAddress {
  readonly url: string
  readonly token: string | undefined
  /** The option or variable that set the URL. */
  readonly setBy: string
}

/** @param name in the receipt */
export function embeddedUp({ url, token, setBy }: UpAddress, name = 'embedded'): SubjectStore {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  }
  const backend: Backend = { name: 'afn-otel up', url, setBy }
  const ask = async (question: Question, target: Target, signal: AbortSignal): Promise<unknown> => {
    const init = { method: 'POST', headers, body: JSON.stringify(target), signal } as const
    return (await request(backend, `api/afn/subject/${question}`, {}, init)).json()
  }
  return {
    ...embeddedFacts,
    name,
    find: async (target, signal) => (await ask('find', target, signal)) as SubjectRecords,
    async *export(target, signal) {
      yield* ((await ask('export', target, signal)) as { records: ExportRecord[] }).records
    },
    async erase(target, signal) {
      await ask('erase', target, signal)
    },
    verify: async (target, signal) => ((await ask('verify', target, signal)) as { records: number }).records,
  }
}

/**
 * The data folder of `afn-otel up`, whether it runs or not: queries go to the running process, or else to the file.
 * @param options must have the retention of `afn-otel up`, because opening the store deletes expired data
 */
export function embeddedFolder(folder: string, options: Omit<StoreOptions, 'path'>): SubjectStore {
  const file = embeddedFile({ ...options, path: path.join(folder, 'afn.duckdb') })
  const store = (): SubjectStore => {
    const running = runningIn(folder)
    return running ? embeddedUp({ ...running, setBy: 'the port of afn-otel up' }) : file
  }
  return {
    ...embeddedFacts,
    find: (...question) => store().find(...question),
    export: (...question) => store().export(...question),
    erase: (...question) => store().erase(...question),
    verify: (...question) => store().verify(...question),
  }
}
