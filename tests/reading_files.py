"""Read one file as tests want it: its only table, or a Refused."""

from pathlib import Path
from tempfile import mkdtemp

from pipeline_etl.exports import survey
from pipeline_etl.headings import nothing_fits
from pipeline_etl.refusal import Refusal, Refused


def survey_one(file, folder, fits=nothing_fits):
    """The only table of a file; raises Refused where it cannot be read."""
    (found,) = survey(file, folder, Path(mkdtemp()), fits)
    if isinstance(found, Refusal):
        raise Refused(found.reason)
    return found
