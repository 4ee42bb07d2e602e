from pathlib import Path

import pytest

from worker.cabinets import Cabinet
from worker.errors import OperatorError

KEY = "ACMA:very-secret-key"

pytestmark = pytest.mark.usefixtures("environment")


class TestKey:
    def test_comes_from_a_variable(self, environment: pytest.MonkeyPatch) -> None:
        environment.setenv("SHOP_KEY", f" {KEY}\n")
        assert Cabinet(business_id=1, api_key_env="SHOP_KEY").read_key().get_secret_value() == KEY

    def test_comes_from_a_file(self, tmp_path: Path) -> None:
        Path("key").write_text(f"{KEY}\n")
        assert Cabinet(business_id=1, api_key_file=tmp_path / "key").read_key().get_secret_value() == KEY

    @pytest.mark.parametrize("content", ["", "  \n", "ACMA:one\nACMA:two", "ACMA:ключ"])
    def test_must_look_like_one(self, environment: pytest.MonkeyPatch, content: str) -> None:
        environment.setenv("SHOP_KEY", content)
        Path("key").write_text(content)
        for cabinet, place in (
            (Cabinet(business_id=1, api_key_env="SHOP_KEY"), "the environment variable SHOP_KEY"),
            (Cabinet(business_id=1, api_key_file=Path("key")), "the file key"),
        ):
            with pytest.raises(OperatorError) as caught:
                cabinet.read_key()
            assert str(caught.value).startswith(f"cabinet 1: {place} holds ")
            assert "ACMA:o" not in str(caught.value)
            assert "ключ" not in str(caught.value)

    def test_must_be_there(self) -> None:
        with pytest.raises(OperatorError, match="the environment variable NO_KEY holds no Api-Key; put the key"):
            Cabinet(business_id=1, api_key_env="NO_KEY").read_key()
        with pytest.raises(OperatorError, match=r"api_key_file no/file cannot be read \(No such file or directory\)"):
            Cabinet(business_id=1, api_key_file=Path("no/file")).read_key()

    def test_must_be_text(self) -> None:
        Path("key").write_bytes(b"\xff\xfe")
        with pytest.raises(OperatorError, match=r"api_key_file key cannot be read \(it is not text\)"):
            Cabinet(business_id=1, api_key_file=Path("key")).read_key()
