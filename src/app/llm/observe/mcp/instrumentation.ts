// Chunk `instrument-mcp`: both sides of the Model Context Protocol, in the SDK's two generations: `@modelcontextprotocol/sdk`, and
// `@modelcontextprotocol/client` and `/server`. Both sides are one class, `Protocol`: 2.x exports it; of 1.x it is found in its own
// file by a require and above the exported classes by an import.
import {
  InstrumentationBase,
  type InstrumentationConfig,
  InstrumentationNodeModuleDefinition,
  InstrumentationNodeModuleFile,
} from '@opentelemetry/instrumentation'
import { version } from '../../../../shared/version'
import { type Handler, handled } from './handled'
import { createMcpMetrics } from './metrics'
import { type Request, type Resolve, requested, resolved } from './requested'
import type { Endpoint, Side } from './requests'
import { closed, connected } from './sessions'

const FIRST = '@modelcontextprotocol/sdk'
const firstVersions = ['>=1.12 <2']
/** Under which an app imports the classes. */
const entries = ['client', 'client/index.js', 'server', 'server/index.js', 'server/mcp.js'].map(
  entry => `${FIRST}/${entry}`,
)
const second = ['@modelcontextprotocol/client', '@modelcontextprotocol/server']
const secondVersions = ['>=2 <3']

interface McpConfig extends InstrumentationConfig {
  content?: Side['content']
  baggageHosts?: Side['baggageHosts']
  onFailure?: Side['onFailure']
}

type Class = { readonly prototype: object }

interface Exports {
  readonly Protocol?: Class
  readonly Client?: Class
  readonly Server?: Class
  readonly McpServer?: new (info: object) => { readonly server: object }
}

interface Protocol extends Endpoint {
  request: Request
  /** Of 2.x, through which every request goes: the SDK's own, an app's and those of a handler. */
  _requestWithSchemaViaCodec?: Request
  /** Of 2.x, where an answer asks for more before the request is sent again. */
  _resolveNonCompleteResult?: Resolve
  setRequestHandler(...given: unknown[]): void
  connect(...given: unknown[]): Promise<void>
  /** Private there, so it may be missing. */
  _onclose?(): void
}

export class McpInstrumentation extends InstrumentationBase<McpConfig> {
  constructor(config: McpConfig) {
    super('@afn/otel/mcp', version, config)
  }

  protected init(): InstrumentationNodeModuleDefinition[] {
    const patch = (exports: Exports) => {
      this.#patchIn(exports)
      return exports
    }
    const file = new InstrumentationNodeModuleFile(
      `${FIRST}/dist/cjs/shared/protocol.js`,
      firstVersions,
      patch,
      () => {},
    )
    return [
      new InstrumentationNodeModuleDefinition(FIRST, firstVersions, undefined, undefined, [file]),
      ...entries.map(entry => new InstrumentationNodeModuleDefinition(entry, firstVersions, patch)),
      ...second.map(name => new InstrumentationNodeModuleDefinition(name, secondVersions, patch)),
    ]
  }

  #patchIn({ Protocol, Client, Server, McpServer }: Exports): void {
    if (Protocol) return this.#patch(Protocol.prototype)
    for (const side of [Client, Server]) if (side) this.#patch(Object.getPrototypeOf(side.prototype))
    // makes its server from a class that it does not export
    if (McpServer) this.#patch(grandparentOf(new McpServer({ name: 'probe', version: '0' }).server))
  }

  readonly #patched = new WeakSet<object>()

  #patch(prototype: object): void {
    if (this.#patched.has(prototype)) return
    this.#patched.add(prototype)
    const { content = false, baggageHosts = [], onFailure = () => {} } = this.getConfig()
    const metrics = createMcpMetrics(() => this.meter)
    const side: Side = { tracer: this.tracer, metrics, content, baggageHosts, onFailure }
    const protocol = prototype as Protocol
    if (protocol._requestWithSchemaViaCodec)
      this._wrap(protocol, '_requestWithSchemaViaCodec', send => requested(send!, side, 1))
    else this._wrap(protocol, 'request', send => requested(send, side, 0))
    if (protocol._resolveNonCompleteResult)
      this._wrap(protocol, '_resolveNonCompleteResult', resolve => resolved(resolve!))
    this._wrap(protocol, 'setRequestHandler', set => {
      return function (this: Protocol, ...given) {
        // (schema, handler) in 1.x; (method, handler) and (method, schemas, handler) in 2.x
        const at = given.findLastIndex(one => typeof one === 'function')
        if (at > 0) given[at] = handled(this, given[at] as Handler, side, at === 2)
        return Reflect.apply(set, this, given)
      }
    })
    if (!protocol._onclose) return
    this._wrap(protocol, 'connect', connect => connected(connect))
    this._wrap(protocol, '_onclose', close => closed(close!, side))
  }
}

function grandparentOf(instance: object): object {
  return Object.getPrototypeOf(Object.getPrototypeOf(instance))
}
