// What `npm test` leaves out, so that it takes minutes, and `npm run test:all` runs: suites whose servers Go builds, and files that
// take longer than what they guard is likely to break.

/** Of vitest.config.mts. */
export const projects = ['alerts', 'collector', 'examples', 'folders', 'monitoring', 'prometheus', 'tempo']

/**
 * Of the other projects.
 * @type {string[]}
 */
export const files = []
