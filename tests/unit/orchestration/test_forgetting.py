"""Whoever asked to be forgotten is found nowhere, also after every old export again."""

import json
import os
import shutil
from datetime import UTC, datetime

import duckdb
import pytest

from heartshare.exports.erasing import redact_landing
from heartshare.exports.landed_files import land_file
from heartshare.exports.people import NobodyNamedError, SharedNameError
from heartshare.orchestration.steps import forgetting
from heartshare.orchestration.steps.forgetting import (
    ErasureRequest,
    OwnAccountError,
    UnknownPlatformError,
    forget_person,
)
from heartshare.orchestration.steps.landing import load_exports
from heartshare.reporting.delivery.outbox import Outbox
from heartshare.settings import Settings
from heartshare.warehouse.builds import close_build, open_build
from heartshare.warehouse.connections import open_reader, open_writer
from heartshare.warehouse.erasures import ErasureList
from heartshare.warehouse.forgetting import OtherSaltError
from heartshare.warehouse.marts_copy import MissingSaltError
from heartshare.warehouse.publication import publish
from heartshare.weeks import ReportingWeek

WEEK = ReportingWeek.parse("2026-W46")
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
HANDLE, ACCOUNT = "marla_quill7", "t2_mq7xx"
WORDS = "The lamp on Tanner Lane has been dark since the storm"
OTHERS = "Somebody should tell the works depot about that lamp"


@pytest.fixture
def settings(tmp_path):
    home = {"HEARTSHARE_HOME": str(tmp_path), "HEARTSHARE_PERSON_SALT": "pepper"}
    return Settings.from_env(home)


@pytest.fixture
def elsewhere(tmp_path_factory):
    return tmp_path_factory.mktemp("elsewhere")


def comment(number, author, body, account=None):
    return {
        "id": f"c{number}",
        "name": f"t1_c{number}",
        "parent_id": "t3_sub1",
        "link_id": "t3_sub1",
        "subreddit": "Tannerford",
        "author": author,
        "author_fullname": account or f"t2_{author}",
        "body": body,
        "score": number,
        "created_utc": 1793000000.0 + number,
        "edited": False,
        "distinguished": None,
    }


