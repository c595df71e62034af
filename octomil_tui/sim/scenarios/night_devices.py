"""The 124 devices of the `night` scenario, one row each: data, no rules.

Times are of the scenario's day (03:12:41 is its start); `-3d` is a number of
days before it. A device with no first contact stays silent.
"""

from typing import NamedTuple

__all__ = ["ROWS", "Row"]


class Row(NamedTuple):
    """One device as it is when the scenario starts."""

    identifier: str
    group: str
    platform: str
    version: str
    """The version of phi-4-mini that it reports."""
    previous: str | None
    """The second version on its disk, or None."""
    last: str
    """Its last contact before the start."""
    first: str | None
    """Its first contact after the start, or None where it stays silent."""
    idle_wait: int | None = None
    """Seconds from staged to idle with `when_idle`; None where it activates at once."""
    rate: float | None = None
    """Download rate in MB/s, where the scenario fixes one."""
    revoked: bool = False
    one_contact: bool = False
    """It makes its first contact and is silent after it."""
    crash_guard_for: int | None = None
    """Seconds from its first verifying report until its crash guard undoes it."""
    since: str | None = None
    """When it first reported its version, where the scenario fixes it."""


ROWS: tuple[Row, ...] = (
    Row("can-ios-01", "canary", "ios", "2.0.0", "1.0.0", "03:09:09", "03:14:09"),
    Row("can-ios-02", "canary", "ios", "2.0.0", "1.0.0", "03:08:36", "03:13:36"),
    Row("can-and-03", "canary", "android", "2.0.0", "1.0.0", "03:08:38", "03:13:38"),
    Row("can-and-04", "canary", "android", "2.0.0", "1.0.0", "03:09:02", "03:14:02"),
    Row("can-and-05", "canary", "android", "2.0.0", "1.0.0", "03:10:46", "03:15:46"),
    Row("can-and-06", "canary", "android", "2.0.0", "1.0.0", "03:09:05", "03:14:05"),
    Row("stg-ios-01", "staging", "ios", "2.0.0", "1.0.0", "03:10:29", "03:15:29"),
    Row("stg-ios-02", "staging", "ios", "2.0.0", "1.0.0", "03:10:35", "03:15:35"),
    Row("stg-ios-03", "staging", "ios", "2.0.0", "1.0.0", "03:10:10", "03:15:10", idle_wait=165),
    Row("stg-ios-04", "staging", "ios", "2.0.0", "1.0.0", "03:10:40", "03:15:40"),
    Row("stg-ios-05", "staging", "ios", "2.0.0", "1.0.0", "03:10:46", "03:15:46"),
    Row("stg-ios-06", "staging", "ios", "2.0.0", "1.0.0", "03:10:51", "03:15:51"),
    Row("stg-and-07", "staging", "android", "2.0.0", "1.0.0", "02:59:30", "03:19:40"),
    Row("stg-and-08", "staging", "android", "2.0.0", "1.0.0", "03:10:04", "03:15:04"),
    Row("stg-and-09", "staging", "android", "2.0.0", "1.0.0", "03:09:33", "03:14:33", idle_wait=182),
    Row("stg-and-10", "staging", "android", "2.0.0", "1.0.0", "03:10:08", "03:15:08"),
    Row("stg-and-11", "staging", "android", "2.0.0", "1.0.0", "03:10:12", "03:15:12"),
    Row("stg-and-12", "staging", "android", "2.0.0", "1.0.0", "03:10:24", "03:15:24"),
    Row("kiosk-eu-0101", "eu-kiosks", "linux", "2.0.0", "1.0.0", "03:10:15", "03:15:15"),
    Row("kiosk-eu-0102", "eu-kiosks", "android", "2.0.0", "1.0.0", "03:10:08", "03:15:08"),
    Row("kiosk-eu-0103", "eu-kiosks", "linux", "2.0.0", "1.0.0", "03:11:20", "03:16:20"),
    Row("kiosk-eu-0104", "eu-kiosks", "android", "2.0.0", "1.0.0", "03:10:55", "03:15:55"),
    Row("kiosk-eu-0105", "eu-kiosks", "android", "1.0.0", "0.9.0", "03:09:58", "03:14:58"),
    Row("kiosk-eu-0106", "eu-kiosks", "linux", "1.0.0", "0.9.0", "03:07:43", "03:12:43"),
    Row("kiosk-eu-0107", "eu-kiosks", "linux", "1.0.0", "0.9.0", "03:07:45", "03:12:45"),
    Row("kiosk-eu-0108", "eu-kiosks", "linux", "2.0.0", "1.0.0", "03:09:12", "03:14:12"),
    Row("kiosk-eu-0109", "eu-kiosks", "android", "1.0.0", "0.9.0", "03:07:48", "03:12:48"),
    Row("kiosk-eu-0110", "eu-kiosks", "android", "2.0.0", "1.0.0", "03:09:16", "03:14:16", idle_wait=0),
    Row("kiosk-eu-0111", "eu-kiosks", "linux", "2.0.0", "1.0.0", "03:00:30", "03:20:30"),
    Row("kiosk-eu-0112", "eu-kiosks", "linux", "2.0.0", "1.0.0", "03:11:19", "03:16:19"),
    Row("kiosk-eu-0114", "eu-kiosks", "linux", "2.0.0", "1.0.0", "03:09:19", "03:14:19", idle_wait=0),
    Row("kiosk-eu-0115", "eu-kiosks", "linux", "1.0.0", "0.9.0", "03:07:50", "03:12:50"),
    Row("kiosk-eu-0116", "eu-kiosks", "android", "2.0.0", "1.0.0", "03:11:24", "03:16:24"),
    Row("kiosk-eu-0117", "eu-kiosks", "linux", "2.0.0", "1.0.0", "02:35:30", None, since="02:34:30"),
    Row("kiosk-eu-0118", "eu-kiosks", "linux", "1.0.0", "0.9.0", "03:07:53", "03:12:53"),
    Row("kiosk-eu-0119", "eu-kiosks", "linux", "2.0.0", "1.0.0", "03:09:25", "03:14:25", crash_guard_for=435),
    Row("kiosk-eu-0120", "eu-kiosks", "android", "1.0.0", "0.9.0", "03:07:56", "03:12:56"),
    Row("kiosk-eu-0121", "eu-kiosks", "android", "2.0.0", "1.0.0", "03:09:23", "03:14:23"),
    Row("kiosk-eu-0122", "eu-kiosks", "linux", "2.0.0", "1.0.0", "02:37:30", "03:38:10", since="02:36:00"),
    Row("kiosk-eu-0123", "eu-kiosks", "linux", "2.0.0", "1.0.0", "03:09:26", "03:14:26"),
    Row("kiosk-eu-0124", "eu-kiosks", "android", "2.0.0", "1.0.0", "03:09:30", "03:14:30"),
    Row("kiosk-eu-0125", "eu-kiosks", "linux", "2.0.0", "1.0.0", "02:40:30", None, since="02:38:30"),
    Row("kiosk-eu-0126", "eu-kiosks", "linux", "1.0.0", "0.9.0", "03:07:58", "03:12:58"),
    Row("kiosk-eu-0127", "eu-kiosks", "linux", "2.0.0", "1.0.0", "03:09:33", "03:14:33"),
    Row("kiosk-eu-0128", "eu-kiosks", "android", "2.0.0", "1.0.0", "03:09:43", "03:14:43"),
    Row("kiosk-eu-0129", "eu-kiosks", "linux", "2.0.0", "1.0.0", "03:11:33", "03:16:33"),
    Row("kiosk-eu-0130", "eu-kiosks", "linux", "2.0.0", "1.0.0", "03:09:47", "03:14:47"),
    Row("kiosk-eu-0131", "eu-kiosks", "linux", "2.0.0", None, "03:09:10", "03:14:10", rate=3.12),
    Row("kiosk-eu-0132", "eu-kiosks", "android", "2.0.0", "1.0.0", "03:09:51", "03:14:51"),
    Row("kiosk-eu-0133", "eu-kiosks", "linux", "2.0.0", None, "03:09:05", "03:14:05", rate=3.14),
    Row("kiosk-eu-0134", "eu-kiosks", "linux", "2.0.0", None, "03:08:50", "03:13:50", rate=4.4),
    Row("kiosk-eu-0135", "eu-kiosks", "linux", "2.0.0", "1.0.0", "03:09:55", "03:14:55"),
    Row("kiosk-eu-0136", "eu-kiosks", "android", "2.0.0", "1.0.0", "03:01:30", "03:21:10"),
    Row("kiosk-eu-0137", "eu-kiosks", "linux", "2.0.0", "1.0.0", "03:11:40", "03:16:40"),
    Row("kiosk-eu-0138", "eu-kiosks", "linux", "2.0.0", "1.0.0", "03:10:00", "03:15:00"),
    Row("kiosk-eu-0139", "eu-kiosks", "android", "2.0.0", "1.0.0", "02:43:30", None, since="02:41:00"),
    Row("kiosk-eu-0140", "eu-kiosks", "linux", "2.0.0", "1.0.0", "03:10:12", "03:15:12", idle_wait=133),
    Row("kiosk-eu-0141", "eu-kiosks", "linux", "2.0.0", "1.0.0", "03:10:30", "03:15:30", idle_wait=135),
    Row("kiosk-us-0201", "us-kiosks", "linux", "1.0.0", "0.9.0", "03:08:01", "03:13:01"),
    Row("kiosk-us-0202", "us-kiosks", "linux", "1.0.0", "0.9.0", "03:08:03", "03:13:03"),
    Row("kiosk-us-0203", "us-kiosks", "linux", "1.0.0", "0.9.0", "03:08:06", "03:13:06"),
    Row("kiosk-us-0204", "us-kiosks", "android", "1.0.0", "0.9.0", "03:08:09", "03:13:09"),
    Row("kiosk-us-0205", "us-kiosks", "linux", "1.0.0", "0.9.0", "03:08:11", "03:13:11"),
    Row("kiosk-us-0206", "us-kiosks", "linux", "1.0.0", "0.9.0", "03:08:14", "03:13:14"),
    Row("kiosk-us-0207", "us-kiosks", "linux", "1.0.0", "0.9.0", "03:08:16", "03:13:16"),
    Row("kiosk-us-0208", "us-kiosks", "android", "1.0.0", "0.9.0", "03:08:19", "03:13:19"),
    Row("kiosk-us-0209", "us-kiosks", "linux", "1.0.0", "0.9.0", "03:08:22", "03:13:22"),
    Row("kiosk-us-0210", "us-kiosks", "linux", "1.0.0", None, "-3d", None),
    Row("kiosk-us-0211", "us-kiosks", "linux", "1.0.0", None, "-5d", None),
    Row("kiosk-us-0212", "us-kiosks", "android", "1.0.0", None, "03:08:24", "03:13:24"),
    Row("kiosk-us-0213", "us-kiosks", "linux", "1.0.0", None, "03:08:27", "03:13:27"),
    Row("kiosk-us-0214", "us-kiosks", "linux", "1.0.0", None, "03:08:29", "03:13:29"),
    Row("kiosk-us-0215", "us-kiosks", "linux", "1.0.0", None, "03:08:32", "03:13:32"),
    Row("kiosk-us-0216", "us-kiosks", "android", "1.0.0", None, "03:08:35", "03:13:35"),
    Row("kiosk-us-0217", "us-kiosks", "linux", "1.0.0", None, "03:08:37", "03:13:37"),
    Row("kiosk-us-0218", "us-kiosks", "linux", "1.0.0", None, "03:08:43", "03:13:43"),
    Row("kiosk-us-0219", "us-kiosks", "linux", "1.0.0", None, "03:08:48", "03:13:48"),
    Row("kiosk-us-0220", "us-kiosks", "android", "1.0.0", None, "03:08:53", "03:13:53"),
    Row("kiosk-us-0221", "us-kiosks", "linux", "1.0.0", None, "03:08:58", "03:13:58"),
    Row("kiosk-us-0222", "us-kiosks", "linux", "1.0.0", None, "03:09:03", "03:14:03"),
    Row("kiosk-us-0223", "us-kiosks", "linux", "1.0.0", None, "03:09:08", "03:14:08"),
    Row("kiosk-us-0224", "us-kiosks", "android", "1.0.0", None, "03:09:13", "03:14:13"),
    Row("kiosk-us-0225", "us-kiosks", "linux", "1.0.0", None, "03:09:18", "03:14:18"),
    Row("kiosk-us-0226", "us-kiosks", "linux", "1.0.0", None, "03:09:23", "03:14:23"),
    Row("kiosk-us-0227", "us-kiosks", "linux", "1.0.0", None, "03:09:28", "03:14:28"),
    Row("kiosk-us-0228", "us-kiosks", "android", "1.0.0", None, "03:09:34", "03:14:34"),
    Row("kiosk-us-0229", "us-kiosks", "linux", "1.0.0", None, "03:09:39", "03:14:39"),
    Row("kiosk-us-0230", "us-kiosks", "linux", "1.0.0", None, "03:01:00", "03:24:00", one_contact=True),
    Row("kiosk-us-0231", "us-kiosks", "linux", "1.0.0", None, "03:00:00", "03:20:00"),
    Row("kiosk-us-0232", "us-kiosks", "android", "1.0.0", None, "03:09:44", "03:14:44"),
    Row("kiosk-us-0233", "us-kiosks", "linux", "1.0.0", None, "03:09:49", "03:14:49"),
    Row("kiosk-us-0234", "us-kiosks", "linux", "1.0.0", None, "03:09:54", "03:14:54"),
    Row("kiosk-us-0235", "us-kiosks", "linux", "1.0.0", None, "03:09:59", "03:14:59"),
    Row("kiosk-us-0236", "us-kiosks", "android", "1.0.0", None, "03:10:04", "03:15:04"),
    Row("kiosk-us-0237", "us-kiosks", "linux", "1.0.0", None, "03:10:09", "03:15:09"),
    Row("kiosk-us-0238", "us-kiosks", "linux", "1.0.0", None, "03:10:14", "03:15:14"),
    Row("kiosk-us-0239", "us-kiosks", "linux", "1.0.0", None, "03:10:19", "03:15:19"),
    Row("kiosk-us-0240", "us-kiosks", "android", "1.0.0", None, "-12d", None, revoked=True),
    Row("kiosk-us-0241", "us-kiosks", "linux", "1.0.0", None, "03:10:25", "03:15:25"),
    Row("kiosk-us-0242", "us-kiosks", "linux", "1.0.0", None, "03:10:30", "03:15:30"),
    Row("kiosk-us-0243", "us-kiosks", "linux", "1.0.0", None, "03:10:35", "03:15:35"),
    Row("kiosk-us-0244", "us-kiosks", "android", "1.0.0", None, "03:10:40", "03:15:40"),
    Row("kiosk-us-0245", "us-kiosks", "linux", "1.0.0", None, "03:10:45", "03:15:45"),
    Row("kiosk-us-0246", "us-kiosks", "linux", "1.0.0", None, "03:10:50", "03:15:50"),
    Row("kiosk-us-0247", "us-kiosks", "linux", "0.9.0", None, "03:08:45", "03:13:45", rate=20.0),
    Row("kiosk-us-0248", "us-kiosks", "android", "0.9.0", None, "03:08:46", "03:13:46", rate=20.0),
    Row("lab-01", "lab", "android", "1.0.0", None, "03:10:55", "03:15:55"),
    Row("lab-02", "lab", "linux", "1.0.0", None, "03:11:00", "03:16:00"),
    Row("lab-03", "lab", "ios", "1.0.0", None, "03:11:05", "03:16:05"),
    Row("lab-04", "lab", "android", "1.0.0", None, "03:11:10", "03:16:10"),
    Row("lab-05", "lab", "linux", "1.0.0", None, "03:11:16", "03:16:16"),
    Row("lab-06", "lab", "ios", "1.0.0", None, "03:11:21", "03:16:21"),
    Row("lab-07", "lab", "android", "1.0.0", None, "02:20:00", "03:30:00"),
    Row("lab-08", "lab", "linux", "1.0.0", None, "03:11:26", "03:16:26"),
    Row("lab-09", "lab", "ios", "1.0.0", None, "03:11:31", "03:16:31"),
    Row("lab-10", "lab", "android", "1.0.0", None, "03:11:36", "03:16:36"),
    Row("lab-11", "lab", "linux", "1.0.0", None, "03:11:41", "03:16:41"),
    Row("lab-12", "lab", "ios", "1.0.0", None, "03:11:46", "03:16:46"),
    Row("lab-13", "lab", "android", "1.0.0", None, "03:11:51", "03:16:51"),
    Row("lab-14", "lab", "linux", "1.0.0", None, "03:11:56", "03:16:56"),
    Row("lab-15", "lab", "ios", "1.0.0", None, "03:12:01", "03:17:01"),
    Row("lab-16", "lab", "android", "1.0.0", None, "03:12:07", "03:17:07"),
    Row("lab-17", "lab", "linux", "1.0.0", None, "03:12:12", "03:17:12"),
    Row("lab-18", "lab", "ios", "0.9.0", None, "03:09:20", "03:14:20", rate=3.0),
)
