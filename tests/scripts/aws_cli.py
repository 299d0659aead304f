"""The AWS CLI, loaded once: each call runs in a fork of one process, which saves a second of processor time.

Usage: aws_cli.py FOLDER serves, and makes the program FOLDER/aws, which hands its arguments, environment and files to the
server. Version 1 of the CLI is a Python library. Where it is absent, this ends with an error, and makes nothing.
"""

import json
import os
import pathlib
import signal
import socket
import sys

import awscli.clidriver
# Before the forks, which then need not import it.
import awscli.customizations.s3.subcommands

CLIENT = """#!{python} -SE
import json, os, socket, sys
server = socket.socket(socket.AF_UNIX)
server.connect({socket!r})
call = json.dumps([sys.argv, os.getcwd(), dict(os.environ)]).encode("utf-8", "surrogateescape")
socket.send_fds(server, [b"%10d" % len(call)], [0, 1, 2])
server.sendall(call)
status = server.recv(4)
sys.exit(int(status) if status else 255)
"""


def run(connection):
    """Runs the call of a connection in this process."""
    size, files, _, _ = socket.recv_fds(connection, 10, 3)
    with connection.makefile("rb") as stream:
        sys.argv, folder, environment = json.loads(stream.read(int(size)).decode("utf-8", "surrogateescape"))
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.chdir(folder)
    # The import of the CLI has set this one.
    data_path = os.environ["AWS_DATA_PATH"]
    os.environ.clear()
    os.environ.update(environment, AWS_DATA_PATH=data_path)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")
    try:
        status = awscli.clidriver.main()
    except SystemExit as end:
        status = end.code
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        status = 255
    sys.stderr.flush()
    connection.sendall(b"%d" % (status or 0))
    os._exit(0)


folder = pathlib.Path(sys.argv[1])
server = socket.socket(socket.AF_UNIX)
server.bind(str(folder / "aws.socket"))
server.listen(64)
# The forks need no wait: each sends its status to the client.
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
program = folder / "aws"
program.write_text(CLIENT.format(python=sys.executable, socket=str(folder / "aws.socket")))
program.chmod(0o755)
while True:
    connection, _ = server.accept()
    if os.fork() == 0:
        server.close()
        run(connection)
    connection.close()
