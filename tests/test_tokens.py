"""Tokens are shown once, kept as hashes that only their owner reads, and gone when revoked."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from contributing import ADA, BEA

from pkgraph import cli, tokens
from pkgraph.errors import InputError, NotFoundError, ParameterError
from pkgraph.web import observing

#: A file with one token, of a hash and made on a day.
ONE = """{"tokens": [{
  "id": "a", "sha256": "%s", "orcid": "", "created": "%s", "expires": null, "note": ""
}]}"""


@pytest.fixture
def path(tmp_path):
    """Return where a file of tokens is to be."""
    return tmp_path / "tokens.json"


def test_a_token_is_256_random_bits_with_a_beginning_that_tells_it(path):
    """Programs that look for secrets find it; no two are the same."""
    secrets = [tokens.new(path, ADA)[0] for _ in range(5)]
    assert len(set(secrets)) == 5
    for secret in secrets:
        assert re.fullmatch(r"pkgraph_[0-9a-f]{64}", secret)
        assert tokens.PATTERN.fullmatch(secret)


def test_the_file_has_hashes_and_no_tokens(path):
    """Who reads the file learns whose tokens there are, and none of them."""
    secret, token = tokens.new(path, ADA, "Ada's notebook")
    text = path.read_text("utf-8")
    assert secret not in text
    assert secret.removeprefix("pkgraph_") not in text
    (kept,) = json.loads(text)["tokens"]
    assert kept == {
        "id": token.id,
        "sha256": hashlib.sha256(secret.encode()).hexdigest(),
        "orcid": f"https://orcid.org/{ADA}",
        "created": str(tokens.today()),
        "expires": None,
        "note": "Ada's notebook",
    }
    assert tokens.Tokens(path).find(secret) == token
    assert tokens.Tokens(path).find(kept["sha256"]) is None


def test_only_its_owner_may_read_the_file(path):
    """It is written so from its first byte on, and stays so."""
    before = os.umask(0)
    try:
        tokens.new(path, ADA)
        assert path.stat().st_mode & 0o777 == 0o600
        _, token = tokens.new(path, BEA)
        tokens.revoke(path, token.id)
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o644, 0o777])
def test_a_file_that_others_may_read_or_write_is_refused(path, mode):
    """The error says what to do; nothing of the file is used."""
    secret, token = tokens.new(path, ADA)
    good = tokens.Tokens(path)
    assert good.find(secret) == token
    path.chmod(mode)
    for refused in (
        lambda: good.find(secret),
        lambda: tokens.Tokens(path).all(),
        lambda: tokens.new(path, ADA),
        lambda: tokens.revoke(path, token.id),
    ):
        with pytest.raises(InputError, match=rf"run: chmod 600 {re.escape(str(path))}"):
            refused()
    path.chmod(0o600)
    assert good.find(secret) == token


def test_what_is_revoked_is_gone_at_once(path):
    """Whoever has the file open sees each change, and the others' tokens stay."""
    kept, _ = tokens.new(path, ADA)
    open_file = tokens.Tokens(path)
    gone, token = tokens.new(path, BEA)
    assert open_file.find(gone) == token
    assert tokens.revoke(path, token.id) == token
    assert open_file.find(gone) is None
    assert open_file.find(kept).orcid.endswith(ADA)
    with pytest.raises(NotFoundError, match="token list"):
        tokens.revoke(path, token.id)


def test_a_file_that_is_taken_away_is_not_remembered(path):
    """Without its file no token is good."""
    secret, _ = tokens.new(path, ADA)
    open_file = tokens.Tokens(path)
    assert open_file.find(secret)
    path.unlink()
    with pytest.raises(InputError, match="cannot be read"):
        open_file.find(secret)


def test_the_time_of_a_look_up_does_not_tell_what_is_there(path, monkeypatch):
    """Each hash is compared in constant time, also after one that fits."""
    secrets = [tokens.new(path, ADA)[0] for _ in range(4)]
    found = tokens.Tokens(path)
    compared, same = [], hmac.compare_digest

    def compare(one, other):
        compared.append(one)
        return same(one, other)

    monkeypatch.setattr(tokens.hmac, "compare_digest", compare)
    for secret in (secrets[0], secrets[3], "pkgraph_" + "0" * 64):
        compared.clear()
        found.find(secret)
        assert compared == [token.sha256 for token in found.all()]


def test_a_token_is_good_to_the_end_of_its_last_day(path, monkeypatch):
    """In UTC; a day that is over is refused when it is made."""
    day = tokens.today() + timedelta(days=3)
    secret, token = tokens.new(path, ADA, expires=day)
    assert not token.expired
    monkeypatch.setattr(tokens, "today", lambda: day)
    assert not tokens.Tokens(path).find(secret).expired
    monkeypatch.setattr(tokens, "today", lambda: day + timedelta(days=1))
    assert tokens.Tokens(path).find(secret).expired
    with pytest.raises(ParameterError, match="is over"):
        tokens.new(path, ADA, expires=day)


