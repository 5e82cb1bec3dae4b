// Names of nobody: frequent given names and surnames of twenty languages, put together by chance.

/** By language: [given names], [surnames]. */
// biome-ignore format: a table
const NAMES = {
  en: ['James Olivia William Charlotte Ethan Grace Oliver Hannah Lucas Megan', 'Walker Bennett Hughes Carter Foster Reynolds Whitfield Okafor Sullivan Marsh'],
  de: ['Lukas Anna Jürgen Katharina Stefan Ursula Matthias Heike', 'Schneider Hoffmann Müller Krüger Weiß Schäfer Zimmermann Vogel'],
  fr: ['Camille Julien Élodie Thibault Chloé François Margaux Rémi', 'Lefebvre Moreau Girard Dubois Bonnet Lemaître Rousseau Fontaine'],
  es: ['Lucía Javier Carmen Álvaro Sofía Pablo Martina Íñigo', 'García Fernández|Ruiz Ortega Núñez Morales|Vega Castillo Ibáñez Domínguez'],
  it: ['Giulia Marco Francesca Lorenzo Chiara Alessandro Elena', 'Rossi Bianchi Esposito Colombo Ricci Moretti De|Luca'],
  pt: ['João Beatriz Tiago Mariana Gonçalo Inês Rafael', 'Silva Santos Oliveira Pereira Costa Carvalho Araújo|Lima'],
  nl: ['Sanne Daan Femke Bram Lotte Pieter', 'de|Vries van|den|Berg Jansen Bakker Visser Smit'],
  pl: ['Katarzyna Paweł Agnieszka Łukasz Małgorzata Wojciech', 'Kowalski Wiśniewska Zieliński Wójcik Dąbrowska Nowak'],
  sv: ['Elin Anders Karin Oskar Linnéa Björn', 'Andersson Lindqvist Bergström Nyström Åkesson'],
  tr: ['Ayşe Mehmet Zeynep Emre Elif Burak', 'Yılmaz Demir Kaya Şahin Çelik Öztürk'],
  ru: ['Иван Екатерина Алексей Ольга Дмитрий Наталья', 'Смирнов Кузнецова Попов Волкова Морозов'],
  uk: ['Олександр Оксана Тарас Ірина', 'Шевченко Коваленко Бондаренко Ткачук'],
  zh: ['伟 秀英 静怡 子轩 浩然 雨桐', '王 李 张 陈 刘 欧阳'],
  ko: ['민준 서연 지훈 하은 현우 수빈', '김 이 박 최 정'],
  vi: ['Minh|Anh Thị|Hương Văn|Đức Quang|Huy', 'Nguyễn Trần Lê Phạm'],
  hi: ['Priya Rohan Ananya Arjun Kavita Vikram', 'Sharma Patel Iyer Reddy Gupta Chatterjee'],
  id: ['Budi Siti Agus Dewi Rizky', 'Santoso Wijaya Pratama Lestari'],
  ar: ['محمد فاطمة أحمد عائشة خالد', 'العلي حسن المنصوري الشريف'],
  ja: ['太郎 花子 健太郎 美咲 翔 陽子 大輔 由美子 直樹 香織 さくら 結衣 蓮 葵', '佐藤 鈴木 高橋 田中 渡辺 伊藤 小林 加藤 佐々木 長谷川 五十嵐 西園寺 岡本 森 林 東 大久保 渡邉 髙橋'],
}

const KANA = [
  'サトウ タロウ',
  'スズキ ハナコ',
  'ハセガワ ケンタロウ',
  'ワタナベ　ヨウコ',
  'ささき みさき',
  'たなか だいすけ',
  'イトウ ショウ',
]
const ROMAJI = ['Taro Sato', 'SUZUKI Hanako', 'Kentaro Hasegawa', 'TANAKA Daisuke', 'Misaki Sasaki', 'Watanabe Yoko']

const split = /** @param {string} list */ list => list.split(' ').map(part => part.replaceAll('|', ' '))

/**
 * @param {import('../random.mjs').Random} random
 * @param {string} language
 * @returns {string} given name and surname in the order of the language
 */
export function person(random, language) {
  const [firstNames, family] = /** @type {Record<string, string[]>} */ (NAMES)[language]?.map(split) ?? []
  const first = random.pick(firstNames ?? [])
  const last = random.pick(family ?? [])
  if (language === 'ja') return last + random.pick(['', ' ', '　']) + first
  if (language === 'zh' || language === 'ko') return last + first
  if (language === 'vi') return `${last} ${first}`
  return random.pick([`${first} ${last}`, `${first} ${last}`, `${first} ${last.toUpperCase()}`, `${last}, ${first}`])
}

/** @param {import('../random.mjs').Random} random @param {string} language */
export const surname = (random, language) =>
  random.pick(split(/** @type {Record<string, string[]>} */ (NAMES)[language]?.[1] ?? ''))

/** @param {import('../random.mjs').Random} random */
export const kana = random => random.pick(KANA)
/** @param {import('../random.mjs').Random} random */
export const romaji = random => random.pick(ROMAJI)
