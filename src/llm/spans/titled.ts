// Names of spans that have an operation. Called by `./api`, by the AI SDK's spans and by the MCP instrumentation.

/** A span's name: `invoke_agent support`, or the operation alone. */
export function titled(operation: string, name: string | undefined): string {
  return name ? `${operation} ${name}` : operation
}
