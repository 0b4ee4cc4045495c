"""Posts in Slack that hold what UTF-8 or PostgreSQL refuse are kept and read like any other."""

from bot.slack.incoming import Post, read_inbound
from handlers.inbound import Waiting


def test_lone_surrogates_and_nuls_are_left_out_of_a_post() -> None:
    post = Post(channel="C1", ts="1.0", user="U1", user_name="Ro\0bin", text="Where\ud800 is\0 it?")
    arrival = read_inbound(Waiting(1, "slack", "U1", ("C1",), post.model_dump_json().encode()))
    assert (arrival.message.text, arrival.message.sender_name) == ("Where? is it?", "Robin")
