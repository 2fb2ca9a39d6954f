"""Where our sockets are: in the state folder where that path serves, else in a private folder that nobody else made."""

import pytest

from signal_pipeline.errors import LocalServerFailed
from signal_pipeline.local.sockets import make_socket_folder, remove_socket, socket_address
from signal_pipeline.local.state import StateFolder

# what it is, folder below the test's, whether the socket is in it
PLACES = [
    ("plain", "state", True),
    ("a space", "my state", False),
    ("a percent sign", "50%25", False),
    ("too long", "long" * 30, False),
]


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(("name", "is_inside"), [row[1:] for row in PLACES], ids=[row[0] for row in PLACES])
def test_places(name, is_inside, temporary):
    state = StateFolder(temporary / name)
    state.create()
    address = socket_address(state, "a.sock")
    assert (address.parent == state.run) is is_inside
    make_socket_folder(address, state)
    make_socket_folder(address, state)
    assert address.parent.stat().st_mode & 0o777 == 0o700
    address.touch()
    remove_socket(address, state)
    assert not address.exists()
    assert address.parent.exists() is is_inside


@pytest.mark.parametrize("trap", ["open", "link"])
def test_a_folder_that_somebody_else_made_is_refused(trap, temporary):
    state = StateFolder(temporary / "my state")
    address = socket_address(state, "a.sock")
    if trap == "open":
        address.parent.mkdir()
        address.parent.chmod(0o777)
    else:
        (temporary / "elsewhere").mkdir(mode=0o700)
        address.parent.symlink_to(temporary / "elsewhere")
    with pytest.raises(LocalServerFailed, match="accessible to other users"):
        make_socket_folder(address, state)
