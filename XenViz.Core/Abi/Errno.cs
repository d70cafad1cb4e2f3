namespace XenViz.Core.Abi;

/// <summary>Error numbers of hypercalls. A hypercall returns them negated: <c>-Errno.Inval</c>.</summary>
public static class Errno
{
    /// <summary>Not allowed.</summary>
    [Cites("errno.h EPERM")]
    public const int Perm = 1;

    /// <summary>No such entry.</summary>
    [Cites("errno.h ENOENT")]
    public const int NoEnt = 2;

    /// <summary>No such domain.</summary>
    [Cites("errno.h ESRCH")]
    public const int Srch = 3;

    /// <summary>Input or output failed.</summary>
    [Cites("errno.h EIO")]
    public const int Io = 5;

    /// <summary>Too many or too long.</summary>
    [Cites("errno.h E2BIG")]
    public const int TooBig = 7;

    /// <summary>Try again.</summary>
    [Cites("errno.h EAGAIN")]
    public const int Again = 11;

    /// <summary>No memory.</summary>
    [Cites("errno.h ENOMEM")]
    public const int NoMem = 12;

    /// <summary>Not permitted in this state.</summary>
    [Cites("errno.h EACCES")]
    public const int Acces = 13;

    /// <summary>An argument cannot be read or written.</summary>
    [Cites("errno.h EFAULT")]
    public const int Fault = 14;

    /// <summary>In use.</summary>
    [Cites("errno.h EBUSY")]
    public const int Busy = 16;

    /// <summary>Exists already.</summary>
    [Cites("errno.h EEXIST")]
    public const int Exist = 17;

    /// <summary>An argument is wrong.</summary>
    [Cites("errno.h EINVAL")]
    public const int Inval = 22;

    /// <summary>No space left.</summary>
    [Cites("errno.h ENOSPC")]
    public const int NoSpc = 28;

    /// <summary>Out of range.</summary>
    [Cites("errno.h ERANGE")]
    public const int Range = 34;

    /// <summary>No such operation.</summary>
    [Cites("errno.h ENOSYS")]
    public const int NoSys = 38;

    /// <summary>Interrupted: the hypercall goes on later, by itself. Guests never see it.</summary>
    [Cites("errno.h ERESTART")]
    public const int Restart = 85;

    /// <summary>Not supported.</summary>
    [Cites("errno.h EOPNOTSUPP")]
    public const int OpNotSupp = 95;
}
