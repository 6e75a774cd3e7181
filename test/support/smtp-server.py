# A real SMTP server (aiosmtpd) for the tests: prints each message it takes as one JSON line.
# Arguments: port, `plain` | `starttls` | `smtps`, certificate, key, `auth` | `open`, password of bbb2pod.
import asyncio, base64, json, ssl, sys
from aiosmtpd.smtp import SMTP, AuthResult

port, mode, cert, key, auth, password = int(sys.argv[1]), *sys.argv[2:7]

class Handler:
    async def handle_DATA(self, server, session, envelope):
        print(json.dumps({"from": envelope.mail_from, "to": envelope.rcpt_tos,
                          "tls": session.ssl is not None, "data": envelope.content.decode("latin-1")}), flush=True)
        return "250 taken"

def authenticate(server, session, envelope, mechanism, data):
    good = data.login == b"bbb2pod" and data.password == password.encode()
    return AuthResult(success=good, handled=good)

context = None
if mode != "plain":
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)

def make():
    return SMTP(Handler(), tls_context=context if mode == "starttls" else None,
                require_starttls=mode == "starttls", auth_required=auth == "auth",
                authenticator=authenticate, auth_require_tls=False)

async def main():
    server = await asyncio.get_running_loop().create_server(
        make, "127.0.0.1", port, ssl=context if mode == "smtps" else None)
    print("ready", flush=True)
    await server.serve_forever()

asyncio.run(main())
