"""How each kind of cue is answered. Every module of this folder with an `AnswerForm` is one."""

from __future__ import annotations

from gdstudio.core.registry import Registry
from gdstudio.views.window.answers.form import AnswerForm

ANSWER_FORMS: Registry[AnswerForm] = Registry(__name__, AnswerForm, lambda cls: cls.kind)
