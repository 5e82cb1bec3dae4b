// Types of the answer with the map of services and agents, as in answers.ts.

export type MapNodeKind = 'service' | 'agent' | 'model' | 'tool' | 'database'

export interface MapNode {
  readonly kind: MapNodeKind
  readonly name: string
  /** `server.address` of a database, if its spans have one. */
  readonly address: string | null
  /** Calls by other nodes; for a service also requests whose caller has no span here. */
  readonly calls: number
  /** How many of them have a span with the status ERROR. */
  readonly errors: number
}

export interface MapEdge {
  /** Index of the calling node; null if the caller has no span here. */
  readonly from: number | null
  /** Index of the called node. */
  readonly to: number
  readonly calls: number
  readonly errors: number
  /** The p95 of the spans of these calls. */
  readonly p95Ms: number
}

/** `GET /api/afn/map` */
export interface MapAnswer {
  /** The nodes with the most calls. */
  readonly nodes: readonly MapNode[]
  /** The edges between these nodes, most calls first. */
  readonly edges: readonly MapEdge[]
  /** Over all nodes and edges, including those beyond the limit. */
  readonly all: { readonly nodes: number; readonly edges: number }
}
