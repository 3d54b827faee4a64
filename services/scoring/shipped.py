"""The models that come with the software. They need no database."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from services.scoring.formula import Model, age
from services.scoring.model_files import read_model

FOLDER = Path(__file__).parent / "models"


@cache
def shipped_models() -> Mapping[str, Model]:
    """The shipped models by id, oldest first. They hold from their day on, and never change."""
    models = sorted(map(read_model, shipped_texts().values()), key=age)
    return MappingProxyType({model.id: model for model in models})


@cache
def shipped_texts() -> Mapping[str, str]:
    """The files of the shipped models, by id: each is named after it."""
    return MappingProxyType({path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.toml"))})
