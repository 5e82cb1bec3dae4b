/** What `secret-words.ts` knows in English, in other languages. Called by `locales/index.ts`. */
import type { Words } from '../key-words'
import type { SecretKind } from '../secret-words'

export const SECRET_WORDS: Words<SecretKind> = {
  token:
    'トークン apiキー アクセスキー シークレット シークレットキー 令牌 密钥 密鑰 토큰 токен ключ schlüssel geheimnis -clave -chave -clé -chiave',
  secret:
    'passwort kennwort motdepasse contraseña contrasena clavesecreta -senha wachtwoord lösenord adgangskode passord salasana hasło ' +
    'heslo jelszó parola şifre пароль κωδικός mậtkhẩu katasandi รหัสผ่าน पासवर्ड كلمةالمرور סיסמה ' +
    'パスワード 暗証番号 秘密鍵 密码 密碼 口令 비밀번호 암호 패스워드',
}
