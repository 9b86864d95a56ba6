"""The secret of a data folder: made once, kept from others, made anew where others could have read it."""

from pathlib import Path

from tasks.service.secret import NAME, how_to_use, known_secret, made_secret


def test_it_is_made_once_and_only_its_user_may_read_it(tmp_path: Path) -> None:
    assert known_secret(tmp_path) is None
    secret = made_secret(tmp_path)
    assert len(secret) > 40
    assert made_secret(tmp_path) == known_secret(tmp_path) == secret
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [NAME]
    assert made_secret(tmp_path / "another" / "folder") != secret


def test_one_that_others_could_read_is_none(tmp_path: Path) -> None:
    secret = made_secret(tmp_path)
    (tmp_path / NAME).chmod(0o644)
    assert known_secret(tmp_path) is None
    assert made_secret(tmp_path) != secret


def test_a_shell_and_systemd_read_the_file(tmp_path: Path) -> None:
    secret = made_secret(tmp_path)
    lines = dict(line.split("=", 1) for line in (tmp_path / NAME).read_text().splitlines())
    assert lines == {"PREFECT_SERVER_API_AUTH_STRING": secret, "PREFECT_API_AUTH_STRING": secret}
    assert str(tmp_path / NAME) in how_to_use(tmp_path)
