"""The erasure list knows a person again, and names nobody."""

import pytest

from heartshare.warehouse.erasures import (
    DamagedErasureListError,
    Erasure,
    ErasureList,
    ErasureSecretError,
    lines_of,
)

LINE = "The new bins smell like the old harbour"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "erasures.jsonl"


def forget(  # noqa: PLR0913 each says one thing
    path,
    *,
    platform="reddit",
    handle="Marla_Q7",
    account="t2_q7",
    texts=(),
    is_word=False,
):
    erasures = ErasureList(path, "pepper")
    entry_id = erasures.account_mark(platform, handle)[:12]
    erasures.add(
        Erasure(
            erasure_id=entry_id,
            erased_at="2026-11-20T10:00:00Z",
            requested_by="data protection officer",
            reason="asked by letter",
            platform_code=platform,
            proof=erasures.proof_of(entry_id),
            marks=(
                erasures.account_mark(platform, handle),
                erasures.account_mark(platform, account),
                erasures.name_mark(handle, is_word=is_word),
                *(erasures.line_mark(line) for line in lines_of(texts)),
            ),
        )
    )
    return ErasureList(path, "pepper")


def test_an_empty_list_is_false_and_covers_nobody(path):
    erasures = ErasureList(path, "")
    assert not erasures
    assert erasures.version == ""
    assert not erasures.covers_account("reddit", "Marla_Q7")


def test_the_file_holds_neither_handle_nor_text(path):
    forget(path, texts=[LINE])
    content = path.read_text().casefold()
    for secret in ("marla", "t2_q7", "harbour"):
        assert secret not in content
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("spelling", ["Marla_Q7", "marla_q7", "@Marla_Q7", " marla_q7"])
def test_an_account_is_known_in_every_spelling(path, spelling):
    assert forget(path).covers_account("reddit", spelling)


def test_the_same_handle_elsewhere_is_somebody_else(path):
    assert not forget(path).covers_account("x", "Marla_Q7")


def test_a_distinctive_name_goes_from_other_peoples_texts(path):
    scrubbed = forget(path).scrub("Ask marla_q7. Or see example.org/u/Marla_Q7/top")
    assert scrubbed == "Ask [erased]. Or see example.org/[erased]/top"


def test_a_handle_that_is_a_word_goes_only_where_it_is_called(path):
    erasures = forget(path, handle="parks", is_word=True)
    assert erasures.scrub("The parks are closed, says @parks, u/parks") == (
        "The parks are closed, says [erased], [erased]"
    )


def test_a_quoted_line_goes_as_a_whole(path):
    erasures = forget(path, texts=[f"Hello all\n{LINE}"])
    quoted = f"> > {LINE.upper()}\nI agree with that\nHello all"
    assert erasures.scrub(quoted) == "I agree with that\nHello all"


def test_the_same_request_twice_is_one_entry(path):
    forget(path)
    assert len(forget(path).entries) == 1


def test_another_secret_is_refused(path):
    forget(path)
    with pytest.raises(ErasureSecretError, match="another HEARTSHARE_PERSON_SALT"):
        ErasureList(path, "salt")


def test_a_damaged_line_is_refused_by_number(path):
    forget(path)
    with path.open("a") as file:
        file.write("{half a li\n")
    with pytest.raises(DamagedErasureListError, match="line 2"):
        ErasureList(path, "pepper")


def test_the_version_changes_with_every_person(path):
    first = forget(path).version
    assert forget(path, handle="otto.weiss").version != first


@pytest.mark.parametrize(
    ("handle", "text"),
    [
        ("marla_q7", "@marla_q7님께 감사"),
        ("marla_q7", "marla_q7さん"),
        ("marla_q7", r"u/marla\_q7 said"),
        ("marla_q7", "_marla_q7_ said"),
        ("marla_q7", '{"text": "Thanks,\\nmarla_q7"}'),
        ("away-", "u/away- said"),
        ("-marla-", "u/-marla- said"),
        ("ünal.k", "&uuml;nal.k said"),
        ("ünal.k", "&#252;nal.k said"),
        ("ünal.k", "u\u0308nal.k said"),
        ("ünal.k", r"\u00fcnal.k said"),
        ("ünal.k", "https://example.org/@%C3%BCnal.k"),
        ("marla@example.org", "mailto:marla%40example.org"),
        ("marla@example.org", "write to marla@example.org."),
        ("marla@example.org", "@marla@example.org said"),
    ],
)
def test_a_name_is_known_however_it_is_written(path, handle, text):
    erasures = forget(path, handle=handle)
    assert erasures.may_touch(text)
    if not text.startswith("{"):
        assert "[erased]" in erasures.scrub(text)


@pytest.mark.parametrize("text", ["marla_q7.weiss", "@marla", "marla_q78", "qmarla_q7"])
def test_a_name_that_only_begins_or_ends_like_it_stays(path, text):
    assert forget(path).scrub(text) == text


def test_a_text_with_escapes_that_names_nobody_stays_as_it_is(path):
    text = "caf&eacute; &lt;b&gt; 100%25 caf\u0065\u0301"
    assert forget(path).scrub(text) == text


def test_a_quoted_block_of_html_goes_with_its_links(path):
    erasures = forget(path, texts=[LINE])
    hers = LINE.replace("new", "<b>new</b>")
    quoted = f"<p>I agree.</p><blockquote><p>{hers}</p></blockquote>"
    assert erasures.scrub(quoted) == "<p>I agree.</p><blockquote><p></p></blockquote>"


@pytest.mark.parametrize(
    "text",
    [
        f'{{"body": "> {LINE}\\n\\nI agree"}}',
        f'otto,"> {LINE}"',
        f"<p>{LINE.replace('harbour', '<i>harbour</i>')}</p>",
    ],
)
def test_a_line_is_seen_in_the_characters_of_any_file(path, text):
    erasures = ErasureList(path, "pepper")
    erasures.add(
        Erasure(
            "e1",
            "now",
            "desk",
            "letter",
            "reddit",
            erasures.proof_of("e1"),
            tuple(erasures.clue_marks(LINE)),
        )
    )
    assert erasures.may_touch(text)
    assert not erasures.may_touch("The new harbour smells like the old bins did")
