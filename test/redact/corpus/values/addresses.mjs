// Street addresses of places that do not exist at these numbers.

/** @typedef {import('../random.mjs').Random} Random */

/** By language, `#` a digit and `~` one that is no 0. */
// biome-ignore format: a table
const PATTERNS = {
  en: ['~## Maple Street, Springfield, IL 6####', '~#~4 Sunset Blvd, Apt 4B, Los Angeles, CA 900##', '## Kingsway, London WC2B 6AA', '~# Church Lane, Leeds LS1 4AB', '~## George St, Sydney NSW 2000', '~### Yonge Street, Toronto, ON M5B 2H1', 'PO Box ~##, Austin, TX 787##', 'Flat 3, ~# Baker Street, London NW1 6XE', '~# O’Connell Street, Dublin 1'],
  de: ['Hauptstraße ~#, 10115 Berlin', 'Lindenallee ~#a, 80331 München', 'Am Markt ~, 20095 Hamburg', 'Bahnhofstr. ~#, 8001 Zürich', 'Mariahilfer Straße ~#/4, 1060 Wien'],
  fr: ['~# rue de la République, 69002 Lyon', '1~ avenue des Champs-Élysées, 75008 Paris', '~ bis boulevard Voltaire, 75011 Paris', '~# chemin du Moulin, 31000 Toulouse'],
  es: ['Calle de Alcalá ~#, 3º B, 28014 Madrid', 'Avenida Diagonal ~##, 08013 Barcelona', 'C/ Mayor ~, 46002 Valencia'],
  it: ['Via Roma ~#, 20121 Milano', 'Piazza Garibaldi ~, 80142 Napoli', 'Corso Vittorio Emanuele ~#, 10121 Torino'],
  pt: ['Rua Augusta ~##, 1100-053 Lisboa', 'Av. Paulista, ~###, São Paulo - SP, 01310-100', 'Rua das Flores ~#, 4050-265 Porto'],
  nl: ['Keizersgracht ~##, 1016 EA Amsterdam', 'Stationsweg ~#, 2312 AV Leiden'],
  pl: ['ul. Marszałkowska ~#/~, 00-590 Warszawa', 'ul. Długa ~#, 31-147 Kraków'],
  sv: ['Storgatan ~#, 114 51 Stockholm', 'Kungsgatan ~#B, 411 19 Göteborg'],
  tr: ['Atatürk Caddesi No: ~#, 34710 Kadıköy/İstanbul', 'Bağdat Cad. ~##/~, 34728 Kadıköy, İstanbul'],
  ru: ['ул. Ленина, д. ~#, кв. 1~, 101000 Москва', 'Невский проспект, ~#, Санкт-Петербург'],
  zh: ['北京市朝阳区建国路~#号', '上海市浦东新区世纪大道~##号3层'],
  ko: ['서울특별시 강남구 테헤란로 ~##', '부산광역시 해운대구 우동 ~##-~#'],
  hi: ['Flat 20~, MG Road, Bengaluru 5600##', '~# Park Street, Kolkata 7000##'],
  id: ['Jl. Sudirman No. ~#, Jakarta Pusat 102##', 'Jalan Merdeka ~#, Bandung 401##'],
}

/** @param {Random} random @param {string} language */
export const address = (random, language) =>
  random
    .pick(/** @type {Record<string, string[]>} */ (PATTERNS)[language] ?? PATTERNS.en)
    .replace(/[#~]/g, sign => (sign === '#' ? random.digits(1) : random.number(1)))

export const ADDRESS_LANGUAGES = Object.keys(PATTERNS)
