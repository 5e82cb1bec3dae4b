// Chunk `instrument-mcp`: both sides of the Model Context Protocol, in both generations of the SDK: `@modelcontextprotocol/sdk`, and
// `@modelcontextprotocol/client` and `/server`. Both sides use one class, `Protocol`. 2.x exports it. In 1.x a require finds it in its own
// file, and an import finds it as a base class of the exported classes.
import {
  InstrumentationBase,
  type InstrumentationConfig,
  InstrumentationNodeModuleDefinition,
  InstrumentationNodeModuleFile,
} from '@opentelemetry/instrumentation'
import { version } from '../../../../shared/version'
import { type Handler, handled } from './handled'
import { createMcpMetrics } from './metrics'
import { type Connect, type Listen, listened, negotiated, type Send, sentRaw } from './negotiation'
import { heard, type Listener, type Notify, notified } from './notifications'
import { type Request, type Resolve, requested, resolved } from './requested'
import type { Endpoint, Side } from './requests'
import { closed, connected } from './sessions'
import { Sparing } from './sparing'

const FIRST = '@modelcontextprotocol/sdk'
const firstVersions = ['>=1.12 <2']
/** Entry points from which an app imports the classes. */
const entries = ['client', 'client/index.js', 'server', 'server/index.js', 'server/mcp.js'].map(
  entry => `${FIRST}/${entry}`,
)
const CLIENT = '@modelcontextprotocol/client'
const second = [CLIENT, '@modelcontextprotocol/server']
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
  readonly StdioClientTransport?: Class
  readonly StreamableHTTPClientTransport?: Class
  readonly Server?: Class
  readonly McpServer?: new (info: object) => { readonly server: object }
}

interface Protocol extends Endpoint {
  request: Request
  /** In 2.x, sends every request: of the SDK itself, of an app and of a handler. */
  _requestWithSchemaViaCodec?: Request
  /** In 2.x, handles an answer that asks for input, before the request is sent again. */
  _resolveNonCompleteResult?: Resolve
  setRequestHandler(...given: unknown[]): void
  notification: Notify
  /** In 2.x, sends every notification. */
  _notificationViaCodec?: Notify
  setNotificationHandler(...given: unknown[]): void
  connect(...given: unknown[]): Promise<void>
  /** Private in the SDK, so it may be missing. */
  _onclose?(): void
}

/** The client of 2.x. Private members may be missing. */
interface Client {
  _connectNegotiated?: Connect
  listen?: Listen
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
    const stdio = new InstrumentationNodeModuleFile(`${CLIENT}/dist/stdio.cjs`, secondVersions, patch, () => {})
    return [
      new InstrumentationNodeModuleDefinition(FIRST, firstVersions, undefined, undefined, [file]),
      ...entries.map(entry => new InstrumentationNodeModuleDefinition(entry, firstVersions, patch)),
      ...second.map(name => new InstrumentationNodeModuleDefinition(name, secondVersions, patch)),
      new InstrumentationNodeModuleDefinition(CLIENT, secondVersions, undefined, undefined, [stdio]),
      new InstrumentationNodeModuleDefinition(`${CLIENT}/stdio`, secondVersions, patch),
    ]
  }

  #patchIn(exports: Exports): void {
    const { Protocol, Client, Server, McpServer, StdioClientTransport, StreamableHTTPClientTransport } = exports
    for (const transport of [StdioClientTransport, StreamableHTTPClientTransport])
      if (transport) this.#patchTransport(transport.prototype as { send: Send })
    if (Protocol) {
      if (Client) this.#patchClient(Client.prototype)
      return this.#patch(Protocol.prototype)
    }
    for (const side of [Client, Server]) if (side) this.#patch(Object.getPrototypeOf(side.prototype))
    // creates its server from a class that it does not export
    if (McpServer) this.#patch(grandparentOf(new McpServer({ name: 'probe', version: '0' }).server))
  }

  readonly #patched = new WeakSet<object>()
  #side: Side | undefined

  #sideOf(): Side {
    const { content = false, baggageHosts = [], onFailure = () => {} } = this.getConfig()
    const metrics = createMcpMetrics(() => this.meter)
    this.#side ??= { tracer: this.tracer, metrics, sparing: new Sparing(), content, baggageHosts, onFailure }
    return this.#side
  }

  /** @returns whether the prototype has not been patched before */
  #isNew(prototype: object): boolean {
    const isNew = !this.#patched.has(prototype)
    this.#patched.add(prototype)
    return isNew
  }

  #patchTransport(transport: { send: Send }): void {
    if (this.#isNew(transport)) this._wrap(transport, 'send', send => sentRaw(send, this.#sideOf()))
  }

  #patchClient(client: Client): void {
    if (!this.#isNew(client)) return
    const side = this.#sideOf()
    if (client._connectNegotiated) this._wrap(client, '_connectNegotiated', connect => negotiated(connect!, side))
    if (client.listen) this._wrap(client, 'listen', listen => listened(listen!, side))
  }

  #patch(prototype: object): void {
    if (!this.#isNew(prototype)) return
    const side = this.#sideOf()
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
    if (protocol._notificationViaCodec)
      this._wrap(protocol, '_notificationViaCodec', notify => notified(notify!, side, 1))
    else this._wrap(protocol, 'notification', notify => notified(notify, side, 0))
    this._wrap(protocol, 'setNotificationHandler', set => {
      return function (this: Protocol, ...given) {
        const at = given.findLastIndex(one => typeof one === 'function')
        if (at > 0) given[at] = heard(this, given[at] as Listener, side, at)
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
