/** Which script a character belongs to. */

/** Kanji, with the sign that repeats one (佐々木). */
export function isKanji(code: number): boolean {
  return (code >= 0x4e00 && code <= 0x9fff) || code === 0x3005 || (code >= 0xf900 && code <= 0xfaff)
}

export function isHiragana(code: number): boolean {
  return code >= 0x3041 && code <= 0x3096
}

/** Katakana, with the sign that lengthens a vowel. */
export function isKatakana(code: number): boolean {
  return (code >= 0x30a1 && code <= 0x30fa) || code === 0x30fc
}

/** Korean syllables. */
export function isHangul(code: number): boolean {
  return code >= 0xac00 && code <= 0xd7a3
}

/** Letters of Arabic and Persian. */
export function isArabic(code: number): boolean {
  return code >= 0x621 && code <= 0x6d3
}

/** Any of the scripts in which Japanese is written. */
export function isJapanese(code: number): boolean {
  return isKanji(code) || isKatakana(code) || isHiragana(code)
}
