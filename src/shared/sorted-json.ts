/** JSON with the members of objects in the order of their names: the same text for equal values. What is signed needs more (operations/gdpr/canonical.ts). */
export const sortedJson = (value: unknown): string =>
  JSON.stringify(value, (_, inner) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  )
