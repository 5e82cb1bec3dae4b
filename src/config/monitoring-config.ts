/** In the working directory: budgets, and boards of the user's own. `monitoring-config.schema.json` says what may stand there. */
export const MONITORING_FILE = 'monitoring-config.json'
