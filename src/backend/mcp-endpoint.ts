// `/mcp` of `afn-otel up`. The handler is created at the first request, because most servers never get one, and the SDK may not be
// installed.
import { Refused } from './body'

export interface McpHandler {
  fetch(request: Request): Promise<Response>
  close(): Promise<void>
}

export class McpEndpoint {
  readonly #make: () => McpHandler
  #handler: McpHandler | undefined

  /** @param make throws an Error whose message names the remedy */
  constructor(make: () => McpHandler) {
    this.#make = make
  }

  /** @throws Refused */
  answer(request: Request): Promise<Response> {
    try {
      this.#handler ??= this.#make()
    } catch (error) {
      throw new Refused(501, (error as Error).message)
    }
    return this.#handler.fetch(request)
  }

  async close(): Promise<void> {
    await this.#handler?.close()
  }
}
