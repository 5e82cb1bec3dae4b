// A stand-in for the issues of GitHub's REST API. Requests and answers are held against GitHub's own OpenAPI description, and what it
// says in words (titles, bodies, tokens) is refused as GitHub refuses it. Its search is behind, as GitHub's is.
import { readFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { Ajv, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import { findGithubSchema } from './binaries.mjs'
import { listen } from './ports'

export interface GithubIssue {
  number: number
  title: string
  body: string
  state: 'open' | 'closed'
  labels: string[]
  comments: string[]
  createdAt: number
}

export interface GithubAnswer {
  status: number
  headers?: Record<string, string>
  body?: object
  /** The request is carried out all the same: its answer was lost on the way. */
  after?: boolean
  /** The connection breaks in place of an answer. */
  cut?: boolean
}

export interface GithubRequest {
  at: number
  method: string
  path: string
  status: number
}

export interface GithubSink {
  /** For `api_url`. */
  readonly url: string
  /** Of all repositories, in the order in which they were made. */
  readonly issues: GithubIssue[]
  readonly requests: GithubRequest[]
  /** What a request is answered with in place of being carried out; nothing for being carried out. */
  answer: (request: { method: string; path: string }) => GithubAnswer | undefined
  /** The search finds what is older than this, in ms. */
  searchLag: number
  until(enough: (sink: GithubSink) => boolean, limit?: number): Promise<void>
  /** Rejects when a request came that the description does not allow, or an answer of ours was not as it says. */
  close(): Promise<void>
}

/** https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api: `retry-after` alone says that this 403 ends. */
export const secondaryLimit = (seconds: number): GithubAnswer => ({
  status: 403,
  headers: { 'retry-after': String(seconds) },
  body: { message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.' },
})

type Schema = Record<string, unknown>
interface Operation {
  parameters?: ({ name: string; in: string } | { $ref: string })[]
  requestBody?: { content: Record<string, { schema: Schema }> }
  responses: Record<string, { content?: Record<string, { schema: Schema }> } | { $ref: string }>
}
interface Description {
  paths: Record<string, Record<string, Operation>>
  components: Record<string, Record<string, { name?: string }>>
}

const routes: [string, string, RegExp][] = [
  ['get', '/search/issues', /^\/search\/issues$/],
  ['get', '/repos/{owner}/{repo}/issues', /^\/repos\/[\w.-]+\/[\w.-]+\/issues$/],
  ['post', '/repos/{owner}/{repo}/issues', /^\/repos\/[\w.-]+\/[\w.-]+\/issues$/],
  ['get', '/repos/{owner}/{repo}/issues/{issue_number}', /^\/repos\/[\w.-]+\/[\w.-]+\/issues\/\d+$/],
  ['patch', '/repos/{owner}/{repo}/issues/{issue_number}', /^\/repos\/[\w.-]+\/[\w.-]+\/issues\/\d+$/],
  ['get', '/repos/{owner}/{repo}/issues/{issue_number}/comments', /^\/repos\/[\w.-]+\/[\w.-]+\/issues\/\d+\/comments$/],
  [
    'post',
    '/repos/{owner}/{repo}/issues/{issue_number}/comments',
    /^\/repos\/[\w.-]+\/[\w.-]+\/issues\/\d+\/comments$/,
  ],
]

/** @param token that each request has to bring */
export async function startGithubSink({ token = 'github-token' } = {}): Promise<GithubSink> {
  shared ??= new OpenApi()
  const description = shared
  const wrong: string[] = []

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const method = request.method ?? ''
    const text = (await buffer(request)).toString()
    const end = ({ status, headers, body }: GithubAnswer) => {
      sink.requests.push({ at: Date.now(), method, path: url.pathname, status })
      response
        .writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
        .end(JSON.stringify(body ?? {}))
    }
    const [verb, template] =
      routes.find(([verb, , path]) => verb === method.toLowerCase() && path.test(url.pathname)) ?? []
    if (verb === undefined || template === undefined) {
      wrong.push(`${method} ${url.pathname}: no such operation`)
      return end({ status: 404, body: { message: 'Not Found' } })
    }
    const refusal = refusalOf(request.headers, token)
    if (refusal) return end(refusal)
    const mistakes = description.mistakesOfRequest(template, verb, url, text)
    wrong.push(...mistakes.map(mistake => `${method} ${url.pathname}: ${mistake}`))
    if (mistakes.length > 0) return end({ status: 422, body: { message: mistakes.join('; '), documentation_url: '' } })
    const planned = sink.answer({ method, path: url.pathname })
    const answer = planned && !planned.after ? planned : carryOut(method, url, text && JSON.parse(text))
    const reply = planned ?? answer
    if (!planned) {
      const problems = description.mistakesOfAnswer(
        template,
        verb,
        answer.status,
        JSON.parse(JSON.stringify(answer.body)),
      )
      wrong.push(...problems.map(problem => `answer of ${method} ${url.pathname}: ${problem}`))
    }
    if (reply.cut) {
      sink.requests.push({ at: Date.now(), method, path: url.pathname, status: 0 })
      request.socket.destroy()
      return
    }
    end(reply)
  })
  const port = await listen(server)
  const origin = `http://127.0.0.1:${port}`

  function carryOut(method: string, { pathname, searchParams }: URL, body: Schema): GithubAnswer {
    const [, repository = '', id, comments] =
      /^\/repos\/([^/]+\/[^/]+)\/issues(?:\/(\d+))?(\/comments)?$/.exec(pathname) ?? []
    const page = <T>(items: T[]) => {
      const size = Number(searchParams.get('per_page') ?? 30)
      const at = (Number(searchParams.get('page') ?? 1) - 1) * size
      return items.slice(at, at + size)
    }
    if (pathname === '/search/issues') {
      const q = searchParams.get('q') ?? ''
      const phrases = [...q.matchAll(/"([^"]*)"/g)].map(([, phrase = '']) => phrase)
      const items = sink.issues.filter(
        ({ body, createdAt }) =>
          createdAt + sink.searchLag <= Date.now() && phrases.every(phrase => body.includes(phrase)),
      )
      const found = page(items).map(issue => ({ ...shown(issue, 'o/r', origin), author_association: 'NONE', score: 1 }))
      return {
        status: 200,
        body: { total_count: items.length, incomplete_results: false, items: found, search_type: 'lexical' },
      }
    }
    if (id === undefined && method === 'GET') {
      const label = searchParams.get('labels')?.split(',') ?? []
      const state = searchParams.get('state') ?? 'open'
      const items = sink.issues
        .filter(issue => (state === 'all' || issue.state === state) && label.every(name => issue.labels.includes(name)))
        .sort((one, other) => other.number - one.number)
      return { status: 200, body: page(items).map(issue => shown(issue, repository, origin)) }
    }
    const tooLong = [String(body?.title ?? '').length > 256 && 'title is too long (maximum is 256 characters)', String(body?.body ?? '').length > 65_536 && 'body is too long (maximum is 65536 characters)'].filter(Boolean) // biome-ignore format: pairs
    if (tooLong.length > 0) {
      wrong.push(`${method} ${pathname}: ${tooLong.join(', ')}`)
      return { status: 422, body: { message: tooLong.join(', '), documentation_url: '' } }
    }
    if (id === undefined) {
      const issue: GithubIssue = {
        number: sink.issues.length + 1,
        title: String(body.title),
        body: String(body.body ?? ''),
        state: 'open',
        labels: (body.labels ?? []) as string[],
        comments: [],
        createdAt: Date.now(),
      }
      sink.issues.push(issue)
      return { status: 201, body: shown(issue, repository, origin) }
    }
    const issue = sink.issues[Number(id) - 1]
    if (!issue) return { status: 404, body: { message: 'Not Found' } }
    if (comments) {
      if (method === 'GET')
        return { status: 200, body: page(issue.comments).map((text, at) => comment(text, at, issue, origin)) }
      issue.comments.push(String(body.body))
      return { status: 201, body: comment(String(body.body), issue.comments.length - 1, issue, origin) }
    }
    if (method === 'PATCH') {
      const { title, body: text, state, labels } = body as Partial<GithubIssue>
      Object.assign(issue, {
        ...(title && { title }),
        ...(text && { body: text }),
        ...(state && { state }),
        ...(labels && { labels }),
      })
    }
    return { status: 200, body: shown(issue, repository, origin) }
  }

  const sink: GithubSink = {
    url: origin,
    issues: [],
    requests: [],
    answer: () => undefined,
    searchLag: 0,
    async until(enough, limit = 40_000) {
      for (const deadline = Date.now() + limit; !enough(sink); ) {
        if (Date.now() > deadline)
          throw new Error(
            `not so; ${JSON.stringify(sink.requests.slice(-20))}\n${JSON.stringify(sink.issues, undefined, 1).slice(-4_000)}`,
          )
        await new Promise(resolve => setTimeout(resolve, 20))
      }
    },
    async close() {
      await new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
      if (wrong.length > 0) throw new Error(`not as GitHub describes it:\n${wrong.join('\n')}`)
    },
  }
  return sink
}

function refusalOf(
  { authorization, 'user-agent': agent }: IncomingHttpHeaders,
  token: string,
): GithubAnswer | undefined {
  if (!agent) return { status: 403, body: { message: 'Request forbidden by administrative rules.' } }
  if (authorization === `Bearer ${token}`) return undefined
  return { status: 401, body: { message: 'Bad credentials', documentation_url: 'https://docs.github.com/rest' } }
}

const time = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z/, 'Z')

