namespace XenViz.Core.Scenarios.Disk;

/// <summary>
/// The texts on the course's disk. They are data, not interface: their bytes are part of every recorded run.
/// </summary>
static class CourseFiles
{
    /// <summary>What this disk is.</summary>
    public const string ReadMe =
        """
        THE DISK OF THE COURSE

        You read this with a guest that has no disk of its own. Every byte came
        through a split device: a frontend in the guest, a backend in the driver
        domain, one ring page between them, and a grant for each page of data.

        README.TXT   this text
        FIGURE.TXT   the seven steps of one request
        NOTE.TXT     one page at sector 2048, where the figure reads and writes
        LONG.TXT     40 KiB in four pieces; each line says where it lies

        The volume is FAT12. Its clusters have 8 sectors of 512 bytes, so each is
        exactly one page: a request of one segment reads or writes one cluster.
        The disk has 2097152 sectors. All behind the first 4096 of them is zeros.

        """;

    /// <summary>The seven steps of the figure.</summary>
    public const string Figure =
        """
        ONE REQUEST IN SEVEN STEPS

        1  The application gives the frontend a page of its memory. To write, the
           page already holds the data. To read, it waits for them.
        2  The frontend grants the page to the driver domain. Then it writes a
           request with the grant reference into the next free slot of the ring.
        3  The frontend asks the hypervisor to ring the event channel. The bell
           says "look", and nothing else.
        4  The backend wakes, copies the request and lets the hypervisor map the
           granted page into its own address space.
        5  The disk reads or writes that page by DMA. It is the page of the guest
           itself: no processor copies the data.
        6  The backend gives the mapping back, puts a response into the ring and
           rings in the other direction.
        7  The frontend takes the response, withdraws the grant and tells the
           application that the request is complete.

        """;
}
