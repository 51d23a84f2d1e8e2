"""A folder on a real OpenSSH server, through an Airflow connection, by the command."""

import time

import pytest

pytestmark = pytest.mark.integration


@pytest.fixture
def partner(organisation, sftp):
    """An organisation whose source `partner` is the test's folder on the server."""
    server, folder = sftp
    organisation.declare(source("partner", "partner_sftp", server.files / folder))
    organisation.connections["PARTNER_SFTP"] = server.connection()
    organisation.put = lambda name, content, moment=None: server.put(
        f"{folder}/{name}", content, moment
    )
    return organisation


def source(name, connection, path):
    return (
        f"{name}:\n  kind: objects\n  url: sftp://{path}\n"
        f"  connection: {connection}\n  settle_seconds: 1000\n"
    )


def long_ago():
    return time.time() - 5000


def test_new_files_land_and_half_written_ones_wait(partner):
    partner.put("a.csv", b"a,1\n", long_ago())
    partner.put("deep/b.csv", b"b,1\n" * 5_000_000, long_ago())
    partner.put("c.csv.filepart", b"half", long_ago())
    partner.put("d.csv", b"d,1\nd,")
    status, said = partner.run("pull", "partner")
    assert status == 0, said
    assert "1 files may still be written and wait for the next pull" in said
    assert partner.landed("partner") == {
        "a.csv": b"a,1\n",
        "b.csv": b"b,1\n" * 5_000_000,
    }

    partner.put("d.csv", b"d,1\nd,2\n", long_ago())
    partner.put("e.csv", b"a,1\n", long_ago())
    status, said = partner.run("pull", "partner")
    assert (status, "partner: 1 new files landed" in said) == (0, True)
    assert partner.landed("partner")["d.csv"] == b"d,1\nd,2\n"
    assert partner.seen("partner") == ["a.csv", "b.csv", "d.csv", "e.csv"]


def test_server_that_fails_us_says_why_and_stops_no_other(partner, sftp):
    """One command for six sources: starting each alone takes seconds."""
    server, folder = sftp
    partner.put("a.csv", b"a,1\n", long_ago())
    path = server.files / folder
    locked = server.put(f"{folder}-locked/x.csv", b"x", long_ago())
    locked.chmod(0o000)
    other_host = "ssh-ed25519 " + "AAAAC3NzaC1lZDI1NTE5AAAAI" + "A" * 43
    partner.connections |= {
        "BAD_KEY": server.connection(user_key=server.other_key),
        "BAD_HOST": server.connection(host_key=other_host),
        "NO_HOST": server.connection(host_key=""),
        "AWAY": server.connection().replace(f'"port": {server.port}', '"port": 9'),
    }
    partner.declare(
        source("partner", "partner_sftp", path)
        + source("a_key", "bad_key", path)
        + source("b_host", "bad_host", path)
        + source("c_host", "no_host", path)
        + source("d_away", "away", path)
        + source("e_folder", "partner_sftp", path / "nowhere")
        + source("f_locked", "partner_sftp", locked.parent)
    )
    status, said = partner.run("pull")
    assert status == 3, said
    assert "6 of 7 sources failed" in said
    assert "a_key: the SFTP server refused the log-in" in said
    assert "Airflow connection bad_key" in said
    assert "b_host: the SFTP server refused the log-in, or is another" in said
    assert "c_host: Server '[127.0.0.1]" in said
    assert "put the server's public key into the extra host_key" in said
    assert "d_away: SFTP does not work now" in said
    assert "nowhere does not exist there" in said
    assert "x.csv cannot be read" in said
    assert "PRIVATE KEY" not in said
    assert sorted(partner.landed("partner")) == ["a.csv"]