const bot = {
  login: 'afn-bot', id: 1, node_id: 'U_1', gravatar_id: '', type: 'Bot', site_admin: false,
  ...Object.fromEntries(['avatar_url', 'events_url', 'followers_url', 'following_url', 'gists_url', 'html_url', 'organizations_url', 'received_events_url', 'repos_url', 'starred_url', 'subscriptions_url', 'url'].map(name => [name, 'https://api.github.com/users/afn-bot'])),
} // biome-ignore format: a list of names

function shown(
  { number, title, body, state, labels, comments, createdAt }: GithubIssue,
  repository: string,
  origin: string,
) {
  const url = `${origin}/repos/${repository}/issues/${number}`
  return {
    id: 1_000 + number,
    node_id: `I_${number}`,
    url,
    repository_url: `${origin}/repos/${repository}`,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: `https://github.com/${repository}/issues/${number}`,
    number,
    title,
    body,
    state,
    locked: false,
    labels: labels.map((name, at) => ({ id: at, node_id: `L_${at}`, url: `${origin}/labels/${at}`, name, color: 'd73a4a', default: false, description: null })), // biome-ignore format: one line
    assignee: null,
    milestone: null,
    user: bot,
    comments: comments.length,
    created_at: time(createdAt),
    updated_at: time(Date.now()),
    closed_at: state === 'closed' ? time(Date.now()) : null,
    author_association: 'NONE',
  }
}

