namespace XenViz.Core.Drivers.Events;

/// <summary>What a guest's FIFO handler reaches of the memory that it shares with Xen, for one vCPU.</summary>
public interface IFifoGuest
{
    /// <summary>Lowers the upcall flag.</summary>
    void LowerUpcall();

    /// <summary>Takes the ready bits of the control block, which are 0 then.</summary>
    uint TakeReady();

    /// <summary>The head of a queue in the control block.</summary>
    uint LoadHead(int queue);

    /// <summary>Clears LINKED and the link of an event word in one atomic step.</summary>
    /// <returns>The word before; 0 for a port that has none.</returns>
    uint Unlink(uint port);

    /// <summary>An event word; 0 for a port that has none.</summary>
    uint LoadWord(uint port);

    /// <summary>Clears PENDING of an event word.</summary>
    void ClearPending(uint port);
}
