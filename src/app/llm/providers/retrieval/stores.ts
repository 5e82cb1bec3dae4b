// Vector stores over HTTP: matches paths to their APIs, and parses requests. `search.ts` parses the answers of all stores.
import { count, type Doc, doc, docs, text, texts } from '../../wire/json'
import type { HeaderOf } from '../protocol'

/** The searched source and the query. */
export interface Search {
  /** The index, collection or store. */
  readonly source?: string | undefined
  readonly namespace?: string | undefined
  readonly topK?: number | undefined
  /** Set if it is a text; most searches are by a vector. */
  readonly query?: string | undefined
}

interface Store {
  /** `db.system.name`, and `gen_ai.provider.name` for an unknown host. */
  readonly system: string
  /** Its first group is the name of the searched source. */
  readonly path: RegExp
  /** Undefined if the body is not of this store. */
  search(body: Doc, source: string | undefined, url: URL, header: HeaderOf): Search | undefined
}

const stores: readonly Store[] = [
  {
    system: 'pinecone',
    path: /^\/query$/,
    search(body, _, url, header) {
      if (!isPinecone(url, header) || body.topK === undefined) return undefined
      return { source: indexOf(url), namespace: text(body.namespace), topK: count(body.topK) }
    },
  },
  {
    system: 'pinecone',
    path: /\/records\/namespaces\/([^/]+)\/search$/,
    search({ query }, namespace, url) {
      const asked = doc(query)
      return (
        asked && {
          source: indexOf(url),
          namespace,
          topK: count(asked.top_k),
          query: text(doc(asked.inputs)?.text),
        }
      )
    },
  },
  {
    system: 'qdrant',
    path: /\/collections\/([^/]+)\/points\/(?:query|search)$/,
    search: (body, source) => ({ source, topK: count(body.limit), query: text(doc(doc(body.query)?.nearest)?.text) }),
  },
  {
    system: 'chroma',
    path: /\/api\/v\d\/(?:.+\/)?collections\/([^/]+)\/query$/,
    search: (body, source) =>
      body.query_embeddings === undefined && body.query_texts === undefined
        ? undefined
        : { source, topK: count(body.n_results), query: texts(body.query_texts)?.join('\n') },
  },
  { system: 'weaviate', path: /\/v1\/graphql$/, search: ({ query }) => searchOfWeaviate(text(query) ?? '') },
  {
    system: 'milvus',
    path: /\/v2\/vectordb\/entities\/(?:hybrid_)?search$/,
    search: body =>
      text(body.collectionName) === undefined
        ? undefined
        : {
            source: text(body.collectionName),
            namespace: text(body.dbName),
            topK: count(body.limit),
            query: texts(body.data)?.join('\n'),
          },
  },
  {
    system: 'openai',
    path: /\/vector_stores\/([^/]+)\/search$/,
    search: (body, source) =>
      body.query === undefined
        ? undefined
        : { source, topK: count(body.max_num_results), query: texts(body.query)?.join('\n') },
  },
]

/** @returns undefined if the request is not a search in a vector store */
export function searchOf(body: unknown, url: URL, header: HeaderOf): (Search & { system: string }) | undefined {
  const params = doc(body)
  if (!params) return undefined
  for (const { system, path, search } of stores) {
    const found = path.exec(url.pathname)
    const said = found && search(params, nameIn(found[1]), url, header)
    if (said) return { system, ...said }
  }
  return undefined
}

/** Members of a body that are read; vectors are skipped. */
export const asked = {
  topK: true,
  namespace: true,
  limit: true,
  n_results: true,
  query_embeddings: {}, // whether it is there
  collectionName: true,
  dbName: true,
  max_num_results: true,
  query: { top_k: true },
} as const
/** Same if content is needed, or if a text query names the searched source. */
export const askedWithContent = {
  query: true,
  query_texts: true,
  data: true,
} as const

function nameIn(segment: string | undefined): string | undefined {
  if (segment === undefined) return undefined
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** A path of one word is not specific enough. */
function isPinecone({ hostname }: URL, header: HeaderOf): boolean {
  return hostname.endsWith('.pinecone.io') || Boolean(header('x-pinecone-api-version'))
}

/** Each index has its own host. */
function indexOf({ hostname }: URL): string | undefined {
  return hostname.endsWith('.pinecone.io') ? hostname.split('.', 1)[0] : undefined
}

/** `{ Get { Article(nearText: { concepts: ["x"] }, limit: 3) { … } } }`; other GraphQL queries are not searches. */
function searchOfWeaviate(query: string): Search | undefined {
  const [, source, given = ''] = /\bGet\s*\{\s*(\w+)\s*\(([\s\S]*?)\)\s*\{/.exec(query.slice(0, LONGEST)) ?? []
  if (source === undefined || !/\b(?:near\w+|hybrid|bm25)\s*:/.test(given)) return undefined
  const limit = /\blimit\s*:\s*(\d+)/.exec(given)?.[1]
  const tenant = /\btenant\s*:\s*"([^"]+)"/.exec(given)?.[1]
  const said = /\b(?:concepts\s*:\s*\[|query\s*:)\s*"([^"]*)"/.exec(given)?.[1]
  return { source, namespace: tenant, topK: limit === undefined ? undefined : Number(limit), query: said }
}

/** Maximum characters of a GraphQL query that are read, because it may contain a vector. */
const LONGEST = 65_536

/** A search result of any store. */
export interface Hit {
  readonly id: string | number | undefined
  readonly score: number | undefined
  readonly content: unknown
}

/** Finds the results in an answer by its shape: each store has a list somewhere, and its own names for id and score. */
export function hitsOf(answer: Doc): Hit[] {
  if (Array.isArray(answer.ids)) return hitsOfChroma(answer)
  const result = doc(answer.result)
  const gets = doc(doc(answer.data)?.Get)
  const rows = [
    answer.matches,
    result?.hits,
    result?.points,
    answer.result,
    answer.data,
    gets && Object.values(gets)[0],
  ]
  return docs(rows.find(Array.isArray)).map(row => {
    const more = doc(row._additional) ?? row
    return {
      id: idOf(more.id ?? row._id ?? row.file_id),
      score: numbered(more.score ?? row._score ?? more.certainty ?? more.distance),
      content: row.metadata ?? row.payload ?? row.fields ?? row.content ?? (more === row ? undefined : row),
    }
  })
}

/** Lists of the same length, one per query. */
function hitsOfChroma({ ids, distances, documents }: Doc): Hit[] {
  const [all, far, said] = [ids, distances, documents].map(lists => (Array.isArray(lists) ? lists.flat() : []))
  return all!.map((id, at) => ({ id: idOf(id), score: numbered(far?.[at]), content: said?.[at] ?? undefined }))
}

function idOf(value: unknown): string | number | undefined {
  return typeof value === 'string' || typeof value === 'number' ? value : undefined
}

/** Weaviate sends some of its scores as text. */
function numbered(value: unknown): number | undefined {
  const found = typeof value === 'string' ? Number.parseFloat(value) : value
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined
}