const comment = (body: string, at: number, { number, createdAt }: GithubIssue, origin: string) => ({
  id: number * 1_000 + at,
  node_id: `IC_${at}`,
  url: `${origin}/repos/o/r/issues/comments/${at}`,
  html_url: `https://github.com/o/r/issues/${number}#issuecomment-${at}`,
  issue_url: `${origin}/repos/o/r/issues/${number}`,
  user: bot,
  body,
  created_at: time(createdAt),
  updated_at: time(createdAt),
  author_association: 'NONE',
})

/** It takes a second to read. */
let shared: OpenApi | undefined

/** GitHub's description is OpenAPI 3.0: its schemas are brought into JSON Schema's own form. */
class OpenApi {
  readonly #description: Description
  readonly #ajv = new Ajv({ strict: false, logger: false, allErrors: true })
  readonly #validators = new Map<Schema, ValidateFunction>()

  constructor() {
    const found = findGithubSchema()
    if ('missing' in found) throw new Error(found.missing)
    this.#description = JSON.parse(readFileSync(found.file, 'utf8'))
    addFormats.default(this.#ajv)
    this.#ajv.addSchema(
      inJsonSchema({ $id: 'https://github/description', components: this.#description.components }) as Schema,
    )
  }

  mistakesOfRequest(template: string, verb: string, url: URL, text: string): string[] {
    const { parameters = [], requestBody } = this.#operation(template, verb)
    const known = parameters.map(parameter =>
      '$ref' in parameter ? this.#follow(parameter.$ref).name : parameter.name,
    )
    const unknown = [...url.searchParams.keys()].filter(name => !known.includes(name)).map(name => `parameter ${name}?`)
    if (!requestBody) return text === '' ? unknown : [...unknown, 'takes no body']
    const schema = requestBody.content['application/json']!.schema
    let body: object
    try {
      body = JSON.parse(text)
    } catch {
      return ['no JSON']
    }
    const names = Object.keys((schema.properties ?? {}) as object)
    const strange = Object.keys(body)
      .filter(name => !names.includes(name))
      .map(name => `property ${name}?`)
    return [...unknown, ...strange, ...this.#mistakes(schema, body)]
  }

  mistakesOfAnswer(template: string, verb: string, status: number, body: unknown): string[] {
    const response = this.#operation(template, verb).responses[status]
    if (!response) return [`${status} is no answer of it`]
    const { content } = ('$ref' in response ? this.#follow(response.$ref) : response) as {
      content?: Record<string, { schema: Schema }>
    }
    const schema = content?.['application/json']?.schema
    return schema ? this.#mistakes(schema, body) : []
  }

  #operation(template: string, verb: string): Operation {
    return this.#description.paths[template]![verb]!
  }

  #follow(reference: string): { name?: string } {
    const [kind = '', name = ''] = reference.replace('#/components/', '').split('/')
    return this.#description.components[kind]![name]!
  }

  #mistakes(schema: Schema, value: unknown): string[] {
    const validate = this.#validators.get(schema) ?? this.#ajv.compile(inJsonSchema(schema) as Schema)
    this.#validators.set(schema, validate)
    if (validate(value)) return []
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
  }
}

/** `nullable` becomes a type, and references lead to the one document that has the components. */
function inJsonSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(inJsonSchema)
  if (typeof schema !== 'object' || schema === null) return schema
  const { nullable, example, examples, $ref, ...rest } = schema as Schema
  const inner = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, inJsonSchema(value)]))
  // a property may be called so
  for (const [name, value] of Object.entries({ nullable, example, examples }))
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && 'type' in value)
      inner[name] = inJsonSchema(value)
  if (typeof $ref === 'string') return { ...inner, $ref: $ref.replace(/^#/, 'https://github/description#') }
  return nullable === true ? { anyOf: [inner, { type: 'null' }] } : inner
}
