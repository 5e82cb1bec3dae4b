// The MCP servers that a command offers: the tools over the API of an `afn-otel up`, and those that read this machine's files.
import path from 'node:path'
import type { McpServer } from '@modelcontextprotocol/server'
import { type McpSdk, mcpServer } from '../../backend/mcp/server'
import { readCatalogue } from '../../shared/queries/catalogue'
import type { Backend } from '../../shared/queries/http'
import { packageRoot } from '../package-root'
import { listBudgets } from './list-budgets'
import { listErasures } from './list-erasures'

export interface McpServers {
  readonly sdk: McpSdk
  /** One serves one connection, or one request of HTTP. */
  readonly make: () => McpServer
}

/**
 * @param config file of budgets that the user named
 * @throws Error that says how to install the SDK
 */
export function mcpServers(backend: Backend, config?: string): McpServers {
  const sdk = sdkOf()
  const catalogue = readCatalogue(path.join(packageRoot(__dirname), 'collector/queries'))
  const context = { backend, catalogue, now: () => new Date() }
  return { sdk, make: () => mcpServer(sdk, context, [listBudgets(config), listErasures]) }
}

function sdkOf(): McpSdk {
  try {
    return require('@modelcontextprotocol/server')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error
    throw new Error('the official SDK is required but not installed: npm i @modelcontextprotocol/server')
  }
}
