// Chunk `instrument-mcp`: both sides of the Model Context Protocol, in `@modelcontextprotocol/sdk`. Client and server are
// one class there, `Protocol`, which is found in its own file by a require and above the exported classes by an import.
import {
  InstrumentationBase,
  type InstrumentationConfig,
  InstrumentationNodeModuleDefinition,
  InstrumentationNodeModuleFile,
} from '@opentelemetry/instrumentation'
import { version } from '../../../version'
import type { Endpoint, Side } from './requests'
import { type Handler, handled, type Request, requested } from './requests'

const PACKAGE = '@modelcontextprotocol/sdk'
const versions = ['>=1.12 <2']
/** Under which an app imports the classes. */
const entries = ['client', 'client/index.js', 'server', 'server/index.js', 'server/mcp.js'].map(
  entry => `${PACKAGE}/${entry}`,
)

interface McpConfig extends InstrumentationConfig {
  content?: Side['content']
  onFailure?: Side['onFailure']
}

type Class = { readonly prototype: object }

interface Exports {
  readonly Client?: Class
  readonly Server?: Class
  readonly McpServer?: new (info: object) => { readonly server: object }
}

interface Protocol extends Endpoint {
  request: Request
  setRequestHandler(schema: unknown, handler: Handler): void
}

export class McpInstrumentation extends InstrumentationBase<McpConfig> {
  constructor(config: McpConfig) {
    super('@afn/otel/mcp', version, config)
  }

  protected init(): InstrumentationNodeModuleDefinition[] {
    const file = new InstrumentationNodeModuleFile(
      `${PACKAGE}/dist/cjs/shared/protocol.js`,
      versions,
      (exports: { Protocol: Class }) => {
        this.#patch(exports.Protocol.prototype)
        return exports
      },
      () => {},
    )
    return [
      new InstrumentationNodeModuleDefinition(PACKAGE, versions, undefined, undefined, [file]),
      ...entries.map(
        entry =>
          new InstrumentationNodeModuleDefinition(entry, versions, exports => {
            this.#patchAbove(exports)
            return exports
          }),
      ),
    ]
  }

  #patchAbove({ Client, Server, McpServer }: Exports): void {
    for (const side of [Client, Server]) if (side) this.#patch(Object.getPrototypeOf(side.prototype))
    // makes its server from a class that it does not export
    if (McpServer) this.#patch(grandparentOf(new McpServer({ name: 'probe', version: '0' }).server))
  }

  readonly #patched = new WeakSet<object>()

  #patch(prototype: object): void {
    if (this.#patched.has(prototype)) return
    this.#patched.add(prototype)
    const { content = false, onFailure = () => {} } = this.getConfig()
    const side: Side = { tracer: this.tracer, content, onFailure }
    this._wrap(prototype as Protocol, 'request', request => requested(request, side))
    this._wrap(prototype as Protocol, 'setRequestHandler', set => {
      return function (this: Protocol, schema, handler) {
        return Reflect.apply(set, this, [schema, handled(this, handler, side)])
      }
    })
  }
}

function grandparentOf(instance: object): object {
  return Object.getPrototypeOf(Object.getPrototypeOf(instance))
}
