/**
 * Records of a person who has objected do not leave the page. It asks its own server about the user who is set, and learns nothing of
 * others: before something is sent, at most every 25 seconds. An answer that does not come changes nothing; the server
 * lets nothing of that person through either.
 */
import { ready, way } from '../delivery'
import { diagnose } from '../diagnose'
import { redactText } from '../redact'
import { currentSession } from '../session'
import { user } from '../start'
import { read, remove, storedKeys, write } from '../storage'

/** Milliseconds for which an answer holds. */
const HOLDS = 25_000

interface RecordAttributes {
  readonly attributes: { readonly key: string; readonly value: { readonly stringValue?: string } }[]
}

/** Of the person with the id, or of nobody in this session. */
function isOf(id: string | undefined, { attributes }: RecordAttributes): boolean {
  const of = (name: string) => attributes.find(({ key }) => key === name)?.value.stringValue
  const named = of('user.id')
  return named ? named === redactText(`${id}`) : of('session.id') === currentSession()
}

/** @returns the request without that person's records; '' where none is left */
function without(id: string | undefined, body: string): string {
  const request = JSON.parse(body)
  const [resource] = request.resourceLogs ?? request.resourceSpans
  const [scope] = resource.scopeLogs ?? resource.scopeSpans
  const list = scope.logRecords ? 'logRecords' : 'spans'
  scope[list] = scope[list].filter((record: RecordAttributes) => !isOf(id, record))
  return scope[list][0] ? JSON.stringify(request) : ''
}

export function suppression(): void {
  /** Of whom `suppressed` is known. */
  let about: string | undefined
  let suppressed = false
  /** About whom the last question was, with an answer or without. */
  let lastUser: string | undefined
  let holdsUntil = 0
  let asking: Promise<void> | undefined

  async function ask(): Promise<void> {
    const id = user
    try {
      const answer = await way.fetch(`${way.endpoint}/v1/suppression`, {
        body: JSON.stringify({ 'user.id': id }),
        method: 'POST',
        headers: { 'content-type': 'application/json', ...way.headers },
        signal: AbortSignal.timeout?.(5_000),
      })
      if (!answer.ok) throw answer.status
      suppressed = (await answer.json()).suppressed === true
      about = id
    } catch (error) {
      diagnose('AFN185', `${error}`)
    }
    lastUser = id
    holdsUntil = performance.now() + HOLDS
    if (suppressed && about === id) forget()
  }

  /** What waits for its next attempt. */
  function forget(): void {
    for (const key of storedKeys().filter(name => name.startsWith('afn-otel.queue.'))) {
      const left = without(about, read(key)!)
      if (left) write(key, left)
      else remove(key)
    }
  }

  /** By an answer that is not old; a page that is left waits for none. */
  async function known(): Promise<void> {
    while (!way.leaving && (lastUser !== user || performance.now() >= holdsUntil)) {
      asking ??= ask().finally(() => {
        asking = undefined
      })
      await asking
    }
  }

  const { send } = way
  way.send = async batch => {
    if (!way.leaving) {
      ready.delete(batch)
      await known()
    }
    if (suppressed && about === user) batch.body = without(about, batch.body)
    if (batch.body) return send(batch)
    ready.delete(batch)
  }
}

/** As the chunk of the option. */
export const features = [suppression] as const
