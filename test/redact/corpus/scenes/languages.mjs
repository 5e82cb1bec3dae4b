// The words and sentences that people put beside a value, in nineteen languages. Japanese has scenes
// of its own.

/**
 * By language: words for a thing, `is` (a sentence out of a word and a value) and sentences where `%` is the value.
 * @typedef {{ email: string[], phone: string[], card: string[], iban: string[], name: string[], address: string[],
 *   password: string[], birth: string[], passport: string[], account: string[], is: string, call: string[],
 *   hello: string[], lives: string[] }} Language
 */

/** @type {Record<string, Language>} */
// biome-ignore format: a table
export const LANGUAGES = {
  en: { email: ['Email', 'E-mail address', 'Contact email'], phone: ['Phone', 'Tel', 'Mobile number', 'Cell', 'phone number', 'Fax'], card: ['Card number', 'Credit card', 'Visa'], iban: ['IBAN'], name: ['Name', 'Full name', 'Customer name', 'Patient', 'Account holder', 'Employee', 'Contact person'], address: ['Address', 'Shipping address', 'Billing address', 'Home address'], password: ['Password', 'password', 'passphrase', 'API key', 'access token'], birth: ['Date of birth', 'DOB', 'Birthday', 'born on'], passport: ['Passport number', 'Passport No.'], account: ['Account number', 'Bank account', 'acct no.'], is: 'My # is %.', call: ['You can call me at % after 6pm.', 'Please text % when the parcel arrives.', 'Reach me on my mobile %.'], hello: ['Hi, my name is %.', 'This is % from accounting.', 'Best regards,\n%', 'Dear %,\n\nthank you for your order.', 'Mr. % will join the call.', 'I am writing on behalf of my father, Mr %.'], lives: ['Please ship it to % by Friday.', 'I moved to % last month.', 'She lives at %.'] },
  de: { email: ['E-Mail', 'E-Mail-Adresse'], phone: ['Telefon', 'Tel.', 'Handynummer', 'Rufnummer', 'Mobil'], card: ['Kartennummer', 'Kreditkarte'], iban: ['IBAN', 'Bankverbindung'], name: ['Name', 'Vor- und Nachname', 'Kontoinhaber', 'Ansprechpartner', 'Kunde'], address: ['Adresse', 'Lieferadresse', 'Anschrift'], password: ['Passwort', 'Kennwort', 'Zugangscode'], birth: ['Geburtsdatum', 'geboren am', 'Geb.-Datum'], passport: ['Reisepassnummer', 'Passnummer'], account: ['Kontonummer', 'Konto-Nr.'], is: 'Meine # lautet %.', call: ['Sie erreichen mich unter der Telefonnummer %.', 'Bitte rufen Sie mich zurück: %'], hello: ['Mein Name ist %.', 'Ich heiße % und habe eine Frage.', 'Mit freundlichen Grüßen\n%', 'Sehr geehrte Frau %,', 'Sehr geehrter Herr %,\n'], lives: ['Ich wohne in der %.', 'Bitte an folgende Adresse liefern: %'] },
  fr: { email: ['E-mail', 'Adresse e-mail', 'Courriel'], phone: ['Téléphone', 'Tél.', 'Portable', 'Numéro de téléphone'], card: ['Numéro de carte', 'Carte bancaire'], iban: ['IBAN', 'RIB'], name: ['Nom', 'Nom et prénom', 'Titulaire', 'Nom complet'], address: ['Adresse', 'Adresse de livraison'], password: ['Mot de passe', 'mot de passe'], birth: ['Date de naissance', 'né le', 'née le'], passport: ['Numéro de passeport', 'Passeport n°'], account: ['Numéro de compte'], is: 'Mon # est %.', call: ['Vous pouvez me joindre au numéro de téléphone %.', 'Appelez-moi au %.'], hello: ["Bonjour, je m'appelle %.", 'Cordialement,\n%', 'Madame %,', 'Monsieur % a appelé ce matin.'], lives: ["J'habite au %.", "Livraison à l'adresse : %"] },
  es: { email: ['Correo electrónico', 'Email', 'Correo'], phone: ['Teléfono', 'Tel.', 'Móvil', 'Celular', 'Número de teléfono'], card: ['Número de tarjeta', 'Tarjeta'], iban: ['IBAN', 'Cuenta'], name: ['Nombre', 'Nombre completo', 'Titular', 'Nombre y apellidos'], address: ['Dirección', 'Domicilio'], password: ['Contraseña', 'contraseña', 'clave'], birth: ['Fecha de nacimiento', 'nacido el'], passport: ['Número de pasaporte', 'Pasaporte'], account: ['Número de cuenta'], is: 'Mi # es %.', call: ['Mi número de teléfono es el %.', 'Llámame al %.'], hello: ['Hola, me llamo %.', 'Mi nombre es %.', 'Atentamente,\n%', 'Estimada Sra. %:', 'El Sr. % llamó ayer.'], lives: ['Vivo en la %.', 'Enviar a: %'] },
  it: { email: ['E-mail', 'Indirizzo email', 'Posta elettronica'], phone: ['Telefono', 'Cellulare', 'Tel.', 'Numero di telefono'], card: ['Numero carta', 'Carta di credito'], iban: ['IBAN'], name: ['Nome', 'Nome e cognome', 'Intestatario'], address: ['Indirizzo', 'Indirizzo di spedizione'], password: ['Password', 'Parola chiave'], birth: ['Data di nascita', 'nato il', 'nata il'], passport: ['Numero di passaporto', 'Passaporto n.'], account: ['Numero di conto'], is: 'Il mio # è %.', call: ['Il mio numero di cellulare è %.', 'Potete chiamarmi al %.'], hello: ['Mi chiamo %.', 'Il mio nome è %.', 'Cordiali saluti,\n%', 'Gentile Sig.ra %,'], lives: ['Abito in %.', 'Spedire a: %'] },
  pt: { email: ['E-mail', 'Endereço de e-mail'], phone: ['Telefone', 'Celular', 'Telemóvel', 'Tel.'], card: ['Número do cartão', 'Cartão'], iban: ['IBAN'], name: ['Nome', 'Nome completo', 'Titular'], address: ['Endereço', 'Morada'], password: ['Senha', 'senha', 'Palavra-passe'], birth: ['Data de nascimento', 'nascido em'], passport: ['Número do passaporte', 'Passaporte'], account: ['Número da conta', 'Conta corrente'], is: 'Meu # é %.', call: ['Meu telefone é %.', 'Pode ligar para o celular %.'], hello: ['Olá, meu nome é %.', 'Chamo-me %.', 'Atenciosamente,\n%', 'Prezada Sra. %,'], lives: ['Moro na %.', 'Entregar em: %'] },
  nl: { email: ['E-mail', 'E-mailadres'], phone: ['Telefoon', 'Telefoonnummer', 'Mobiel', 'Tel.'], card: ['Kaartnummer', 'Creditcard'], iban: ['IBAN', 'Rekeningnummer'], name: ['Naam', 'Volledige naam', 'Contactpersoon'], address: ['Adres', 'Bezorgadres'], password: ['Wachtwoord', 'wachtwoord'], birth: ['Geboortedatum', 'geboren op'], passport: ['Paspoortnummer'], account: ['Rekeningnummer'], is: 'Mijn # is %.', call: ['U kunt mij bellen op telefoonnummer %.', 'Mijn mobiele nummer is %.'], hello: ['Mijn naam is %.', 'Ik heet %.', 'Met vriendelijke groet,\n%', 'Geachte mevrouw %,'], lives: ['Ik woon op de %.', 'Graag bezorgen op: %'] },
  pl: { email: ['E-mail', 'Adres e-mail'], phone: ['Telefon', 'Tel.', 'Numer telefonu', 'Komórka'], card: ['Numer karty', 'Karta'], iban: ['IBAN', 'Numer rachunku'], name: ['Imię i nazwisko', 'Nazwisko'], address: ['Adres', 'Adres dostawy'], password: ['Hasło', 'hasło'], birth: ['Data urodzenia', 'urodzony'], passport: ['Numer paszportu'], account: ['Numer konta'], is: 'Mój # to %.', call: ['Mój numer telefonu to %.', 'Proszę dzwonić pod numer %.'], hello: ['Nazywam się %.', 'Pozdrawiam,\n%', 'Szanowna Pani %,'], lives: ['Mieszkam przy %.', 'Proszę wysłać na adres: %'] },
  sv: { email: ['E-post', 'E-postadress'], phone: ['Telefon', 'Mobil', 'Telefonnummer', 'Mobilnummer'], card: ['Kortnummer', 'Kreditkort'], iban: ['IBAN'], name: ['Namn', 'Fullständigt namn'], address: ['Adress', 'Leveransadress'], password: ['Lösenord', 'lösenord'], birth: ['Födelsedatum', 'född'], passport: ['Passnummer'], account: ['Kontonummer'], is: 'Min # är %.', call: ['Mitt telefonnummer är %.', 'Ring mig på mobil %.'], hello: ['Jag heter %.', 'Mitt namn är %.', 'Med vänlig hälsning\n%'], lives: ['Jag bor på %.', 'Skicka till: %'] },
  tr: { email: ['E-posta', 'E-posta adresi'], phone: ['Telefon', 'Cep telefonu', 'Tel'], card: ['Kart numarası', 'Kredi kartı'], iban: ['IBAN'], name: ['Ad Soyad', 'Adı Soyadı'], address: ['Adres', 'Teslimat adresi'], password: ['Şifre', 'Parola'], birth: ['Doğum tarihi'], passport: ['Pasaport numarası'], account: ['Hesap numarası'], is: '#: %', call: ['Telefon numaram %.', 'Beni % numaralı telefondan arayın.'], hello: ['Merhaba, benim adım %.', 'Saygılarımla,\n%', 'Sayın %,'], lives: ['Adresim: %', 'Teslimat adresi % olacak.'] },
  ru: { email: ['Эл. почта', 'Почта', 'E-mail'], phone: ['Телефон', 'Тел.', 'Мобильный', 'Номер телефона'], card: ['Номер карты', 'Карта'], iban: ['IBAN'], name: ['ФИО', 'Имя', 'Имя и фамилия', 'Контактное лицо'], address: ['Адрес', 'Адрес доставки'], password: ['Пароль', 'пароль'], birth: ['Дата рождения'], passport: ['Номер паспорта', 'Паспорт'], account: ['Номер счёта'], is: '#: %', call: ['Мой номер телефона %.', 'Позвоните мне по телефону %.'], hello: ['Меня зовут %.', 'С уважением,\n%', 'Здравствуйте, моё имя %.'], lives: ['Мой адрес: %', 'Доставьте по адресу: %'] },
  uk: { email: ['Ел. пошта', 'E-mail'], phone: ['Телефон', 'Тел.', 'Номер телефону'], card: ['Номер картки'], iban: ['IBAN'], name: ['ПІБ', "Ім'я"], address: ['Адреса'], password: ['Пароль'], birth: ['Дата народження'], passport: ['Номер паспорта'], account: ['Номер рахунку'], is: '#: %', call: ['Мій номер телефону %.', 'Телефон для зв’язку: %'], hello: ['Мене звати %.', 'З повагою,\n%'], lives: [] },
  zh: { email: ['邮箱', '电子邮件', '電子郵件'], phone: ['电话', '手机号', '手机', '联系电话', '電話'], card: ['卡号', '银行卡号', '信用卡号'], iban: ['IBAN'], name: ['姓名', '联系人', '收件人'], address: ['地址', '收货地址'], password: ['密码', '密碼'], birth: ['出生日期', '生日'], passport: ['护照号码', '护照号'], account: ['账号', '银行账号'], is: '我的#是%。', call: ['我的手机号是%，请联系我。', '请拨打电话%。'], hello: ['我叫%，想咨询一下。', '我的名字是%。'], lives: ['我住在%。', '请寄到%。'] },
  ko: { email: ['이메일', '메일 주소'], phone: ['전화번호', '휴대폰', '연락처', '전화'], card: ['카드번호', '신용카드 번호'], iban: ['IBAN'], name: ['이름', '성명', '담당자'], address: ['주소', '배송지'], password: ['비밀번호', '암호'], birth: ['생년월일'], passport: ['여권번호'], account: ['계좌번호'], is: '제 #는 %입니다.', call: ['제 휴대폰 번호는 %입니다.', '연락처: %'], hello: ['제 이름은 %입니다.', '저는 %라고 합니다.'], lives: ['주소는 %입니다.'] },
  vi: { email: ['Email', 'Thư điện tử'], phone: ['Điện thoại', 'Số điện thoại', 'SĐT'], card: ['Số thẻ'], iban: ['IBAN'], name: ['Họ và tên', 'Họ tên'], address: ['Địa chỉ'], password: ['Mật khẩu', 'mật khẩu'], birth: ['Ngày sinh'], passport: ['Số hộ chiếu'], account: ['Số tài khoản'], is: '# của tôi là %.', call: ['Số điện thoại của tôi là %.'], hello: ['Tôi tên là %.', 'Tên tôi là %.'], lives: [] },
  hi: { email: ['ईमेल', 'Email'], phone: ['फ़ोन', 'मोबाइल नंबर', 'Phone', 'Mobile'], card: ['कार्ड नंबर', 'Card number'], iban: ['IBAN'], name: ['नाम', 'Name'], address: ['पता', 'Address'], password: ['पासवर्ड', 'Password'], birth: ['जन्म तिथि', 'DOB'], passport: ['पासपोर्ट नंबर', 'Passport number'], account: ['खाता संख्या', 'Account number'], is: 'मेरा # % है।', call: ['मेरा मोबाइल नंबर % है।', 'Please call on mobile %.'], hello: ['मेरा नाम % है।', 'My name is %.'], lives: [] },
  id: { email: ['Email', 'Surel'], phone: ['Telepon', 'No. HP', 'Nomor telepon', 'Telp'], card: ['Nomor kartu', 'Kartu kredit'], iban: ['IBAN'], name: ['Nama', 'Nama lengkap'], address: ['Alamat'], password: ['Kata sandi', 'Sandi'], birth: ['Tanggal lahir'], passport: ['Nomor paspor'], account: ['Nomor rekening'], is: '# saya %.', call: ['Nomor HP saya %.', 'Hubungi nomor telepon %.'], hello: ['Nama saya %.', 'Perkenalkan, nama saya %.'], lives: ['Alamat saya di %.'] },
  ar: { email: ['البريد الإلكتروني'], phone: ['الهاتف', 'رقم الهاتف', 'الجوال'], card: ['رقم البطاقة'], iban: ['IBAN', 'آيبان'], name: ['الاسم', 'الاسم الكامل'], address: ['العنوان'], password: ['كلمة المرور', 'كلمة السر'], birth: ['تاريخ الميلاد'], passport: ['رقم جواز السفر'], account: ['رقم الحساب'], is: '# هو %.', call: ['رقم هاتفي %.', 'رقم الجوال: %'], hello: ['اسمي %.'], lives: [] },
}

/** @param {import('../random.mjs').Random} random */
export function language(random) {
  // English is what most logs hold.
  const code = random.maybe(0.3) ? 'en' : random.pick(Object.keys(LANGUAGES))
  return { code, words: /** @type {Language} */ (LANGUAGES[code]) }
}

/**
 * A label or a sentence about a value.
 * @param {import('../random.mjs').Random} random @param {Language} words
 * @param {'email' | 'phone' | 'card' | 'iban' | 'name' | 'address' | 'password' | 'birth' | 'passport' | 'account'} kind
 * @param {string} value
 */
export function said(random, words, kind, value) {
  const word = random.pick(words[kind])
  const sentences =
    kind === 'phone' ? words.call : kind === 'name' ? words.hello : kind === 'address' ? words.lives : []
  if (sentences.length > 0 && random.maybe(0.5)) return random.pick(sentences).replace('%', () => value)
  return random.pick([
    `${word}: ${value}`,
    `${word}: ${value}`,
    `${word}:${value}`,
    `- ${word}: ${value}`,
    `**${word}**: ${value}`,
    `| ${word} | ${value} |`,
    `${word} = ${value}`,
    `${word}：${value}`,
    words.is.replace('#', word).replace('%', () => value),
  ])
}
