// What people and machines choose as passwords and tokens that have no issuer's prefix.

/** @typedef {import('../random.mjs').Random} Random */

/** What a person would choose. @param {Random} r */
export const humanPassword = r =>
  r.pick([
    () => `${r.pick(['Summer', 'Winter', 'Tokyo', 'Liverpool', 'Sakura', 'Welcome'])}${r.int(2015, 2026)}${r.pick(['!', '#', '', '$'])}`,
    () => `${r.pick(['hunter', 'dragon', 'monkey', 'letmein', 'Passw0rd', 'qwerty', 'azerty'])}${r.digits(r.int(2, 4))}`,
    () => `${r.pick(['P@ssw0rd', 'Tr0ub4dor&', 's3cr3t-', 'Adm1n!', 'k0tatsu_'])}${r.digits(2)}`,
    () => `${r.pick(['correct', 'purple', 'silent'])}-${r.pick(['horse', 'battery', 'mango'])}-${r.digits(2)}`,
    () => r.chars(r.int(8, 14), 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789!@#%^*') + r.digits(1),
  ])() // biome-ignore format: a list

/** What a generator makes. @param {Random} r */
export const machineToken = r =>
  r.pick([
    () => r.hex(r.pick([32, 40, 64])),
    () => r.alnum(r.int(20, 48)),
    () => `${r.base64url(43)}`,
    () => `${r.alnum(42)}r=`,
    () => r.uuid(),
    () => r.chars(24, 'abcdefghijklmnopqrstuvwxyz0123456789'),
  ])()
