"""What the strip of a question says at each stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.lessons.library import lesson_title
from gdstudio.views.window.questions import Stage

if TYPE_CHECKING:
    from gdstudio.views.window.questions import Questions


def question(questions: Questions) -> str:
    """Return the question on screen, or what stands there while none is asked."""
    cue, stage = questions.cue, questions.stage
    if cue is not None:
        return cue.prompt if stage in {Stage.LOOK, Stage.REVEAL} else cue.first_words
    number, total = questions.number + 1, len(questions.cues)
    if stage is Stage.DONE:
        following = questions.next_lesson
        return f"Lesson done. Next: {lesson_title(following)}." if following else "Lesson done."
    if stage is Stage.ASIDE:
        return f"This is a run of your own. Question {number} of {total} waits."
    if number > 1:
        return f"Question {number} of {total} is next."
    come = "1 question comes" if total == 1 else f"{total} questions come"
    return f"{come} with this lesson: predict, run, see."


def below(questions: Questions, understood: str) -> str:
    """Return the line below: what to do, what was ``understood`` of an answer, or what was revealed."""
    if questions.is_open and understood:
        return understood
    match questions.stage:
        case Stage.ASK if questions.cue is not None:
            return questions.cue.how_to_answer
        case Stage.LOOK:
            return "The pictures are back at the start. Choose what you saw, or go on without."
        case Stage.RUN:
            return "The run shows what happens."
        case Stage.REVEAL:
            return questions.revealed
    return ""


def onward(questions: Questions, *, is_playing: bool) -> str:
    """Return what the button says that goes on; empty where nothing follows."""
    match questions.stage:
        case Stage.ASK:
            return "Run" if questions.cue is not None and questions.cue.run else "Show"
        case Stage.RUN:
            return "Running …" if is_playing else "Go on"
        case Stage.LOOK:
            return "Show"
        case Stage.REVEAL:
            return "Next"
        case Stage.DONE:
            return "Next lesson" if questions.next_lesson else ""
    return "Ask"
