// The mouths at node's own HTTP clients: each is a chunk that is read when the application first loads its module. Called
// by the preload's hooks on `require` and `import`, and by afnNodeSDK(), which has no hooks and loads them at once.
import { loadChunk } from '../../chunks'
import type { HttpCalls } from './calls'
import { leavesLlmCalls } from './stand-aside'

type State = 'armed' | 'active' | 'failed'

export class Mouths {
  readonly targets = ['http', 'https', 'http2']
  readonly states: { http: State; http2: State } = { http: 'armed', http2: 'armed' }
  /** For OpenTelemetry's instrumentations, by their names. */
  readonly config

  constructor(private readonly calls: HttpCalls) {
    this.config = { http: leavesLlmCalls(calls) }
  }

  /**
   * One of the targets is loaded, or loaded again. Never throws.
   * @param namespace of the import that loads it, where it is an import
   */
  loads(target: string, namespace?: unknown): void {
    const mouth = target === 'http2' ? target : 'http'
    if (this.states[mouth] === 'failed') return
    try {
      if (mouth === 'http2') loadChunk('llm-http2').tapSessions(this.calls, namespace)
      else if (this.states.http === 'armed') loadChunk('llm-http').tapRequests(this.calls)
      this.states[mouth] = 'active'
    } catch (error) {
      this.states[mouth] = 'failed'
      this.calls.trouble(error)
    }
  }
}
