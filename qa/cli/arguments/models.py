"""Arguments of the commands that fetch, try and measure models."""

from qa.cli.arguments.base import Commands
from qa.cli.commands import evaluation, models
from qa.evaluation.arguments import add_calibration_arguments, add_evaluation_arguments


def add_model_commands(commands: Commands) -> None:
    """Add ``pull``, ``models``, ``eval`` and ``calibrate``."""
    commands.add("pull", models.pull, "Download the models and verify them.", "pull")
    local = commands.add(
        "models",
        models.models,
        "List the models of Ollama, llama.cpp, LM Studio and vLLM on this machine, try one, or use one.",
        "models try ollama:llama3.2",
    )
    local.add_argument("action", nargs="?", choices=("list", "try", "use"), default="list")
    local.add_argument(
        "name", nargs="?", metavar="NAME", help="a model, as listed or as ATTEST_MODEL takes it"
    )
    local.add_argument(
        "--as",
        dest="chosen_as",
        metavar="NAME",
        help="with use: let programs choose the model as attest/NAME, and leave the one that answers",
    )
    measuring = commands.add(
        "eval",
        evaluation.evaluate,
        "Measure accuracy on questions whose answers are known.",
        "eval --dataset dev-v2.0.json --limit 300 --seed 1",
        json=True,
    )
    add_evaluation_arguments(measuring)
    calibrating = commands.add(
        "calibrate",
        evaluation.calibrate,
        "Calibrate the confidence of the model that ATTEST_MODEL names.",
        "calibrate --dataset dev-v2.0.json",
    )
    add_calibration_arguments(calibrating)
