// `POST /api/afn/subject/{find|export|erase|verify}`: exports and erases the stored data of a person. These are the only routes that change
// data, so they always need a token.
import type { Context } from 'hono'
import { type AccessPolicy, type Refusal, type RequestOrigin, refusalOf } from '../../access-policy'
import { Refused } from '../../body'
import type { Parts } from '../parts'
import { endOf } from '../request-deadline'
import { requestText } from '../request-text'

export const SUBJECT = '/api/afn/subject/'

/** Bytes. Enough for the names and a million trace ids of a person. */
const LONGEST_BODY = 36_000_000
/** Milliseconds. An erasure rewrites the whole file. */
const MOST_MS = 600_000

/** Accepts either token: the one in the data folder, which commands on this machine read, or the token of the whole API. */
export function subjectRefusal(request: RequestOrigin, access: AccessPolicy, own: string | undefined) {
  const tokens = [own, access.token].filter(token => token !== undefined)
  const refusals = tokens.map(token => refusalOf(request, { ...access, token }))
  const noToken: Refusal = { status: 403, message: 'set AFN_LOCAL_TOKEN, or start afn-otel up with a data folder' }
  return refusals.includes(undefined) ? undefined : (refusals[0] ?? noToken)
}

/** @throws Refused for an unknown route, or a body that does not describe a person */
export async function subject({ subject }: Parts, c: Context): Promise<Response> {
  const question = c.req.param('question') ?? ''
  if (!subject) throw new Refused(404, `not found: ${c.req.path}`)
  const text = await requestText(c.req, LONGEST_BODY)
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw new Refused(400, 'the body is not valid JSON')
  }
  return c.json((await subject.answer(question, body, endOf(c.req.raw.signal, MOST_MS))) as object)
}
