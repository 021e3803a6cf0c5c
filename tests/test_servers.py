"""The servers that the tests themselves stand on."""

import smtplib
from email.message import EmailMessage


def test_mail_server_keeps_what_it_accepts_and_refuses_on_request(mail_server):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "fra@solvik.example", "til@solvik.example", "Hei på deg"
    message.set_content("Du har noe nytt i portalen.")
    mail_server.refusals.append("451 Try later")

    with smtplib.SMTP("127.0.0.1", mail_server.port) as client:
        refused = _send(client, message)
        accepted = _send(client, message)

    assert (refused, accepted) == (451, None)
    assert [(got["Subject"], got.recipients) for got in mail_server.messages] == [
        ("Hei på deg", ["til@solvik.example"])
    ]


def _send(client, message):
    try:
        client.send_message(message)
    except smtplib.SMTPDataError as error:
        return error.smtp_code
    return None
