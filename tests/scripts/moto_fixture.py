"""What stack_aws.py and check_aws.py have in common: moto on a free port of 127.0.0.1, for the FOLDER that is their first argument.

Emulated here, because moto lacks it: databases wait for a reboot if FOLDER/static exists.
"""

import pathlib
import sys

from moto.rds.models import DBInstance
from moto.server import ThreadedMotoServer

folder = pathlib.Path(sys.argv[1])


def parameter_groups(self):
    groups = self.db_parameter_groups()
    for group in groups:
        group.ParameterApplyStatus = "pending-reboot" if (folder / "static").exists() else "in-sync"
    return groups


def start_moto():
    """Starts it and returns its address, which the caller writes into FOLDER/moto when the rest is ready."""
    moto = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    moto.start()
    return "http://%s:%s" % moto.get_host_and_port()


DBInstance.db_parameter_group_status_list = property(parameter_groups)
