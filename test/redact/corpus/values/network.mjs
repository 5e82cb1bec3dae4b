// Addresses of machines that tell a person: public IPv4 and IPv6, MAC.

/** @typedef {import('../random.mjs').Random} Random */

/** A public address; private, loopback, link-local and documentation ranges are kept by default and no label here. @param {Random} random */
export const ipv4 = random =>
  `${random.pick([8, 23, 34, 45, 52, 66, 81, 93, 104, 118, 126, 133, 151, 163, 178, 185, 202, 210, 212, 219])}.${random.int(0, 255)}.${random.int(0, 255)}.${random.int(1, 254)}`

/** @param {Random} random */
export function ipv6(random) {
  const start = random.pick(['2001:', '2400:', '2404:', '2600:', '2606:', '2a00:', '2a02:', '240b:'])
  const group = () => random.chars(1, '123456789abcdef') + random.hex(3)
  const all = start + Array.from({ length: 7 }, group).join(':')
  return random.pick([
    all,
    all.toUpperCase(),
    `${start}${group()}:${group()}::${random.hex(2)}`,
    `${start}${group()}::1`,
    `${start}${group()}:0:0:${group()}:${group()}:${group()}:${group()}`,
  ])
}

/** @param {Random} random */
export function mac(random) {
  const octets = [random.pick(['00', '3c', '9c', 'a4', 'f0', 'dc']), ...Array.from({ length: 5 }, () => random.hex(2))]
  const joint = random.pick([':', ':', '-'])
  return random.pick([octets.join(joint), octets.join(joint).toUpperCase()])
}
