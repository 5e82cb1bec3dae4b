// In files whose reader (Tempo, Loki, compose) puts in the environment's value.

/** `${NAME}` */
export const placeholder = (name: string): string => `\${${name}}`
