// What `npm test` leaves out, so that it takes minutes, and `npm run test:all` runs: suites whose servers Go builds or that
// need browsers, and files that take long on two cores.

/** Of vitest.config.mts. */
export const projects = ['alerts', 'browser', 'collector', 'examples', 'folders', 'monitoring', 'prometheus', 'tempo']

/**
 * Of the other projects.
 * @type {string[]}
 */
export const files = [
  'test/e2e/ai-sdk.test.ts',
  'test/e2e/audit.test.ts',
  'test/e2e/browser-up.test.ts',
  'test/e2e/bundles.test.ts',
  'test/e2e/cli.test.ts',
  'test/e2e/clients.test.ts',
  'test/e2e/cloudflare-wrangler.test.ts',
  'test/e2e/cloudflare.test.ts',
  'test/e2e/coexistence.test.ts',
  'test/e2e/conformance.test.ts',
  'test/e2e/cost.test.ts',
  'test/e2e/deduplication.test.ts',
  'test/e2e/deadlines.test.ts',
  'test/e2e/demo.test.ts',
  'test/e2e/environment.test.ts',
  'test/e2e/evaluation.test.ts',
  'test/e2e/gdpr-docs.test.ts',
  'test/e2e/gdpr-up.test.ts',
  'test/e2e/gdpr.test.ts',
  'test/e2e/host.test.ts',
  'test/e2e/langchain.test.ts',
  'test/e2e/later.test.ts',
  'test/e2e/left-streams.test.ts',
  'test/e2e/llm-http.test.ts',
  'test/e2e/logs-command.test.ts',
  'test/e2e/mcp-server.test.ts',
  'test/e2e/never-break.test.ts',
  'test/e2e/ordinary-apps.test.ts',
  'test/e2e/readme.test.ts',
  'test/e2e/security-held-host.test.ts',
  'test/e2e/security-held-up.test.ts',
  'test/e2e/suites.test.ts',
  'test/e2e/sum.test.ts',
  'test/e2e/terminal.test.ts',
  'test/e2e/up-alerts.test.ts',
  'test/e2e/up-catalogue.test.ts',
  'test/e2e/up-faults.test.ts',
  'test/e2e/up.test.ts',
  'test/e2e/websocket.test.ts',
  'test/e2e/wire.test.ts',
  'test/health/datastores.test.ts',
  'test/health/port.test.ts',
  'test/health/services.test.ts',
  'test/slo/detection.test.ts',
  'test/slo/scenes.test.ts',
  'test/unit/cloudflare/faults.test.ts',
  'test/unit/llm/conformance.test.ts',
  'test/unit/local/store-arrival.test.ts',
  'test/unit/local/word-index.test.ts',
  'test/unit/redact-growth.test.ts',
  'test/unit/redact-superset.test.ts',
  'test/unit/security/receiver.test.ts',
]
