"""What is photographed is what a terminal would show."""

from pictures.screen import Screen


def shown(*written: str) -> str:
    screen = Screen()
    for text in written:
        screen.write(text)
    return screen.html()


def test_styles_become_classes_and_text_is_escaped():
    assert shown("\x1b[1m<b>\x1b[0m & \x1b[31mbad\x1b[39m") == (
        '<span class="bold">&lt;b&gt;</span> &amp; <span class="red">bad</span>'
    )
    assert shown("\x1b[2;92mx\x1b[0m") == '<span class="dim green">x</span>'


def test_a_screen_that_is_drawn_anew_shows_the_last_one():
    assert shown("\x1b[?1049h\x1b[H\x1b[Kold text\r\nmore", "\x1b[H\x1b[Knew\r\n\x1b[Kend") == (
        "new\nend"
    )


def test_a_line_drawn_over_shows_what_came_last():
    assert shown("counting ... 1 s\r" + " " * 16 + "\rdone").rstrip() == "done"
