import schema from './monitoring-config.schema.json'

/** In the working directory: budgets, and boards of the user's own. `monitoring-config.schema.json` says what may stand there. */
export const MONITORING_FILE = 'monitoring-config.json'

/** The schema for whoever reads one section: a mistake in another section is no mistake of this one. */
export function schemaOfSection(section: `${string}_config` & keyof typeof schema.properties): object {
  const { $schema, ...sections } = schema.properties
  const others = Object.fromEntries(Object.keys(sections).map(name => [name, {}]))
  return { ...schema, properties: { $schema, ...others, [section]: sections[section] } }
}
