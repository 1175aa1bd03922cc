"""What reviewers type, in the words of reviews on public lists, and the lesson that they want.

They were written before the lessons had keywords, and are not taken from their texts.
"""

from __future__ import annotations

QUERIES = [
    ("implicit padding differs on i386", "same-layout-everywhere"),
    ("compat_ioctl", "same-layout-everywhere"),
    ("unsigned long in uapi struct", "same-layout-everywhere"),
    ("copy_struct_from_user", "size-versioned-struct"),
    ("E2BIG", "size-versioned-struct"),
    ("how do we extend this struct later", "size-versioned-struct"),
    ("no flags argument", "flags-argument"),
    ("please add a flags parameter to the syscall", "flags-argument"),
    ("unknown flags are silently ignored", "refuse-unknown-bits"),
    ("flags are not validated, return -EINVAL", "refuse-unknown-bits"),
    ("spare fields for future use", "reserve-room"),
    ("u64_to_user_ptr", "pointers-as-u64"),
    ("user pointer in ioctl struct", "pointers-as-u64"),
    ("O_CLOEXEC", "fd-with-cloexec"),
    ("anon_inode_getfd leaks across exec", "fd-with-cloexec"),
    ("leaks kernel stack to userspace", "zero-what-you-copy-out"),
    ("uninitialised padding infoleak", "zero-what-you-copy-out"),
    ("timespec y2038", "time-in-64-bits"),
    ("CLOCK_MONOTONIC timeout", "time-in-64-bits"),
    ("CAP_SYS_ADMIN", "narrow-privilege"),
    ("which capability should guard this", "narrow-privilege"),
    ("sysfs file prints several values", "one-value-per-file"),
    ("missing ABI entry for a new sysfs attribute", "document-in-abi"),
    ("netlink policy NLA", "netlink-attributes"),
    ("yaml spec for genetlink family", "netlink-attributes"),
    ("ERESTARTSYS", "restartable-or-killable"),
    ("uninterruptible sleep in ioctl", "restartable-or-killable"),
    ("integer overflow in size calculation", "check-overflow"),
    ("user controlled count times sizeof", "check-overflow"),
    ("clean up when the process dies", "lifetime-with-the-fd"),
    ("test the error paths", "test-error-paths"),
    ("man page patch", "man-page-and-linux-api"),
    ("Cc linux-api", "man-page-and-linux-api"),
    ("selftests", "tests-with-the-series"),
    ("kselftest for the new ioctl", "tests-with-the-series"),
    ("where is the userspace consumer", "show-the-user"),
    ("no user-space user", "show-the-user"),
    ("headers_install", "export-the-header"),
    ("uapi header includes kernel internal types", "export-the-header"),
    ("bitfield endianness", "no-bitfields"),
    ("breaks userspace regression", "used-is-abi"),
    ("bisect build broken in the middle", "keep-steps-building"),
    ("probe supported features at runtime", "let-programs-ask"),
    ("version number instead of feature bits", "negotiate-features"),
    ("copied header out of sync", "plan-for-copies"),
    ("le32", "state-units-and-order"),
    ("is this in bytes or pages", "state-units-and-order"),
    ("memory barrier ordering documented", "write-the-rules-down"),
]
"""Each query, and the id of the lesson that is to be among the first three."""

SITUATIONS = [
    ("ioctl padding", "same-layout-everywhere"),
    ("flags argument", "flags-argument"),
    ("sysfs several values", "one-value-per-file"),
    ("compat ioctl", "same-layout-everywhere"),
    ("unknown flags", "refuse-unknown-bits"),
    ("headers_install", "export-the-header"),
    ("userspace consumer", "show-the-user"),
]
"""Seven reviews, each with what its reviewer types first."""