def write_exports(folder):
    """Write the exports of a community; return them as (source, path)."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [
        comment(1, HANDLE, WORDS, ACCOUNT),
        comment(2, "otto", f"> {WORDS}\n\n{OTHERS}, u/{HANDLE}"),
        comment(3, "petra", "I have called them twice about the lamp this week"),
    ]
    comments = folder / "comments.ndjson"
    comments.write_text("\n".join(json.dumps(row) for row in rows) + "\n")
    post = {
        "id": 1,
        "topic_id": 9,
        "post_number": 1,
        "cooked": "<p>Who looks after the lamps in Tanner Lane?</p>",
        "created_at": "2026-11-10T10:00:00Z",
        "user_id": 4,
        "username": "otto",
        "last_poster_username": HANDLE,
        "actions_summary": [],
    }
    topic = folder / "topic.json"
    topic.write_text(json.dumps([post]))
    unknown = folder / "notes.csv"
    unknown.write_text(f"who,what\n{HANDLE},asked about the lamp\n")
    return [("reddit", comments), ("discourse", topic), ("notes", unknown)]


def land(settings, exports):
    for source, path in exports:
        land_file(path, source, settings.landing, AT)
    return load_exports(settings)


def publish_a_week(settings):
    with open_writer(settings) as connection:
        open_build(connection, WEEK, "build-1", AT)
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.dim_people as select md5('reddit|' || "
            "coalesce(author_fullname, author_name)) as person_key, count(*) as acts "
            "from raw.reddit__comments group by all"
        )
        connection.execute(
            "create table marts.fct_person_aspine_changes as select person_key, "
            "unnest([date '2026-11-02', date '2026-11-09']) as valid_from_week "
            "from marts.dim_people"
        )
        connection.execute("create schema reports")
        connection.execute(
            "create table reports.rpt_new_pieces as select person_key, "
            "md5(person_key) as fingerprint_text_key from marts.dim_people"
        )
        close_build(connection, "build-1")
    publish(
        settings,
        week=WEEK,
        build_id="build-1",
        verdict={"week": WEEK.label, "build_id": "build-1", "verdict": "clean"},
        tables=[
            "marts.dim_people",
            "marts.fct_person_aspine_changes",
            "reports.rpt_new_pieces",
        ],
        inputs=[],
    )


def request(*names):
    return ErasureRequest("reddit", names or (HANDLE,), "privacy desk", "by letter")


def bytes_that_hold(settings, *needles):
    return sorted(
        f"{path.relative_to(settings.home)}: {needle}"
        for path in settings.home.rglob("*")
        if path.is_file() and settings.inbox not in path.parents
        for needle in needles
        if needle.casefold().encode() in path.read_bytes().lower()
    )


@pytest.fixture
def filled(settings, tmp_path_factory):
    exports = write_exports(tmp_path_factory.mktemp("exports"))
    land(settings, exports)
    publish_a_week(settings)
    return settings, exports


def test_no_byte_of_the_person_remains_and_old_exports_bring_nothing_back(filled):
    settings, exports = filled
    assert bytes_that_hold(settings, HANDLE, ACCOUNT, WORDS)
    forget_person(settings, request(), at=AT)
    assert bytes_that_hold(settings, HANDLE, ACCOUNT, WORDS) == []
    again = [(f"{source}_again", path) for source, path in exports]
    land(settings, [*exports, *again])
    assert bytes_that_hold(settings, HANDLE, ACCOUNT, WORDS) == []


def test_an_export_changed_since_brings_nothing_back_either(filled, tmp_path):
    settings, exports = filled
    forget_person(settings, request(), at=AT)
    path = exports[0][1]
    with path.open("a") as file:
        file.write(json.dumps(comment(4, HANDLE.upper(), "Good news!", ACCOUNT)))
    land(settings, exports)
    assert bytes_that_hold(settings, HANDLE, ACCOUNT, WORDS, "Good news!") == []


def test_what_others_wrote_stays(filled):
    settings, _ = filled
    forget_person(settings, request(), at=AT)
    with open_reader(settings.warehouse) as connection:
        rows = connection.execute(
            "select author_name, body_text from raw.reddit__comments order by 1"
        ).fetchall()
    assert [author for author, _ in rows] == ["otto", "petra"]
    assert rows[0][1].strip() == f"{OTHERS}, [erased]"


def test_rows_that_come_in_equal_rows_that_land_afterwards(filled):
    settings, _ = filled
    forget_person(settings, request(), at=AT)
    with open_reader(settings.warehouse) as connection:
        files = connection.execute(
            "select contract_code, rows_in, rows_landed, rows_rejected "
            "from raw.export_manifest where status_code = 'loaded' order by 1"
        ).fetchall()
    assert files == [("discourse/topic", 1, 1, 0), ("reddit/comments", 2, 2, 0)]


def test_the_id_alone_leads_to_the_handle(filled):
    settings, _ = filled
    forget_person(settings, request(ACCOUNT), at=AT)
    assert bytes_that_hold(settings, HANDLE, ACCOUNT, WORDS) == []


def test_accounts_that_identity_has_linked_go_with_it(filled):
    settings, _ = filled
    with open_writer(settings) as connection:
        connection.execute("create schema intermediate")
        connection.execute(
            "create table intermediate.int_people__linked as select * from (values "
            "('p1', 'reddit', ?), ('p1', 'discourse', '4')) "
            "as t(person_key, platform_code, account_id)",
            [ACCOUNT],
        )
    done = forget_person(settings, request(), at=AT)
    assert done.accounts == 2
    with open_reader(settings.warehouse) as connection:
        posts = connection.execute("from raw.discourse__posts").fetchall()
    assert posts == []


def test_revision_of_another_salt_is_not_passed_over_in_silence(filled):
    """Its keys of the person cannot be made: the person would have stayed in it."""
    settings, _ = filled
    manifest = settings.published / "current" / "manifest.json"
    said = json.loads(manifest.read_text())
    manifest.chmod(0o644)
    manifest.write_text(json.dumps({**said, "salt_digest": "of another salt"}))
    with pytest.raises(OtherSaltError, match=r"rev-0001.*Nothing was erased"):
        forget_person(settings, request(), at=AT)


def test_who_only_liked_and_followed_leaves_and_other_likes_stay(settings, elsewhere):
    did, handle = "did:plc:quietquietquiet", "quiet.example.org"
    actors = [{"did": did, "handle": handle}, {"did": "did:plc:ada", "handle": "ada"}]
    moment = "2026-11-10T08:05:00.000Z"
    lists = {
        "likes": {
            "uri": "at://us/post/1",
            "likes": [
                {"actor": actor, "createdAt": moment, "indexedAt": moment}
                for actor in actors
            ],
        },
        "reposts": {"uri": "at://us/post/1", "repostedBy": actors},
        "notifications": {
            "notifications": [
                {
                    "uri": f"at://{actor['did']}/follow/1",
                    "author": actor,
                    "reason": "follow",
                    "indexedAt": moment,
                }
                for actor in actors
            ]
        },
    }
    exports = []
    for name, content in lists.items():
        path = elsewhere / f"{name}.json"
        path.write_text(json.dumps(content))
        exports.append(("bluesky", path))
    land(settings, exports)
    forget_person(
        settings,
        ErasureRequest("bluesky", (handle,), "privacy desk", "by letter"),
        at=AT,
    )
    assert bytes_that_hold(settings, did, handle) == []
    with open_reader(settings.warehouse) as connection:
        for name in lists:
            left = connection.execute(
                f"select account_did from raw.bluesky__{name}"
            ).fetchall()
            assert left == [("did:plc:ada",)]


def test_published_people_are_fewer_by_one(filled):
    settings, _ = filled
    forget_person(settings, request(), at=AT)
    database = settings.published / "current" / "heartshare.duckdb"
    with duckdb.connect(str(database), read_only=True) as connection:
        people = connection.execute("select count(*) from marts.dim_people").fetchone()
    assert people == (2,)


@pytest.mark.parametrize(
    ("table", "count"), [("fct_person_aspine_changes", 4), ("rpt_new_pieces", 2)]
)
def test_their_history_and_their_pieces_are_published_no_more(filled, table, count):
    settings, _ = filled
    forget_person(settings, request(), at=AT)
    current = settings.published / "current"
    read = f"select person_key from read_parquet('{current}/parquet/{table}.parquet')"
    with duckdb.connect(str(current / "heartshare.duckdb"), read_only=True) as base:
        others = base.execute("select person_key from marts.dim_people").fetchall()
        kept = base.execute(f'select person_key from marts."{table}"').fetchall()
        assert sorted(base.execute(read).fetchall()) == sorted(kept)
    assert len(kept) == count
    assert set(kept) == set(others)


def test_scores_of_their_words_go_and_others_stay(filled):
    settings, _ = filled
    with open_writer(settings) as connection:
        connection.execute(
            "create table raw.listening__text_scores as "
            "select distinct md5(body_text) as text_hash, body_text = ? as is_hers "
            "from raw.reddit__comments",
            [WORDS],
        )
        connection.execute(
            "create table raw.listening__sentence_scores as "
            "select *, unnest([1, 2]) as sentence_number "
            "from raw.listening__text_scores"
        )
    forget_person(settings, request(), at=AT)
    with open_reader(settings.warehouse) as connection:
        scores = connection.execute(
            "select is_hers from raw.listening__text_scores"
        ).fetchall()
        sentences = connection.execute(
            "select is_hers from raw.listening__sentence_scores"
        ).fetchall()
    # The quotation was scored with her line in it: that text is gone too.
    assert scores == [(False,)]
    assert sentences == [(False,), (False,)]


def test_a_second_request_changes_nothing(filled):
    settings, _ = filled
    forget_person(settings, request(), at=AT)
    done = forget_person(settings, request(), at=AT)
    assert done.landing.rows_erased == 0
    assert done.revisions == []
    assert len(ErasureList(settings.erasures, "pepper").entries) == 1


def test_a_request_that_dies_is_finished_by_the_next_load(filled, monkeypatch):
    settings, _ = filled

    def die(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(forgetting, "load_exports", die)
    with pytest.raises(KeyboardInterrupt):
        forget_person(settings, request(), at=AT)
    monkeypatch.undo()
    load_exports(settings)
    forget_person(settings, request(), at=AT)
    assert bytes_that_hold(settings, HANDLE, ACCOUNT, WORDS) == []


def test_redacting_goes_on_where_it_died(filled, monkeypatch):
    settings, _ = filled
    forgetting_list = _listed(settings)
    replaced = []

    def replace_and_die(source, target):
        os.rename(source, target)  # noqa: PTH104 Path.replace is what dies
        if not str(target).endswith(".meta.json"):
            replaced.append(target)
            raise KeyboardInterrupt
        return target

    from heartshare.exports.contract import load_contracts

    with monkeypatch.context() as patched:
        patched.setattr("pathlib.Path.replace", replace_and_die)
        with pytest.raises(KeyboardInterrupt):
            redact_landing(settings.landing, load_contracts(), forgetting_list)
    assert replaced
    load_exports(settings)
    with open_reader(settings.warehouse) as connection:
        count = connection.execute(
            "select count(*) from raw.reddit__comments"
        ).fetchall()
    assert count == [(2,)]


def _listed(settings):
    """Put her on the list without erasing anything yet."""
    from heartshare.warehouse.erasures import Erasure

    erasures = ErasureList(settings.erasures, "pepper")
    marks = (
        erasures.account_mark("reddit", HANDLE),
        erasures.account_mark("reddit", ACCOUNT),
        erasures.name_mark(HANDLE),
        erasures.name_mark(ACCOUNT),
        erasures.line_mark(WORDS),
    )
    proof = erasures.proof_of("e1")
    erasures.add(Erasure("e1", "now", "desk", "letter", "reddit", proof, marks))
    return ErasureList(settings.erasures, "pepper")


def test_an_account_of_the_organisation_is_not_forgotten(filled):
    settings, _ = filled
    with open_writer(settings) as connection:
        connection.execute(
            "insert into raw.programme__owned_accounts by name select 'reddit' as "
            "platform_code, ? as account_handle, 'org' as actor_class_code",
            [HANDLE],
        )
    with pytest.raises(OwnAccountError, match="owned accounts first"):
        forget_person(settings, request(), at=AT)
    assert not settings.erasures.exists()


def test_a_file_that_only_claims_to_be_a_redacted_copy_is_refused(filled, tmp_path):
    settings, _ = filled
    claim = tmp_path / "claim.json"
    claim.write_text('{"heartshare_redacted":{"contract":"reddit/comments"}}\n[1')
    summary = land(settings, [("reddit", claim)])
    assert len(summary.rejections) == 1


def test_backups_and_mail_to_the_person_go(filled):
    settings, _ = filled
    backups = settings.home / "backups"
    backups.mkdir()
    shutil.copy(settings.warehouse, backups / "warehouse-2026-11-19.duckdb")
    outbox = Outbox(settings.outbox)
    outbox.enqueue("2026-W46.r1", [HANDLE, "board@example.org"], "digest", AT)
    done = forget_person(settings, request(), at=AT)
    assert done.backups == 1
    assert not list(backups.iterdir())
    rows = Outbox(settings.outbox).rows("2026-W46.r1")
    assert [row.address for row in rows] == ["board@example.org"]


def test_files_in_the_inbox_are_named_and_left(filled):
    settings, exports = filled
    source = settings.inbox / "reddit"
    source.mkdir(parents=True)
    shutil.copy(exports[0][1], source)
    done = forget_person(settings, request(), at=AT)
    assert done.inbox_files == ["reddit/comments.ndjson"]
    assert (source / "comments.ndjson").exists()


def test_without_a_secret_or_a_name_nothing_is_done(settings, tmp_path):
    bare = Settings.from_env({"HEARTSHARE_HOME": str(tmp_path)})
    with pytest.raises(MissingSaltError):
        forget_person(bare, request(), at=AT)
    with pytest.raises(NobodyNamedError):
        forget_person(settings, request(" "), at=AT)


def test_what_dies_after_the_rows_are_gone_still_leaves_the_revisions(
    filled, monkeypatch
):
    settings, _ = filled

    def die(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(forgetting, "rewrite_warehouse", die)
    with pytest.raises(KeyboardInterrupt):
        forget_person(settings, request(), at=AT)
    monkeypatch.undo()
    forget_person(settings, request(), at=AT)
    database = settings.published / "current" / "heartshare.duckdb"
    with duckdb.connect(str(database), read_only=True) as connection:
        people = connection.execute("select count(*) from marts.dim_people").fetchone()
    assert people == (2,)


def test_a_request_that_says_more_than_the_first_counts(settings, elsewhere):
    forget_person(settings, request(HANDLE), at=AT)
    forget_person(settings, request(HANDLE, ACCOUNT), at=AT)
    path = elsewhere / "later.ndjson"
    path.write_text(json.dumps(comment(1, "renamed_since", WORDS, ACCOUNT)))
    land(settings, [("reddit", path)])
    assert bytes_that_hold(settings, ACCOUNT, WORDS) == []


@pytest.mark.parametrize("name", ["did:plc:abcdefghijkl", "Marla Quill"])
def test_an_account_that_is_more_than_a_word_is_found_in_files(
    settings, elsewhere, name
):
    forget_person(settings, request(name), at=AT)
    path = elsewhere / "later.ndjson"
    path.write_text(json.dumps(comment(1, "otto", OTHERS, name)))
    land(settings, [("reddit", path)])
    assert bytes_that_hold(settings, name) == []


def test_a_quotation_alone_brings_a_file_to_attention(settings, elsewhere):
    hers, quoting = elsewhere / "hers.ndjson", elsewhere / "quoting.ndjson"
    hers.write_text(json.dumps(comment(1, HANDLE, WORDS, ACCOUNT)))
    text = f"Somebody said:\n> {WORDS}\n\n{OTHERS}"
    quoting.write_text(json.dumps(comment(2, "otto", text)))
    land(settings, [("reddit", hers), ("reddit", quoting)])
    forget_person(settings, request(), at=AT)
    assert bytes_that_hold(settings, WORDS) == []
    assert bytes_that_hold(settings, OTHERS)


def write_questions(elsewhere):
    rows = [comment(n, "John", f"Nr {n}", f"t2_j{n}") for n in (1, 2)]
    path = elsewhere / "johns.ndjson"
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n")
    return [("reddit", path)]


def test_a_name_that_two_accounts_bear_is_refused_without_an_id(settings, elsewhere):
    land(settings, write_questions(elsewhere))
    with pytest.raises(SharedNameError, match="2 accounts"):
        forget_person(settings, request("John"), at=AT)
    assert not settings.erasures.exists()


def test_whoever_bears_the_same_name_stays(settings, elsewhere, caplog):
    land(settings, write_questions(elsewhere))
    forget_person(settings, request("t2_j1"), at=AT)
    with open_reader(settings.warehouse) as connection:
        left = connection.execute(
            "select author_fullname from raw.reddit__comments"
        ).fetchall()
    assert left == [("t2_j2",)]
    assert "belong to other accounts" in caplog.text


def test_an_unknown_platform_is_refused_with_the_nearest(settings):
    wrong = ErasureRequest("redit", (HANDLE,), "desk", "letter")
    with pytest.raises(UnknownPlatformError, match="Did you mean reddit"):
        forget_person(settings, wrong, at=AT)


def test_deleted_accounts_are_nobody(settings):
    with pytest.raises(NobodyNamedError):
        forget_person(settings, request("[Deleted]"), at=AT)


def test_whoever_is_not_known_yet_is_refused_later(settings, elsewhere, caplog):
    forget_person(settings, request("u/" + HANDLE), at=AT)
    assert "check its spelling" in caplog.text
    land(settings, write_exports(elsewhere / "exports"))
    assert bytes_that_hold(settings, HANDLE) == []


def test_a_name_in_a_number_or_an_unknown_field_goes_too(settings, elsewhere):
    hers = comment(1, HANDLE, WORDS, ACCOUNT)
    number = comment(2, "otto", OTHERS) | {"score": HANDLE}
    unknown = comment(3, "petra", OTHERS) | {"odd": {"t": f"Hi,\n{WORDS}\n{HANDLE}"}}
    path = elsewhere / "odd.ndjson"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in (hers, number, unknown)))
    land(settings, [("reddit", path)])
    forget_person(settings, request(), at=AT)
    assert bytes_that_hold(settings, HANDLE, ACCOUNT, WORDS) == []


def test_forgetting_says_how_many_files_it_has_looked_at(settings, elsewhere):
    land(settings, write_exports(elsewhere))
    told = []
    forget_person(settings, request(), at=AT, progress=lambda *each: told.append(each))
    looked_at = [each for each in told if each[0].startswith("files held against")]
    assert looked_at == [
        ("files held against the erasure list", done, 3) for done in range(3)
    ]
