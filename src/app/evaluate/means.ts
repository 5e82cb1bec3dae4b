// What evaluators have of the process that they run in.

export interface Means {
  /** What may leave of a text. */
  readonly redact: (text: string) => Promise<string>
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Asks a model. Default: the `fetch` of the process. */
  readonly fetch?: typeof fetch
}
