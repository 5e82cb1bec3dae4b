/** Text of a length, made of members and what stands around them; what is left is blank, or cut where `pad` is undefined. */
export function filled(length: number, opening: string, member: (n: number) => string, ending: string): string {
  const parts = [opening]
  let size = opening.length + ending.length
  for (let n = 0; ; n++) {
    const next = member(n)
    if (next === '' || size + next.length > length) break
    parts.push(next)
    size += next.length
  }
  return `${parts.join('')}${ending}`.padEnd(length).slice(0, length)
}