@pytest.mark.parametrize("note", ["x" * 201, "two\nlines", "\x1b[2J"])
def test_a_note_is_one_line(path, note):
    """What is shown in a list does not act on the terminal that shows it."""
    with pytest.raises(ParameterError, match="one line"):
        tokens.new(path, ADA, note)
    assert not path.exists()


def test_a_token_is_somebodys(path):
    """Without an ORCID iD there is none."""
    with pytest.raises(ParameterError, match="ORCID"):
        tokens.new(path, "Ada")
    assert not path.exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "secret-words",
        '{"tokens": 1}',
        '{"tokens": [1]}',
        '{"tokens": [{"id": "secret-words"}]}',
        ONE % ("secret-words", "2026-11-25"),
        ONE % ("0" * 64, "secret-words"),
        '{"tokens": [],' + " " * (1 << 20) + '"secret-words": 1}',
        "\udcff",
    ],
)
def test_a_broken_file_is_told_without_what_is_in_it(path, text):
    """It is neither taken for empty nor written over."""
    path.touch(0o600)
    path.write_text(text, "utf-8", "surrogateescape")
    before = path.read_bytes()
    for refused in (lambda: tokens.Tokens(path).all(), lambda: tokens.new(path, ADA)):
        with pytest.raises(InputError, match="is no file of tokens") as caught:
            refused()
        assert "secret-words" not in str(caught.value)
        assert caught.value.__cause__ is None
    assert path.read_bytes() == before


def test_a_folder_that_is_not_there_is_told(tmp_path):
    """So is a folder in place of the file."""
    with pytest.raises(InputError, match="cannot be opened"):
        tokens.new(tmp_path / "none" / "tokens.json", ADA)
    tmp_path.chmod(0o700)
    with pytest.raises(InputError, match="cannot be read"):
        tokens.new(tmp_path, ADA)


def test_who_make_tokens_at_once_lose_none(path):
    """Threads here, and processes beside them, wait for each other."""
    command = [sys.executable, "-m", "pkgraph", "token", "new", "--orcid", BEA, str(path)]
    processes = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for _ in range(3)
    ]
    with ThreadPoolExecutor(4) as pool:
        secrets = [secret for secret, _ in pool.map(lambda _: tokens.new(path, ADA), range(12))]
    secrets += [process.communicate()[0].strip() for process in processes]
    found = tokens.Tokens(path)
    assert all(found.find(secret) for secret in secrets)
    assert len({token.id for token in found.all()}) == 15
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def run(capsys, *arguments):
    """Run the command; return its status, what it printed and what it had to say."""
    status = cli.main(["token", *map(str, arguments)])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def test_the_command_makes_lists_and_revokes(path, capsys):
    """The token alone is on standard output, once, and never in a list."""
    status, out, err = run(
        capsys, "new", "--orcid", ADA, "--note", "laptop", "--expires", "2099-12-31", path
    )
    secret = out.removesuffix("\n")
    assert status == 0
    assert tokens.PATTERN.fullmatch(secret)
    assert "Keep it" in err
    assert secret not in err
    token = tokens.Tokens(path).find(secret)
    status, out, err = run(capsys, "list", "--format", "csv", path)
    assert out.splitlines() == [
        "id,orcid,created,expires,note,state",
        f"{token.id},https://orcid.org/{ADA},{tokens.today()},2099-12-31,laptop,good",
    ]
    for format_name in ("table", "json", "md"):
        out = run(capsys, "list", "--format", format_name, path)[1]
        assert token.id in out
        assert secret not in out
        assert token.sha256 not in out
    assert run(capsys, "revoke", token.id, path)[0] == 0
    assert run(capsys, "list", path)[1:] == ("", "0 tokens.\n")
    assert run(capsys, "revoke", token.id, path)[0] == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--orcid", ADA, "--expires", "soon"), "is no day"),
        (("--orcid", ADA, "--expires", "2020-01-01"), "is over"),
        (("--orcid", "0000-0002-1825-0098"), "not an ORCID iD"),
    ],
)
def test_the_command_tells_what_is_wrong(path, capsys, arguments, words):
    """Wrong use is 2, and nothing is written."""
    status, out, err = run(capsys, "new", *arguments, path)
    assert (status, out) == (2, "")
    assert words in err
    assert not path.exists()


def test_no_line_of_the_log_has_a_token(path):
    """Wherever it comes from: what looks like a token is taken out."""
    secret, _ = tokens.new(path, ADA)
    cause = (ValueError, ValueError(secret), None)
    told = {"told": {"path": f"/contributions/{secret}"}}
    record = logging.makeLogRecord({"msg": f"it is {secret}", "exc_info": cause, **told})
    line = observing.JsonLines().format(record)
    assert secret not in line
    assert line.count("pkgraph_…") + line.count("pkgraph_\\u2026") >= 3
