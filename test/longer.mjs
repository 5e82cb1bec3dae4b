// What `npm test` leaves out, so that it takes minutes, and `npm run test:all` runs: suites whose servers Go builds, and files that
// take more than half a minute on two cores.

/** Of vitest.config.mts. */
export const projects = ['alerts', 'collector', 'examples', 'folders', 'monitoring', 'prometheus', 'tempo']

/**
 * Of the other projects.
 * @type {string[]}
 */
export const files = [
  'test/browser/explorer-hostile.test.ts',
  'test/browser/explorer-quality.test.ts',
  'test/browser/explorer-views.test.ts',
  'test/browser/explorer-widths.test.ts',
  'test/browser/explorer.test.ts',
  'test/browser/guide-pictures.test.ts',
  'test/browser/monitor-crash.test.ts',
  'test/browser/monitor-delivery.test.ts',
  'test/browser/monitor-faults.test.ts',
  'test/browser/monitor-firefox.test.ts',
  'test/e2e/bundles.test.ts',
  'test/e2e/cli.test.ts',
  'test/e2e/clients.test.ts',
  'test/e2e/cloudflare.test.ts',
  'test/e2e/coexistence.test.ts',
  'test/e2e/conformance.test.ts',
  'test/e2e/cost.test.ts',
  'test/e2e/deduplication.test.ts',
  'test/e2e/demo.test.ts',
  'test/e2e/environment.test.ts',
  'test/e2e/evaluation.test.ts',
  'test/e2e/gdpr-up.test.ts',
  'test/e2e/gdpr.test.ts',
  'test/e2e/left-streams.test.ts',
  'test/e2e/llm-http.test.ts',
  'test/e2e/never-break.test.ts',
  'test/e2e/ordinary-apps.test.ts',
  'test/e2e/readme.test.ts',
  'test/e2e/security-held-host.test.ts',
  'test/e2e/security-held-up.test.ts',
  'test/e2e/suites.test.ts',
  'test/e2e/up-catalogue.test.ts',
  'test/e2e/up-faults.test.ts',
  'test/e2e/up.test.ts',
  'test/health/datastores.test.ts',
  'test/health/services.test.ts',
  'test/slo/detection.test.ts',
  'test/slo/scenes.test.ts',
  'test/unit/cloudflare/faults.test.ts',
  'test/unit/llm/conformance.test.ts',
  'test/unit/local/store-arrival.test.ts',
  'test/unit/redact-growth.test.ts',
  'test/unit/redact-superset.test.ts',
]
