"""Queries over single events of many shapes, and random ones."""

from hypothesis import strategies as st

__all__ = ["KQL", "LISTED", "QUERIES", "queries"]

LISTED = """process where host.os.type == "windows" and event.type == "start" and
  process.name : ("certutil.exe", "bitsadmin.exe") and process.args : ("*http:*", "*https:*") and
  not (process.parent.executable : "?:\\\\Program Files\\\\Updater\\\\*.exe" and user.id == "S-1-5-18")"""

QUERIES = [
    LISTED,
    'file where host.os.type == "linux" and file.path like "/etc/cron.d/*" and not process.name in ("dpkg", "rpm")',
    'registry where registry.path : "*\\\\\\\\Run\\\\\\\\*" and registry.data.strings : "*.vbs"',
    'network where cidrmatch(destination.ip, "198.51.100.0/24") and destination.port >= 1024',
    'any where event.dataset == "aws.cloudtrail" and event.action in ("DeleteTrail", "StopLogging") and '
    'event.outcome == "success" and source.ip != null',
    'process where process.args_count >= 5 and length(process.command_line) > 100 and process.name regex "py.*[0-9]"',
    'process where process.parent.name == null and process.name : "*.exe" and not process.name : "*setup*"',
    'library where dll.name : "*.dll" and (dll.code_signature.trusted == false or dll.code_signature.exists == false)',
    'process where startsWith(process.name, user.name) and user.name != "root"',
]
KQL = [
    "event.dataset:okta.system and event.action:(user.mfa.factor.deactivate or user.mfa.factor.reset_all)",
    'event.category:process and message:("segfault" and not "kernel panic") and process.pid > 400',
    "source.ip:(10.0.0.0/8 or 192.168.0.0/16) and not destination.ip:10.0.0.0/8 and event.action:*",
]

words = st.sampled_from(["cmd.exe", "nc", "a*", "*b", "*c*", "?x"])
atoms = st.one_of(
    st.builds('process.name : "{}"'.format, words),
    st.builds('process.args like "{}"'.format, words),
    st.builds('process.executable in ("/bin/{}", "/tmp/{}")'.format, words, words),
    st.builds("process.pid {} {}".format, st.sampled_from([">", "<=", "=="]), st.integers(0, 9)),
    st.sampled_from(["user.name == null", 'user.name != "root"', "process.interactive == true"]),
)
queries = st.recursive(
    atoms,
    lambda q: st.builds("({} {} {})".format, q, st.sampled_from(["and", "or"]), q) | st.builds("not {}".format, q),
)
