"""A letter in Rich Text Format."""

from eval.office.source import source_text


def insurer_letter() -> bytes:
    """Return the letter of an insurer."""
    paragraphs = source_text("insurer-letter").strip().replace("\n\n", "\n").split("\n")
    body = "".join(rf"{paragraph}\par" + "\n" for paragraph in paragraphs)
    head = (
        r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Georgia;}}{\info{\title Your claim MM-58213}}\f0\fs22" + "\n"
    )
    return (head + body + "}").encode("ascii")
