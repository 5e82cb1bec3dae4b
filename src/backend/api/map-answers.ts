// What the embedded backend answers about the map of services and agents, as types alone, as answers.ts does.

export type MapNodeKind = 'service' | 'agent' | 'model' | 'tool' | 'database'

export interface MapNode {
  readonly kind: MapNodeKind
  readonly name: string
  /** `server.address` of a database, where its spans have one. */
  readonly address: string | null
  /** How often it was called: by other nodes, and of a service by requests whose caller is not among the spans. */
  readonly calls: number
  /** Of these: those whose span has the status ERROR. */
  readonly errors: number
}

export interface MapEdge {
  /** Index of the node that calls; null: the caller is not among the spans. */
  readonly from: number | null
  /** Index of the node that is called. */
  readonly to: number
  readonly calls: number
  readonly errors: number
  /** Of the spans of the calls. */
  readonly p95Ms: number
}

/** `GET /api/afn/map` */
export interface MapAnswer {
  /** Those with the most calls. */
  readonly nodes: readonly MapNode[]
  /** Between these nodes, those with the most calls first. */
  readonly edges: readonly MapEdge[]
  /** Of all nodes and edges, those that are left out too. */
  readonly all: { readonly nodes: number; readonly edges: number }
}
