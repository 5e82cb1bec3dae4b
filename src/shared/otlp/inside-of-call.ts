// Which spans of a provider's own side are the inside of which call: by the id of the answer, since a provider that was not told
// the trace begins one of its own, and one that was told by the app's own header may stand beside the call.

/** The scope of what the Claude API sends itself: https://platform.claude.com/docs/en/api/opentelemetry/spans */
export const CLAUDE_PLATFORM = 'com.anthropic.claude-platform'

/** As far as it is read. */
export interface SideSpan {
  readonly id: string
  /** Empty at a root. */
  readonly parentId: string
  readonly isServer: boolean
  readonly responseId: string | undefined
}

/** Above that many spans nobody looks for the one of a request. */
const maxDepth = 64

/**
 * @param spans of the provider
 * @param callOf ids of the app's spans by `gen_ai.response.id`
 * @returns ids of those that belong right below a call, with all that is below them; and of that call
 */
export function insideOfCalls(
  spans: readonly SideSpan[],
  callOf: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const byId = new Map(spans.map(span => [span.id, span]))
  const inside = new Map<string, string>()
  for (const span of spans) {
    const call = span.responseId === undefined ? undefined : callOf.get(span.responseId)
    if (call !== undefined) inside.set(requestOf(span, byId).id, call)
  }
  return inside
}

/** A run of a model is below the request that it answers; without one it stands for itself. */
function requestOf(run: SideSpan, byId: ReadonlyMap<string, SideSpan>): SideSpan {
  let at: SideSpan | undefined = run
  for (let n = 0; at && n < maxDepth; n++, at = byId.get(at.parentId)) if (at.isServer) return at
  return run
}
