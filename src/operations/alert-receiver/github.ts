/** The five requests to GitHub's REST API that tickets need: https://docs.github.com/rest/issues/issues. */
import { version } from '../../shared/version'
import { ask, type HttpResponse } from './request'

export interface Repository {
  /** `owner/name` */
  readonly name: string
  readonly apiUrl: string
  /** A secret. @throws Failure if it cannot be read */
  token(): string
}

export interface Issue {
  readonly number: number
  readonly url: string
  readonly isOpen: boolean
  /** ms since 1970, by GitHub's clock */
  readonly madeAt: number
}

export interface IssueText {
  readonly title: string
  readonly body: string
}

/** GitHub's limits, in characters. */
export const LONGEST_TITLE = 256
export const LONGEST_BODY = 65_536

/** GitHub's maximum per page. */
const PAGE = 100

interface RawIssue {
  readonly number: number
  readonly html_url: string
  readonly state: string
  readonly created_at: string
  readonly body?: string | null
}

/** @throws Failure in each method */
export class Issues {
  constructor(private readonly repository: Repository) {}

  /**
   * The newest issue whose body has the marker; people may have copied it into others. Checks recent issues first, because GitHub's search
   * index lags behind.
   */
  async find(marker: string): Promise<Issue | undefined> {
    const newest = await this.#request('GET', `${this.#issues}?state=all&sort=created&direction=desc&per_page=${PAGE}`)
    const found = issuesIn(newest.body).find(({ body }) => body?.includes(marker))
    if (found) return issueOf(found)
    const [word] = /[\da-f]{16,}/.exec(marker) ?? ['']
    const q = `repo:${this.repository.name} is:issue in:body "${word}"`
    const { body } = await this.#request(
      'GET',
      `search/issues?q=${encodeURIComponent(q)}&sort=created&order=desc&per_page=10`,
    )
    const older = issuesIn((body as { items?: unknown } | undefined)?.items).find(issue => issue.body?.includes(marker))
    return older && issueOf(older)
  }

  async create({ title, body }: IssueText, labels: readonly string[]): Promise<Issue> {
    const { body: made } = await this.#request('POST', this.#issues, { title, body, labels })
    return issueOf(made as RawIssue)
  }

  async update(number: number, change: Partial<IssueText> & { readonly state?: 'open' | 'closed' }): Promise<void> {
    const { state } = change
    const reason = state && { state_reason: state === 'open' ? 'reopened' : 'completed' }
    await this.#request('PATCH', `${this.#issues}/${number}`, { ...change, ...reason })
  }

  async comment(number: number, body: string): Promise<void> {
    await this.#request('POST', `${this.#issues}/${number}/comments`, { body })
  }

  /** Whether a comment since then has the marker. */
  async hasComment(number: number, marker: string, since: Date): Promise<boolean> {
    const search = `since=${encodeURIComponent(since.toISOString().replace(/\.\d+Z$/, 'Z'))}&per_page=${PAGE}`
    const { body } = await this.#request('GET', `${this.#issues}/${number}/comments?${search}`)
    return issuesIn(body).some(comment => comment.body?.includes(marker))
  }

  get #issues(): string {
    return `repos/${this.repository.name}/issues`
  }

  async #request(method: 'GET' | 'POST' | 'PATCH', path: string, body?: object): Promise<HttpResponse> {
    const { apiUrl, name } = this.repository
    const token = this.repository.token()
    return ask(`GitHub (${name})`, {
      method,
      url: `${apiUrl.replace(/\/+$/, '')}/${path}`,
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${token}`,
        'user-agent': `afn-otel/${version}`,
        'x-github-api-version': '2022-11-28',
      },
      ...(body && { body }),
    })
  }
}

const issuesIn = (list: unknown): RawIssue[] => (Array.isArray(list) ? (list as RawIssue[]) : [])

const issueOf = ({ number, html_url, state, created_at }: RawIssue): Issue => ({
  number,
  url: html_url,
  isOpen: state === 'open',
  madeAt: Date.parse(created_at) || 0,
})
